//! All endpoints by name.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;

use crate::endpoint::{Endpoint, State};
use crate::error::Error;
use crate::loaded::Version;
use crate::settings::{Loader, Settings};

type Endpoints = BTreeMap<String, Arc<Endpoint>>;

/// One line of the index.
#[derive(Clone, Debug)]
pub struct Listing {
    /// The endpoint's name.
    pub name: String,
    /// The model in use, if there is one.
    pub version: Option<Version>,
    /// Whether it answers, and if not, why.
    pub state: State,
}

/// The endpoints that this process serves. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Fleet {
    loader: Loader,
    settings: Arc<Settings>,
    endpoints: Arc<ArcSwap<Endpoints>>,
    changing: Arc<Mutex<()>>,
}

impl Fleet {
    /// A fleet without endpoints, whose models `loader` opens.
    pub fn new(loader: Loader, settings: Settings) -> Fleet {
        Fleet {
            loader,
            settings: Arc::new(settings),
            endpoints: Arc::new(ArcSwap::from_pointee(Endpoints::new())),
            changing: Arc::default(),
        }
    }

    /// How its endpoints score.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Adds an endpoint, not loaded yet; one of the same name is replaced.
    pub fn add(&self, name: &str, path: PathBuf) -> Arc<Endpoint> {
        let endpoint = Arc::new(Endpoint::new(name, path, self.loader.clone(), Arc::clone(&self.settings)));
        self.change(|endpoints| {
            endpoints.insert(name.to_owned(), Arc::clone(&endpoint));
        });
        endpoint
    }

    /// Takes an endpoint away; running requests end with it.
    pub fn remove(&self, name: &str) {
        self.change(|endpoints| {
            endpoints.remove(name);
        });
    }

    /// The endpoint of this name.
    pub fn endpoint(&self, name: &str) -> Result<Arc<Endpoint>, Error> {
        let endpoints = self.endpoints.load();
        endpoints
            .get(name)
            .cloned()
            .ok_or_else(|| Error::UnknownModel { name: name.to_owned(), known: known(&endpoints) })
    }

    /// The only endpoint, for requests that name none.
    pub fn sole(&self) -> Result<Arc<Endpoint>, Error> {
        let endpoints = self.endpoints.load();
        match endpoints.values().next() {
            Some(only) if endpoints.len() == 1 => Ok(Arc::clone(only)),
            _ => Err(Error::NoSoleModel { known: known(&endpoints) }),
        }
    }

    /// Every endpoint, by name.
    pub fn endpoints(&self) -> Vec<Arc<Endpoint>> {
        self.endpoints.load().values().cloned().collect()
    }

    /// Every endpoint with its state, by name.
    pub fn index(&self) -> Vec<Listing> {
        let listing = |endpoint: &Arc<Endpoint>| Listing {
            name: endpoint.name().to_owned(),
            version: endpoint.loaded().ok().map(|loaded| loaded.version().clone()),
            state: endpoint.state(),
        };
        self.endpoints.load().values().map(listing).collect()
    }

    /// Makes what the first large batch to each model in use would have to wait for, one model after another.
    pub async fn prepare(&self) {
        for endpoint in self.endpoints() {
            endpoint.prepare().await;
        }
    }

    /// Whether every endpoint answers, and there is one.
    pub fn is_ready(&self) -> bool {
        let endpoints = self.endpoints.load();
        !endpoints.is_empty()
            && endpoints.values().all(|endpoint| matches!(endpoint.state(), State::Ready { .. }))
    }

    fn change(&self, change: impl FnOnce(&mut Endpoints)) {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut endpoints = Endpoints::clone(&self.endpoints.load());
        change(&mut endpoints);
        self.endpoints.store(Arc::new(endpoints));
    }
}

/// The most names listed in an error.
const MAX_KNOWN: usize = 20;

fn known(endpoints: &Endpoints) -> String {
    let mut names: Vec<&str> = endpoints.keys().take(MAX_KNOWN).map(String::as_str).collect();
    match (names.as_slice(), endpoints.len() - names.len()) {
        ([], _) => "no model is served".to_owned(),
        (_, 0) => format!("models: {}", names.join(", ")),
        (_, more) => {
            let and_more = format!("and {more} more");
            names.push(&and_more);
            format!("models: {}", names.join(", "))
        }
    }
}
