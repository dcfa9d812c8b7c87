//! `PipelineModel`: stages in order, pipelines among them.
//!
//! Spark's `ml/Pipeline.scala` writes the stages' names into `paramMap.stageUids` and each stage to
//! `stages/<index>_<uid>`, the index padded with zeros to the digits of the number of stages. PySpark writes the
//! same layout under the class `pyspark.ml.pipeline.PipelineModel` when a stage is not a plain Java one, as a
//! pipeline in a pipeline is not.

use std::collections::HashMap;

use firesteel_bundle::Bundle;
use firesteel_plan::StageInfo;

use crate::error::{LoadError, Problem};
use crate::metadata::short_class;
use crate::saved::Saved;
use crate::stage::Stage;
use crate::support;

/// The classes of a fitted pipeline, as Spark and as PySpark write it.
pub(crate) const CLASSES: [&str; 2] =
    ["org.apache.spark.ml.PipelineModel", "pyspark.ml.pipeline.PipelineModel"];

/// The first Spark that had pipelines.
pub(crate) const SINCE: &str = "1.2.0";

/// How many pipelines may lie in each other, and how many stages there may be in all.
const MAX_DEPTH: usize = 16;
const MAX_STAGES: usize = 10_000;

/// A stage that was read, with what there is to say about it.
pub(crate) struct Loaded {
    pub(crate) info: StageInfo,
    pub(crate) origin: String,
    pub(crate) stage: Box<dyn Stage>,
}

/// Reads the stages of `saved` in the order in which they run: its own if it is a pipeline, else itself.
pub(crate) fn load(saved: &Saved) -> Result<Vec<Loaded>, LoadError> {
    let mut stages = Stages { loaded: Vec::new(), seen: 0 };
    stages.add(saved, 0)?;
    Ok(stages.loaded)
}

struct Stages {
    loaded: Vec<Loaded>,
    seen: usize,
}

impl Stages {
    fn add(&mut self, saved: &Saved, depth: usize) -> Result<(), LoadError> {
        self.seen += 1;
        if depth > MAX_DEPTH || self.seen > MAX_STAGES {
            let reason = format!(
                "pipelines lie more than {MAX_DEPTH} deep in each other or have more than {MAX_STAGES} stages in all; \
                 does a folder contain itself?"
            );
            return Err(saved.error(Problem::Nesting(reason)));
        }
        if CLASSES.contains(&saved.metadata().class()) {
            return self.add_pipeline(saved, depth);
        }
        let spec = support::find(saved.metadata().class());
        let spec =
            spec.ok_or_else(|| saved.error(support::refuse(saved.metadata().class(), saved.version())))?;
        let info = StageInfo {
            place: if saved.place().is_empty() { "0".to_owned() } else { saved.place().to_owned() },
            class: short_class(saved.metadata().class()).to_owned(),
            uid: saved.uid().to_owned(),
            ..StageInfo::default()
        };
        let stage = (spec.load)(saved)?;
        if let Some(folder) = stage.inside() {
            self.add(&saved.inner(saved.bundle().dir(folder), saved.place().to_owned())?, depth + 1)?;
        }
        self.loaded.push(Loaded { info, origin: saved.bundle().origin().to_owned(), stage });
        Ok(())
    }

    fn add_pipeline(&mut self, saved: &Saved, depth: usize) -> Result<(), LoadError> {
        let uids: Vec<String> = saved.param("stageUids")?;
        let stages = saved.bundle().dir("stages");
        let folders = stages.dirs();
        let numbered: HashMap<(usize, &str), &str> =
            folders.iter().filter_map(|name| Some((numbered(name)?, name.as_str()))).collect();
        for (index, uid) in uids.iter().enumerate() {
            let place = match saved.place() {
                "" => index.to_string(),
                outer => format!("{outer}.{index}"),
            };
            let named = numbered.get(&(index, uid.as_str())).map(|name| stages.dir(name));
            let exact = || Some(stages.dir(&folder_name(index, uids.len(), uid))).filter(Bundle::exists);
            let folder = named.or_else(exact).ok_or_else(|| {
                let found = folders.iter().take(20).map(String::as_str).collect::<Vec<_>>().join(", ");
                saved.error(Problem::Metadata(format!(
                    "stageUids names '{uid}' at {place}, but there is no folder 'stages/{}'; there is {}",
                    folder_name(index, uids.len(), uid),
                    if found.is_empty() { "none" } else { &found },
                )))
            })?;
            self.add(&saved.inner(folder, place)?, depth + 1)?;
        }
        Ok(())
    }
}

/// The number and the name of the stage whose folder this is, however many zeros the number is padded with.
fn numbered(folder: &str) -> Option<(usize, &str)> {
    let (number, uid) = folder.split_once('_')?;
    Some((number.parse().ok()?, uid))
}

