//! `PipelineModel`: stages in order, pipelines among them.
//!
//! Spark's `ml/Pipeline.scala` writes the stages' names into `paramMap.stageUids` and each stage to
//! `stages/<index>_<uid>`, the index padded with zeros to the digits of the number of stages. PySpark writes the
//! same layout under the class `pyspark.ml.pipeline.PipelineModel` when a stage is not a plain Java one, as a
//! pipeline in a pipeline is not.

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

/// How many pipelines may lie in each other, and how many stages there may be in all.
const MAX_DEPTH: usize = 32;
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
        let spec = spec.ok_or_else(|| saved.error(support::refuse(saved.metadata().class())))?;
        let info = StageInfo {
            place: if saved.place().is_empty() { "0".to_owned() } else { saved.place().to_owned() },
            class: short_class(saved.metadata().class()).to_owned(),
            uid: saved.uid().to_owned(),
            ..StageInfo::default()
        };
        self.loaded.push(Loaded {
            info,
            origin: saved.bundle().origin().to_owned(),
            stage: (spec.load)(saved)?,
        });
        Ok(())
    }

    fn add_pipeline(&mut self, saved: &Saved, depth: usize) -> Result<(), LoadError> {
        let uids: Vec<String> = saved.param("stageUids")?;
        let stages = saved.bundle().dir("stages");
        for (index, uid) in uids.iter().enumerate() {
            let place = match saved.place() {
                "" => index.to_string(),
                outer => format!("{outer}.{index}"),
            };
            let folder = folder(&stages, index, uids.len(), uid).ok_or_else(|| {
                let found = stages.dirs().iter().take(20).map(String::as_str).collect::<Vec<_>>().join(", ");
                saved.error(Problem::Metadata(format!(
                    "stageUids names '{uid}' at {place}, but there is no folder 'stages/{}'; there is {}",
                    folder_name(index, uids.len(), uid),
                    if found.is_empty() { "none" } else { &found },
                )))
            })?;
            self.add(&Saved::read(folder, place)?, depth + 1)?;
        }
        Ok(())
    }
}

/// A stage's folder as Spark names it; however many zeros it is padded with.
fn folder(stages: &Bundle, index: usize, count: usize, uid: &str) -> Option<Bundle> {
    let exact = stages.dir(&folder_name(index, count, uid));
    if exact.exists() {
        return Some(exact);
    }
    let same = |name: &String| {
        name.split_once('_').is_some_and(|(number, rest)| rest == uid && number.parse() == Ok(index))
    };
    stages.dirs().iter().find(|name| same(name)).map(|name| stages.dir(name))
}

fn folder_name(index: usize, count: usize, uid: &str) -> String {
    let width = count.to_string().len();
    format!("{index:0width$}_{uid}")
}
