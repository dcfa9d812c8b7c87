//! Follows changed files: new, changed and removed models, by comparing fingerprints about once a second.
//!
//! A change counts once it has been the same for one whole interval, so that a half-copied model is not tried. Files
//! that were refused are tried again when they change again. No notification service is used: polling also works on
//! network file systems and on Kubernetes' mounted links.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use firesteel_bundle::{Fingerprint, Limits};
use tokio::{task, time};

use crate::endpoint::Endpoint;
use crate::fleet::Fleet;

/// The endings of archives that are models.
const ARCHIVES: &[&str] = &[".zip", ".tar.gz", ".tgz", ".tar"];

/// Follows the files of a fleet's models, and a folder of models.
#[derive(Debug)]
pub struct Watcher {
    fleet: Fleet,
    folder: Option<PathBuf>,
    /// What changed files looked like at the last look, by endpoint.
    seen: BTreeMap<String, Option<Fingerprint>>,
    /// The endpoints that were found in the folder.
    found: BTreeSet<String>,
}

impl Watcher {
    /// A watcher of the models in `fleet`, and of every model in `folder`.
    pub fn new(fleet: Fleet, folder: Option<PathBuf>) -> Watcher {
        Watcher { fleet, folder, seen: BTreeMap::new(), found: BTreeSet::new() }
    }

    /// Adds and loads every model that is in the folder now.
    pub async fn start(&mut self) -> std::io::Result<()> {
        if let Some(folder) = self.folder.clone() {
            for endpoint in self.adopt(list(&folder)?) {
                let _ = endpoint.start().await;
            }
        }
        Ok(())
    }

    /// Looks every `interval`, for ever.
    pub async fn run(mut self, interval: Duration) {
        loop {
            time::sleep(interval).await;
            self.look().await;
        }
    }

    /// Looks once: loads what has changed and has not changed since the last look.
    pub async fn look(&mut self) {
        if let Some(folder) = self.folder.clone()
            && let Ok(Ok(listed)) = task::spawn_blocking(move || list(&folder)).await
        {
            self.forget_missing(&listed);
            self.adopt(listed);
        }
        for endpoint in self.fleet.endpoints() {
            self.follow(&endpoint).await;
        }
    }

    async fn follow(&mut self, endpoint: &Arc<Endpoint>) {
        let path = endpoint.path().to_path_buf();
        let now = task::spawn_blocking(move || Fingerprint::of(&path, &Limits::default()).ok()).await;
        let now = now.ok().flatten();
        if !endpoint.follows() || now.is_none() || now == endpoint.tried() {
            self.seen.remove(endpoint.name());
            return;
        }
        if self.seen.get(endpoint.name()) == Some(&now) {
            self.seen.remove(endpoint.name());
            let _ = endpoint.load().await;
        } else {
            self.seen.insert(endpoint.name().to_owned(), now);
        }
    }

    /// Adds an endpoint for each model that has none yet.
    fn adopt(&mut self, listed: BTreeMap<String, PathBuf>) -> Vec<Arc<Endpoint>> {
        let mut added = Vec::new();
        for (name, path) in listed {
            if self.fleet.endpoint(&name).is_err() {
                added.push(self.fleet.add(&name, path));
                self.found.insert(name);
            }
        }
        added
    }

    /// Removes the endpoints whose models have gone from the folder.
    fn forget_missing(&mut self, listed: &BTreeMap<String, PathBuf>) {
        let fleet = &self.fleet;
        self.found.retain(|name| {
            let stays = listed.contains_key(name);
            if !stays {
                tracing::info!(model = name, "model removed: its files have gone");
                fleet.remove(name);
            }
            stays
        });
    }
}

/// The models in a folder by name: its sub-folders and archives, less hidden ones.
fn list(folder: &Path) -> std::io::Result<BTreeMap<String, PathBuf>> {
    let mut listed = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(file_name) = entry.file_name().into_string() else { continue };
        if file_name.starts_with(['.', '_']) {
            continue;
        }
        let archive = ARCHIVES.iter().find_map(|ending| file_name.strip_suffix(ending));
        let name = match archive {
            Some(stem) => stem.to_owned(),
            None if entry.path().is_dir() => file_name,
            None => continue,
        };
        listed.entry(name).or_insert_with(|| entry.path());
    }
    Ok(listed)
}
