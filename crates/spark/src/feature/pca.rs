//! `PCAModel`: the principal components of a vector, its dot products with the columns of `pc`.
//!
//! Answers are dense. `explainedVariance` is not needed to score, `k` is the number of columns. The order in which
//! Spark adds up differs between its versions, see `docs/exactness.md`. Spark's `ml/feature/PCA.scala`.

use firesteel_plan::ops::{Linear, Shape, Weights};
use firesteel_plan::{Attributes, BuildError, Builder};

use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec =
    StageSpec { class: "org.apache.spark.ml.feature.PCAModel", since: "1.5.0", load: Pca::load };

struct Pca {
    input: String,
    output: String,
    size: usize,
    components: usize,
    project: Linear,
}

impl Pca {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let data = saved.data("data")?;
        let row = data.only_row()?;
        let pc = row.dense_matrix("pc")?;
        let (size, components) = (pc.rows, pc.cols);
        let turned = (0..components).flat_map(|col| (0..size).map(move |row| row * components + col));
        let weights = turned.map(|at| pc.values[at]).collect();
        let project = Weights::dense(components, size, weights)
            .and_then(|weights| Linear::new(weights, vec![0.0; components], Shape::Vector));
        let project = project.map_err(|why| row.error(why))?;
        let (input, output) = (saved.param("inputCol")?, saved.output_col()?);
        Ok(Box::new(Pca { input, output, size, components, project }))
    }
}

impl Stage for Pca {
    fn expect(&self, builder: &mut Builder) {
        builder.expect_size(&self.input, self.size);
    }

    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        let input = builder.vectors(&self.input)?;
        let components = builder.apply(self.project.clone().into(), &[&input])?;
        builder.fact("components", self.components);
        builder.bind(&self.output, components.with_attributes(Attributes::sized(self.components)))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{Save, golden, vector};

    #[test]
    fn two_components_of_four_slots_in_every_version() {
        for version in ["2.4.8", "3.0.3", "3.5.9", "4.3.0"] {
            let model = golden("PCAModel", version);
            assert_eq!(model.signature().inputs[0].size, Some(4));
            assert_eq!(model.score(vec![("features", vector(&[0.0; 4]))]).vector("pca", 0), [0.0, 0.0]);
        }
    }

    #[test]
    fn a_damaged_matrix_is_refused() {
        let other = Save::golden("StandardScalerModel", "3.5.9").part();
        let error = Save::golden("PCAModel", "3.5.9").with_part(&other).open(&[]).unwrap_err().to_string();
        assert!(error.contains("no column 'pc'"), "{error}");
    }
}
