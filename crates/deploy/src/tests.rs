//! Tests of fleet, endpoint, scorer and watcher together, on a small model that a text file describes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use firesteel_plan::ops::{Assemble, HandleInvalid, Scale, SparseRule};
use firesteel_plan::{Batch, Builder, Column, Model, ModelInfo, StageInfo};

use crate::{Answer, Endpoint, Error, Fleet, Loader, Scorer, Settings, State, Watcher};

/// Opens the "model" in the file `factor` of a folder: `[a, b] · factor`; `2 skip` drops rows with NaN.
fn open(path: &Path) -> Result<Model, Box<dyn std::error::Error + Send + Sync>> {
    let text = fs::read_to_string(path.join("factor"))?;
    let (factor, skip) = text.split_once(' ').map_or((text.as_str(), false), |(factor, _)| (factor, true));
    let factor: f64 = factor.trim().parse()?;
    assert!(factor != 13.0, "unlucky");
    let mut builder = Builder::new(BTreeMap::new());
    builder.stage(StageInfo { place: "0".into(), class: "VectorAssembler".into(), ..StageInfo::default() });
    let inputs = [builder.doubles("a", true)?, builder.doubles("b", true)?];
    let handle_invalid = if skip { HandleInvalid::Skip } else { HandleInvalid::Error };
    let assemble = Assemble { handle_invalid, sizes: vec![Some(1), Some(1)], rule: SparseRule::Ratio };
    let features = builder.apply(assemble.into(), &[&inputs[0], &inputs[1]])?;
    let scale = Scale { shift: None, factor: Some(Arc::from([factor, factor])) };
    let scaled = builder.apply(scale.into(), &[&features])?;
    builder.bind("features", features)?;
    builder.bind("scaled", scaled)?;
    Ok(builder.finish(ModelInfo { uid: format!("factor_{factor}"), ..ModelInfo::default() })?)
}

struct Served {
    fleet: Fleet,
    endpoint: Arc<Endpoint>,
    folder: tempfile::TempDir,
}

impl Served {
    fn write(&self, text: &str) {
        fs::write(self.folder.path().join("factor"), text).unwrap();
    }
}

async fn serve(text: &str, settings: Settings) -> Served {
    let folder = tempfile::tempdir().unwrap();
    let fleet = Fleet::new(Loader::new(open), settings);
    let endpoint = fleet.add("m", folder.path().to_path_buf());
    let served = Served { fleet, endpoint, folder };
    served.write(text);
    served.endpoint.load().await.unwrap();
    served
}

fn batch(a: &[f64]) -> Batch {
    Batch::new(a.len(), vec![Column::from_doubles(a.to_vec()), Column::from_doubles(vec![1.0; a.len()])])
}

/// The first slot of the answered vectors.
fn firsts(answer: &Answer) -> Vec<f64> {
    let scaled = answer.scored.columns.last().unwrap().as_vectors().unwrap();
    scaled.iter().map(|row| row.unwrap().values()[0]).collect()
}

fn one_lane(delay: Duration) -> Settings {
    Settings { lanes: 1, max_batch_delay: delay, ..Settings::default() }
}

/// Takes every lane of a scorer, so that requests queue.
fn block(scorer: &Scorer) {
    scorer.lock().running = usize::MAX / 2;
}

/// Gives the lanes back as a request that ends does.
fn unblock(scorer: &Arc<Scorer>) {
    scorer.lock().running = 1;
    scorer.leave();
}

