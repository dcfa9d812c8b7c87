//! What may be set, and what comes from outside: how a model is opened, and the clock.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, SystemTime};

use firesteel_formats::OpenOptions;
use firesteel_plan::Model;

/// How an endpoint scores.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The most rows that requests are joined to.
    pub max_batch_size: usize,
    /// How long a request waits for others to join when it is not alone. With zero, only requests that wait anyway
    /// are joined.
    pub max_batch_delay: Duration,
    /// The most requests that wait at one scorer; the next one is refused.
    pub max_queue: usize,
    /// How many batches of one scorer run at the same time.
    pub lanes: usize,
    /// The time of day, for the time of the last prediction.
    pub clock: Clock,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            max_batch_size: 256,
            max_batch_delay: Duration::ZERO,
            max_queue: 1024,
            lanes: thread::available_parallelism().map_or(1, |cores| cores.get()),
            clock: Clock::system(),
        }
    }
}

/// Tells the time of day.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> SystemTime + Send + Sync>);

impl Clock {
    /// The machine's clock.
    pub fn system() -> Clock {
        Clock::new(SystemTime::now)
    }

    /// A clock that `now` tells.
    pub fn new(now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Clock {
        Clock(Arc::new(now))
    }

    /// The time of day.
    pub fn now(&self) -> SystemTime {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

type LoadError = Box<dyn std::error::Error + Send + Sync>;

/// Opens the model at a path; blocks while it reads.
#[derive(Clone)]
pub struct Loader(Arc<dyn Fn(&Path) -> Result<Model, LoadError> + Send + Sync>);

impl Loader {
    /// A loader that opens models by `open`.
    pub fn new(open: impl Fn(&Path) -> Result<Model, LoadError> + Send + Sync + 'static) -> Loader {
        Loader(Arc::new(open))
    }

    /// A loader of every model format.
    pub fn of_formats(options: OpenOptions) -> Loader {
        Loader::new(move |path| Ok(firesteel_formats::open(path, &options)?))
    }

    pub(crate) fn open(&self, path: &Path) -> Result<Model, LoadError> {
        (self.0)(path)
    }
}

impl fmt::Debug for Loader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Loader")
    }
}
