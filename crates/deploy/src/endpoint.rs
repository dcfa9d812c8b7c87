//! One endpoint: a name, the path of a model, and the model in use.

use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwapOption;
use firesteel_bundle::{Fingerprint, Limits};
use tokio::task;

use crate::error::Error;
use crate::loaded::{Loaded, Version};
use crate::scorer::{Home, Scorer};
use crate::settings::{Loader, Settings};
use crate::statistics::Statistics;

/// Whether an endpoint answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// A model is in use; `refused` tells why a newer one is not.
    Ready {
        /// What is wrong with the newer files, if they were tried and refused.
        refused: Option<String>,
    },
    /// The first model is being loaded.
    Loading,
    /// There is no model.
    Unavailable {
        /// Why not.
        reason: String,
    },
}

/// What is known beside the model itself.
#[derive(Debug)]
struct Status {
    loading: bool,
    /// Why there is no model, or why the newest files are not in use; empty when there is nothing to say.
    reason: String,
    /// What the files looked like that were last tried, whether they were taken or refused.
    tried: Option<Fingerprint>,
    /// Whether the endpoint was unloaded by request, so that changed files do not bring it back.
    unloaded: bool,
    /// The number of models loaded so far.
    count: u64,
}

/// A model by name.
#[derive(Debug)]
pub struct Endpoint {
    name: Arc<str>,
    path: PathBuf,
    loader: Loader,
    settings: Arc<Settings>,
    statistics: Arc<Statistics>,
    loaded: ArcSwapOption<Loaded>,
    status: Mutex<Status>,
    /// Held while the model is changed, so that changes come one after another.
    changing: tokio::sync::Mutex<()>,
}

impl Endpoint {
    pub(crate) fn new(name: &str, path: PathBuf, loader: Loader, settings: Arc<Settings>) -> Endpoint {
        let statistics = Arc::new(Statistics::new(settings.clock.clone()));
        let reason = "it was not loaded yet".to_owned();
        Endpoint {
            name: name.into(),
            path,
            loader,
            settings,
            statistics,
            loaded: ArcSwapOption::empty(),
            status: Mutex::new(Status { loading: false, reason, tried: None, unloaded: false, count: 0 }),
            changing: tokio::sync::Mutex::new(()),
        }
    }

    /// The endpoint's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where its model lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its counts and times.
    pub fn statistics(&self) -> &Statistics {
        &self.statistics
    }

    /// The model in use.
    pub fn loaded(&self) -> Result<Arc<Loaded>, Error> {
        self.loaded.load_full().ok_or_else(|| {
            let status = self.status();
            let reason = if status.loading { "it is being loaded".to_owned() } else { status.reason.clone() };
            Error::NotLoaded { name: self.name.to_string(), reason }
        })
    }

    /// Checks that `asked`, a version in a request's path, is in use.
    pub fn expect_version(&self, asked: &str) -> Result<(), Error> {
        let current = self.loaded()?.version().number;
        if asked.parse() == Ok(current) {
            return Ok(());
        }
        Err(Error::UnknownVersion { name: self.name.to_string(), asked: asked.to_owned(), current })
    }

    /// The scorer of the model in use for these outputs; for its default outputs if none are named.
    pub fn scorer(&self, outputs: &[&str]) -> Result<Arc<Scorer>, Error> {
        match &*self.loaded.load() {
            Some(loaded) => loaded.scorer(outputs),
            None => self.loaded()?.scorer(outputs),
        }
    }

    /// Whether it answers, and if not, why.
    pub fn state(&self) -> State {
        let ready = self.loaded.load().is_some();
        let status = self.status();
        match (ready, status.loading) {
            (true, _) => State::Ready { refused: (!status.reason.is_empty()).then(|| status.reason.clone()) },
            (false, true) => State::Loading,
            (false, false) => State::Unavailable { reason: status.reason.clone() },
        }
    }

    /// Loads the model from its files, beside the one in use, and puts it in its place. If the files are refused,
    /// the one in use stays.
    pub async fn load(self: &Arc<Self>) -> Result<Arc<Loaded>, Error> {
        self.change(Loaded::prepare).await
    }