/// Waits until `count` requests wait.
async fn queued(scorer: &Scorer, count: usize) {
    while scorer.lock().waiting.len() < count {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_lone_request_runs_at_once_even_with_a_delay() {
    let served = serve("2", one_lane(Duration::from_secs(3600))).await;
    let answer = served.endpoint.scorer(&[]).unwrap().score(batch(&[3.0, 4.0]), None).await.unwrap();
    assert_eq!(firsts(&answer), [6.0, 8.0]);
    assert_eq!(answer.batch_rows, 2);
}

#[tokio::test]
async fn requests_that_wait_are_joined_and_split_again() {
    let served = serve("2 skip", one_lane(Duration::ZERO)).await;
    let scorer = served.endpoint.scorer(&[]).unwrap();
    block(&scorer);
    let ask = |rows: &[f64]| {
        let (scorer, batch) = (Arc::clone(&scorer), batch(rows));
        tokio::spawn(async move { scorer.score(batch, None).await })
    };
    let first = ask(&[1.0, f64::NAN, 2.0]);
    queued(&scorer, 1).await;
    let second = ask(&[f64::NAN]);
    queued(&scorer, 2).await;
    let third = ask(&[5.0, 6.0]);
    queued(&scorer, 3).await;
    unblock(&scorer);
    let (first, second, third) = (first.await.unwrap(), second.await.unwrap(), third.await.unwrap());
    let (first, second, third) = (first.unwrap(), second.unwrap(), third.unwrap());
    assert_eq!(first.scored.places(), [Some(0), None, Some(1)]);
    assert_eq!(firsts(&first), [2.0, 4.0]);
    assert_eq!((second.scored.rows(), second.scored.places()), (0, vec![None]));
    assert_eq!(firsts(&third), [10.0, 12.0]);
    assert_eq!((third.scored.places(), third.batch_rows), (vec![Some(0), Some(1)], 6));
    assert_eq!(served.endpoint.statistics().snapshot().execution_count, 1);
}

#[tokio::test]
async fn a_bad_row_fails_only_its_own_request() {
    let served = serve("2", one_lane(Duration::ZERO)).await;
    let scorer = served.endpoint.scorer(&[]).unwrap();
    block(&scorer);
    let ask = |rows: &[f64]| {
        let (scorer, batch) = (Arc::clone(&scorer), batch(rows));
        tokio::spawn(async move { scorer.score(batch, None).await })
    };
    let good = ask(&[1.0]);
    queued(&scorer, 1).await;
    let bad = ask(&[7.0, f64::NAN]);
    queued(&scorer, 2).await;
    unblock(&scorer);
    assert_eq!(firsts(&good.await.unwrap().unwrap()), [2.0]);
    match bad.await.unwrap() {
        Err(Error::Row(row)) => assert_eq!((row.row, row.column.as_str()), (1, "a")),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_not_alone_waits_for_others() {
    let settings = Settings { max_batch_size: 3, lanes: 2, ..one_lane(Duration::from_secs(60)) };
    let served = serve("2", settings).await;
    let scorer = served.endpoint.scorer(&[]).unwrap();
    scorer.lock().running = 1;
    let ask = |rows: &[f64]| {
        let (scorer, batch) = (Arc::clone(&scorer), batch(rows));
        tokio::spawn(async move { scorer.score(batch, None).await })
    };
    let started = tokio::time::Instant::now();
    let (first, second) = (ask(&[1.0]), ask(&[2.0, 3.0]));
    assert_eq!(first.await.unwrap().unwrap().batch_rows, 3);
    assert_eq!(firsts(&second.await.unwrap().unwrap()), [4.0, 6.0]);
    assert!(started.elapsed() < Duration::from_secs(1), "a full batch does not wait");
    let third = ask(&[4.0]);
    assert_eq!(firsts(&third.await.unwrap().unwrap()), [8.0]);
    assert!(started.elapsed() >= Duration::from_secs(60), "a batch that does not fill waits for the delay");
}

#[tokio::test(start_paused = true)]
async fn queue_and_deadline_have_limits() {
    let served = serve("2", Settings { max_queue: 1, ..one_lane(Duration::ZERO) }).await;
    let scorer = served.endpoint.scorer(&[]).unwrap();
    block(&scorer);
    let late = {
        let (scorer, deadline) = (Arc::clone(&scorer), Instant::now() + Duration::from_millis(20));
        tokio::spawn(async move { scorer.score(batch(&[1.0]), Some(deadline)).await })
    };
    queued(&scorer, 1).await;
    assert!(matches!(scorer.score(batch(&[1.0]), None).await, Err(Error::Busy { waiting: 1, .. })));
    assert!(matches!(late.await.unwrap(), Err(Error::Deadline { .. })));
    // Whoever went away while waiting is not run.
    unblock(&scorer);
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert_eq!(served.endpoint.statistics().snapshot().execution_count, 0);
    let queue = scorer.lock();
    assert_eq!((queue.running, queue.waiting.len()), (0, 0));
}

#[tokio::test]
async fn long_batches_run_in_pieces_with_the_same_answer() {
    let served = serve("2 skip", Settings::default()).await;
    let scorer = served.endpoint.scorer(&["scaled"]).unwrap();
    let rows: Vec<f64> =
        (0..40_000).map(|row| if row % 1000 == 7 { f64::NAN } else { f64::from(row) }).collect();
    let answer = scorer.score(batch(&rows), None).await.unwrap();
    assert_eq!(answer.scored.rows(), 39_960);
    let places = answer.scored.places();
    let values = firsts(&answer);
    for (row, place) in places.iter().enumerate() {
        assert_eq!(place.map(|place| values[place]), (row % 1000 != 7).then_some(2.0 * row as f64));
    }
    let past = Instant::now();
    assert!(matches!(scorer.score(batch(&rows), Some(past)).await, Err(Error::Deadline { .. })));
}

#[tokio::test]
async fn plans_are_cut_to_the_outputs_and_kept() {
    let served = serve("2", Settings::default()).await;
    let loaded = served.endpoint.loaded().unwrap();
    let features = loaded.scorer(&["features"]).unwrap();
    assert_eq!(features.outputs().len(), 1);
    assert!(Arc::ptr_eq(&features, &loaded.scorer(&["features"]).unwrap()));
    let error = loaded.scorer(&["nope"]).unwrap_err().to_string();
    assert!(error.contains("nope") && error.contains("scaled"), "{error}");
    for _ in 0..100 {
        let both = ["features", "scaled"];
        assert_eq!(loaded.scorer(&both).unwrap().outputs().len(), 2);
    }
}

#[tokio::test]
async fn a_bad_new_model_is_refused_and_the_old_one_stays() {
    let served = serve("2", Settings::default()).await;
    for (text, reason) in [("what", "invalid float"), ("13", "panicked")] {
        served.write(text);
        let error = served.endpoint.load().await.unwrap_err().to_string();
        assert!(error.contains(reason) && error.contains("version 1 stays"), "{error}");
        let State::Ready { refused: Some(refused) } = served.endpoint.state() else { panic!("not ready") };
        assert!(refused.contains(reason), "{refused}");
        let answer = served.endpoint.scorer(&[]).unwrap().score(batch(&[3.0]), None).await.unwrap();
        assert_eq!(firsts(&answer), [6.0]);
    }
    served.write("5");
    assert_eq!(served.endpoint.load().await.unwrap().version().number, 2);
    assert_eq!(served.endpoint.state(), State::Ready { refused: None });
}

#[tokio::test]
async fn names_are_told_where_they_are_wrong() {
    let served = serve("2", Settings::default()).await;
    assert!(served.fleet.is_ready() && served.fleet.sole().is_ok());
    let error = served.fleet.endpoint("x").unwrap_err().to_string();
    assert_eq!(error, "there is no model 'x'; models: m");
    served.fleet.add("n", PathBuf::from("/nowhere"));
    assert!(!served.fleet.is_ready());
    assert!(served.fleet.sole().unwrap_err().to_string().contains("models: m, n"));
    served.endpoint.expect_version("1").unwrap();
    assert!(served.endpoint.expect_version("2").is_err());
    served.endpoint.unload().await;
    let error = served.endpoint.scorer(&[]).unwrap_err().to_string();
    assert_eq!(error, "model 'm' is not loaded: it was unloaded");
    assert_eq!(served.fleet.index()[0].state, State::Unavailable { reason: "it was unloaded".into() });
}

#[tokio::test]
async fn the_watcher_follows_a_folder_once_changes_have_settled() {
    let models = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        fs::create_dir_all(models.path().join(name)).unwrap();
        fs::write(models.path().join(name).join("factor"), text).unwrap();
    };
    write("a", "1");
    write(".hidden", "1");
    fs::write(models.path().join("notes.txt"), "no model").unwrap();
    let fleet = Fleet::new(Loader::new(open), Settings::default());
    let mut watcher = Watcher::new(fleet.clone(), Some(models.path().to_path_buf()));
    watcher.start().await.unwrap();
    assert_eq!(fleet.index().len(), 1);
    let version =
        |name: &str| fleet.endpoint(name).unwrap().loaded().map(|loaded| loaded.version().uid.clone());
    assert_eq!(version("a").unwrap(), "factor_1");
    watcher.look().await;
    watcher.look().await;
    assert_eq!(fleet.endpoint("a").unwrap().loaded().unwrap().version().number, 1, "nothing changed");

    write("a", "2.50");
    write("b", "4");
    watcher.look().await;
    assert_eq!(version("a").unwrap(), "factor_1", "a change must be stable for one interval");
    write("a", "2.5");
    watcher.look().await;
    watcher.look().await;
    assert_eq!(version("a").unwrap(), "factor_2.5");
    assert_eq!(version("b").unwrap(), "factor_4");

    write("a", "broken");
    watcher.look().await;
    watcher.look().await;
    let refused = fleet.endpoint("a").unwrap().state();
    assert!(matches!(&refused, State::Ready { refused: Some(reason) } if reason.contains("invalid float")));
    assert_eq!(version("a").unwrap(), "factor_2.5");

    fs::remove_dir_all(models.path().join("a")).unwrap();
    watcher.look().await;
    assert!(fleet.endpoint("a").is_err());
    fleet.endpoint("b").unwrap().unload().await;
    write("b", "4.5");
    watcher.look().await;
    watcher.look().await;
    assert!(version("b").is_err(), "what was unloaded by request stays so");
}

#[tokio::test(flavor = "multi_thread")]
async fn swaps_under_load_fail_no_request() {
    let served = serve("2", Settings { lanes: 1, ..Settings::default() }).await;
    let stop = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let clients: Vec<_> = (0..8)
        .map(|client| {
            let (endpoint, stop) = (Arc::clone(&served.endpoint), Arc::clone(&stop));
            tokio::spawn(async move {
                let mut asked = 0;
                while !stop.load(std::sync::atomic::Ordering::Relaxed) || asked < 10 {
                    let value = f64::from(client) + 1.0;
                    let scorer = endpoint.scorer(&[]).unwrap();
                    let factor: f64 = scorer.version().uid.trim_start_matches("factor_").parse().unwrap();
                    let answer = scorer.score(batch(&[value, -value]), None).await.unwrap();
                    assert_eq!(firsts(&answer), [factor * value, -factor * value]);
                    asked += 1;
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    for factor in 3..12 {
        served.write(&factor.to_string());
        served.endpoint.load().await.unwrap();
    }
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    for client in clients {
        client.await.unwrap();
    }
}
