//! The seam of a Spark stage: one `STAGE` const, a loader, and what the loaded stage does while a plan is built.

use firesteel_plan::{BuildError, Builder};

use crate::error::LoadError;
use crate::saved::Saved;

/// A Spark class that this crate reads.
pub(crate) struct StageSpec {
    /// The class with its package, as `class` in the metadata has it.
    pub(crate) class: &'static str,
    /// The first Spark that had the class.
    pub(crate) since: &'static str,
    /// Reads the stage from its folder and checks everything in it.
    pub(crate) load: fn(&Saved) -> Result<Box<dyn Stage>, LoadError>,
}

/// A stage that was read.
pub(crate) trait Stage {
    /// The folder in the stage's own that holds a model which runs before the stage; most stages have none.
    fn inside(&self) -> Option<&'static str> {
        None
    }

    /// Says which sizes of vectors the stage expects in which columns, before any stage is lowered. It is asked twice,
    /// in the order of the stages and then against it.
    fn expect(&self, _builder: &mut Builder) {}

    /// Adds the stage's operations and names their results.
    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError>;
}