    /// Loads the model as the server starts, which is ready the sooner: without what large batches alone need. [`Fleet`]
    /// makes that when it [prepares](crate::Fleet::prepare), or the first such batch does.
    ///
    /// [`Fleet`]: crate::Fleet
    pub async fn start(self: &Arc<Self>) -> Result<Arc<Loaded>, Error> {
        self.change(|_| {}).await
    }

    /// Loads the model and puts it in use once `before_use` is through with it.
    async fn change(self: &Arc<Self>, before_use: fn(&Loaded)) -> Result<Arc<Loaded>, Error> {
        let _changing = self.changing.lock().await;
        self.status().loading = true;
        let this = Arc::clone(self);
        let opened = task::spawn_blocking(move || this.open(before_use)).await;
        let opened = opened.unwrap_or_else(|_| (None, Err("loading was stopped".to_owned())));
        self.take(opened)
    }

    /// Makes what the first large batch to the model in use would have to wait for, if it is not there.
    pub(crate) async fn prepare(&self) {
        if let Some(loaded) = self.loaded.load_full() {
            // What is not made here is made by the batch that needs it.
            task::spawn_blocking(move || loaded.prepare()).await.ok();
        }
    }

    /// Takes the model out of use; running requests end with it.
    pub async fn unload(&self) {
        let _changing = self.changing.lock().await;
        self.loaded.store(None);
        let mut status = self.status();
        status.unloaded = true;
        status.reason = "it was unloaded".to_owned();
        tracing::info!(model = %self.name, "model unloaded");
    }

    /// What the files looked like that were last tried.
    pub(crate) fn tried(&self) -> Option<Fingerprint> {
        self.status().tried.clone()
    }

    /// Whether changed files are to be followed.
    pub(crate) fn follows(&self) -> bool {
        !self.status().unloaded
    }

    /// Opens and compiles the model; blocks.
    fn open(&self, before_use: fn(&Loaded)) -> (Option<Fingerprint>, Result<Loaded, String>) {
        let before = Fingerprint::of(&self.path, &Limits::default()).ok();
        let opened = panic::catch_unwind(AssertUnwindSafe(|| {
            let model = self.loader.open(&self.path).map_err(|error| tell(error.as_ref()))?;
            let version = Version { number: self.status().count + 1, uid: model.info().uid.clone() };
            let home = Home {
                name: Arc::clone(&self.name),
                version,
                settings: Arc::clone(&self.settings),
                statistics: Arc::clone(&self.statistics),
                inputs: model.signature().inputs.iter().map(|field| field.name.clone()).collect(),
            };
            let loaded = Loaded::new(model, Arc::new(home)).map_err(|error| error.to_string())?;
            before_use(&loaded);
            Ok(loaded)
        }));
        (before, opened.unwrap_or_else(|_| Err("loading panicked; please report this".to_owned())))
    }

    /// Puts an opened model in use, or notes why it is not.
    fn take(
        &self,
        (tried, opened): (Option<Fingerprint>, Result<Loaded, String>),
    ) -> Result<Arc<Loaded>, Error> {
        let mut status = self.status();
        status.loading = false;
        status.tried = tried;
        match opened {
            Ok(loaded) => {
                let loaded = Arc::new(loaded);
                status.count = loaded.version().number;
                status.unloaded = false;
                status.reason.clear();
                self.loaded.store(Some(Arc::clone(&loaded)));
                let Version { number, uid } = loaded.version();
                tracing::info!(model = %self.name, version = number, uid, "model loaded");
                Ok(loaded)
            }
            Err(reason) => {
                let kept = self.loaded.load().as_ref().map(|loaded| loaded.version().number);
                tracing::warn!(model = %self.name, kept, reason, "model refused");
                status.reason.clone_from(&reason);
                Err(Error::Refused { name: self.name.to_string(), reason, kept })
            }
        }
    }

    fn status(&self) -> MutexGuard<'_, Status> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An error with what caused it.
fn tell(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}
