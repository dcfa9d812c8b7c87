//! A loaded model with the scorers that were made for it.

use std::collections::VecDeque;
use std::sync::{Arc, PoisonError, RwLock};

use firesteel_plan::Model;

use crate::error::Error;
use crate::scorer::{Home, Scorer};

/// The most sets of outputs for which a compiled plan is kept; the oldest makes room.
const MAX_SCORERS: usize = 32;

/// Which model is in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Counts the models that this endpoint has had, from 1.
    pub number: u64,
    /// The name that the save gives itself; empty if it gives none.
    pub uid: String,
}

/// One loaded model. It lives until the last request that reads it has ended.
#[derive(Debug)]
pub struct Loaded {
    model: Model,
    home: Arc<Home>,
    usual: Arc<Scorer>,
    /// By the names of their outputs, oldest first.
    others: RwLock<VecDeque<(String, Arc<Scorer>)>>,
}

impl Loaded {
    pub(crate) fn new(model: Model, home: Arc<Home>) -> Result<Loaded, Error> {
        let usual = compile(&home, model.plan_default())?;
        Ok(Loaded { model, home, usual, others: RwLock::default() })
    }

    /// The model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Which model this is.
    pub fn version(&self) -> &Version {
        &self.home.version
    }

    /// Makes what the first large batch would have to wait for; blocks.
    pub(crate) fn prepare(&self) {
        self.usual.plan.prepare();
    }

    /// The scorer for these outputs; for the default outputs if none are named.
    pub fn scorer<S: AsRef<str>>(&self, outputs: &[S]) -> Result<Arc<Scorer>, Error> {
        if outputs.is_empty() {
            return Ok(Arc::clone(&self.usual));
        }
        let names: Vec<&str> = outputs.iter().map(AsRef::as_ref).collect();
        let key = names.join("\n");
        let kept = self.others.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, scorer)) = kept.iter().find(|(kept, _)| *kept == key) {
            return Ok(Arc::clone(scorer));
        }
        drop(kept);
        let scorer = compile(&self.home, self.model.plan(&names))?;
        let mut kept = self.others.write().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, first)) = kept.iter().find(|(kept, _)| *kept == key) {
            return Ok(Arc::clone(first));
        }
        if kept.len() == MAX_SCORERS {
            kept.pop_front();
        }
        kept.push_back((key, Arc::clone(&scorer)));
        Ok(scorer)
    }
}

fn compile(
    home: &Arc<Home>,
    plan: Result<firesteel_plan::Plan, firesteel_plan::BuildError>,
) -> Result<Arc<Scorer>, Error> {
    let plan = plan.map_err(|error| Error::Outputs(error.to_string()))?;
    Ok(Arc::new(Scorer::new(plan, Arc::clone(home))))
}
