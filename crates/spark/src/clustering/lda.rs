//! What both kinds of latent Dirichlet allocation do once they are read.

use firesteel_plan::ops::Topics;
use firesteel_plan::{Attributes, BuildError, Builder};

use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::Stage;

/// Java's hash of the name of `LocalLDAModel`.
const SEED: u64 = 1_421_925_485;

/// The share of each topic in a document.
pub(super) struct Lda {
    features_column: String,
    topics_column: String,
    terms: usize,
    count: usize,
    topics: Topics,
}

impl Lda {
    /// A model by its counts, term after term for each topic, and the prior concentration of each topic; `shape` is
    /// that of the random start. The inner error says what does not fit.
    pub(super) fn new(
        saved: &Saved,
        counts: &[f64],
        concentration: Vec<f64>,
        shape: f64,
    ) -> Result<Result<Lda, BuildError>, LoadError> {
        let column = |name: &str, default: &str| saved.param_or(name, default.to_owned());
        let features_column = column("featuresCol", "features")?;
        let topics_column = column("topicDistributionCol", "topicDistribution")?;
        let count = concentration.len();
        let terms = counts.len() / count.max(1);
        let topics = Topics::new(counts, concentration, shape, SEED);
        Ok(topics.map(|topics| Lda { features_column, topics_column, terms, count, topics }))
    }
}

impl Stage for Lda {
    fn expect(&self, builder: &mut Builder) {
        builder.expect_size(&self.features_column, self.terms);
    }

    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        builder.fact("topics", self.count);
        builder.fact("terms", self.terms);
        let features = builder.vectors(&self.features_column)?;
        if self.topics_column.is_empty() {
            return Ok(());
        }
        let topics = builder.apply(self.topics.clone().into(), &[&features])?;
        builder.bind(&self.topics_column, topics.with_attributes(Attributes::sized(self.count)))
    }
}