/// A stage's folder as Spark names it.
fn folder_name(index: usize, count: usize, uid: &str) -> String {
    let width = count.to_string().len();
    format!("{index:0width$}_{uid}")
}

#[cfg(test)]
mod tests {
    use crate::testing::{Opened, Save, doubles, of_class, save};
    use crate::{LoadError, Problem};

    fn bucketizer(uid: &str, input: &str, output: &str) -> Save {
        let params =
            format!(r#"{{"inputCol":"{input}","outputCol":"{output}","splits":["-Inf",0.0,"Inf"]}}"#);
        save("Bucketizer", "3.5.9", &params).named(uid)
    }

    fn refused(save: Save) -> LoadError {
        save.open(&[]).unwrap_err()
    }

    fn places(model: &Opened) -> Vec<&str> {
        model.stages().iter().map(|stage| stage.place.as_str()).collect()
    }

    #[test]
    fn a_single_stage_opens_without_a_pipeline() {
        let model = bucketizer("b", "x", "y").open(&[]).unwrap();
        assert_eq!(
            (places(&model), model.info().class.as_str()),
            (vec!["0"], "org.apache.spark.ml.feature.Bucketizer")
        );
    }

    #[test]
    fn stages_of_nested_pipelines_run_in_order() {
        let inner = Save::pipeline("3.5.9", vec![bucketizer("b", "x1", "x2"), bucketizer("c", "x2", "x3")]);
        let outer = Save::pipeline(
            "3.5.9",
            vec![bucketizer("a", "x", "x1"), inner.named("inner"), bucketizer("d", "x3", "x4")],
        );
        let model = outer.open(&[]).unwrap();
        assert_eq!(places(&model), ["0", "1.0", "1.1", "2"]);
        assert_eq!(model.score(vec![("x", doubles(&[Some(-1.0), Some(1.0)]))]).doubles("x1"), [0.0, 1.0]);
        assert_eq!(model.signature().default_outputs, ["x4"]);
    }

    #[test]
    fn eleven_stages_have_folders_of_two_digits() {
        let stages =
            (0..11).map(|at| bucketizer(&format!("b{at}"), &format!("x{at}"), &format!("x{}", at + 1)));
        let model = Save::pipeline("3.5.9", stages.collect()).open(&[]).unwrap();
        assert_eq!(places(&model).last(), Some(&"10"));
    }

    #[test]
    fn a_refusal_names_the_stage_and_its_place() {
        let stranger = of_class("org.apache.spark.ml.feature.Stranger", "s", "3.5.9", "{}");
        let error = refused(Save::pipeline("3.5.9", vec![bucketizer("a", "x", "y"), stranger]));
        assert_eq!((error.place.as_str(), error.class.as_str(), error.uid.as_str()), ("1", "Stranger", "s"));
        assert!(error.to_string().starts_with("save!/stages/1_s: stage 1 Stranger s: class"), "{error}");
        assert!(error.to_string().contains("VectorAssembler"), "{error}");
    }

    #[test]
    fn a_missing_stage_is_named() {
        let pipeline = Save::pipeline("3.5.9", vec![bucketizer("a", "x", "y"), bucketizer("b", "y", "z")]);
        let error = refused(pipeline.without("stages/1_b")).to_string();
        assert!(error.contains("no folder 'stages/1_b'; there is 0_a"), "{error}");
    }

    #[test]
    fn an_unfitted_pipeline_says_what_to_save() {
        for version in ["2.4.8", "3.0.3", "3.5.9", "4.3.0"] {
            let error = refused(Save::golden("Pipeline_unfitted", version)).to_string();
            assert!(error.contains("pipeline.fit(data).write().save(path)"), "{error}");
        }
        let estimator = of_class("org.apache.spark.ml.feature.StringIndexer", "s", "3.5.9", "{}");
        let error = refused(Save::pipeline("3.5.9", vec![estimator]));
        assert!(matches!(*error.problem, Problem::Unfitted { .. }) && error.place == "0", "{error}");
    }

    #[test]
    fn versions_that_are_not_read_are_refused() {
        for (version, expected) in
            [("5.0.0", "a future version"), ("1.6.3", "newer Spark"), ("soon", "'sparkVersion' is")]
        {
            let error = refused(save("Tokenizer", version, r#"{"inputCol":"a"}"#)).to_string();
            assert!(error.contains(expected) && error.contains("Tokenizer_1"), "{error}");
        }
    }

    #[test]
    fn pipelines_too_deep_are_refused() {
        let mut nested = bucketizer("a", "x", "y");
        for level in 0..16 {
            nested = Save::pipeline("3.5.9", vec![nested]).named(&format!("p{level}"));
        }
        assert_eq!(places(&nested.clone().open(&[]).unwrap()), [vec!["0"; 16].join(".")]);
        let error = refused(Save::pipeline("3.5.9", vec![nested]));
        assert!(matches!(*error.problem, Problem::Nesting(_)), "{error}");
    }
}
