//! A model: the whole graph of a saved model, from which plans are cut.

use crate::error::BuildError;
use crate::executor::Plan;
use crate::graph::Graph;
use crate::passes;
use crate::signature::Signature;

/// Where a model came from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ModelInfo {
    /// The model format, such as `spark`.
    pub format: String,
    /// The version of what wrote it, such as `3.5.9`.
    pub version: String,
    /// The class of the outermost stage.
    pub class: String,
    /// The name that the save gives itself.
    pub uid: String,
    /// The bytes of all files of the save.
    pub bytes: u64,
    /// What wrote the folder that the save lies in, such as `mlflow 3.17.2`; empty if the save lies by itself.
    pub packaged_by: String,
    /// A record that the model was saved with to show what it reads, in JSON.
    pub example: Option<String>,
}

/// One stage of a model, for people.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StageInfo {
    /// The stage's place in the pipeline, counted from 0; `1.0` is the first stage of a pipeline at place 1.
    pub place: String,
    /// The stage's class without its package.
    pub class: String,
    /// The name that the save gives the stage.
    pub uid: String,
    /// The columns that the stage reads.
    pub inputs: Vec<String>,
    /// The columns that the stage writes.
    pub outputs: Vec<String>,
    /// What there is to know of the stage's size, as names and values: `trees` and `100`.
    pub facts: Vec<(String, String)>,
}

/// A model ready to be cut into plans.
#[derive(Debug)]
pub struct Model {
    pub(crate) info: ModelInfo,
    pub(crate) stages: Vec<StageInfo>,
    pub(crate) signature: Signature,
    pub(crate) graph: Graph,
}

impl Model {
    /// Where the model came from.
    pub fn info(&self) -> &ModelInfo {
        &self.info
    }

    /// This model with more known of where it came from.
    pub fn with_info(mut self, tell: impl FnOnce(&mut ModelInfo)) -> Model {
        tell(&mut self.info);
        self
    }

    /// The model's stages in order.
    pub fn stages(&self) -> &[StageInfo] {
        &self.stages
    }

    /// What the model reads and writes.
    pub fn signature(&self) -> &Signature {
        &self.signature
    }

    /// The plan that computes `outputs` and nothing else.
    pub fn plan<S: AsRef<str>>(&self, outputs: &[S]) -> Result<Plan, BuildError> {
        let cut = passes::cut(&self.graph, outputs)?;
        Ok(Plan::new(passes::optimize(cut, |_, _| {})))
    }

    /// How the plan that computes `outputs` comes about, for people: its operations as it is cut, then after each pass that
    /// changed them, with the pass's name.
    pub fn explain<S: AsRef<str>>(&self, outputs: &[S]) -> Result<Vec<(&'static str, String)>, BuildError> {
        let cut = passes::cut(&self.graph, outputs)?;
        let mut steps = vec![("cut to the outputs", cut.to_string())];
        passes::optimize(cut, |name, graph| steps.push((name, graph.to_string())));
        Ok(steps)
    }

    /// The plan that computes `outputs` with the operations as they were built, without any pass: to compare with.
    pub fn plan_as_built<S: AsRef<str>>(&self, outputs: &[S]) -> Result<Plan, BuildError> {
        Ok(Plan::new(passes::cut(&self.graph, outputs)?))
    }

    /// The plan that computes every output, as Spark's `transform` does.
    pub fn plan_all(&self) -> Result<Plan, BuildError> {
        let names: Vec<&str> = self.signature.outputs.iter().map(|field| field.name.as_str()).collect();
        self.plan(&names)
    }

    /// The plan that computes the default outputs.
    pub fn plan_default(&self) -> Result<Plan, BuildError> {
        self.plan(&self.signature.default_outputs)
    }
}
