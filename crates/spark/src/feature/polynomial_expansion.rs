//! `PolynomialExpansion`: all products of the slots of a vector up to a `degree` (default 2).
//!
//! `[a, b]` becomes `[a, a², b, ab, b²]`; a sparse row stays sparse. A row with more than 2²⁶ products is refused.
//! Spark's `ml/feature/PolynomialExpansion.scala`.

use firesteel_plan::ops::Expand;
use firesteel_plan::{Attributes, BuildError, Builder};

use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.feature.PolynomialExpansion",
    since: "1.4.0",
    load: PolynomialExpansion::load,
};

struct PolynomialExpansion {
    input: String,
    output: String,
    expand: Expand,
}

impl PolynomialExpansion {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let degree: usize = saved.param_or("degree", 2)?;
        if degree == 0 {
            return Err(saved.invalid("degree", degree, "a number from 1 on"));
        }
        let (input, output) = (saved.param("inputCol")?, saved.output_col()?);
        Ok(Box::new(PolynomialExpansion { input, output, expand: Expand { degree } }))
    }
}

impl Stage for PolynomialExpansion {
    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        let input = builder.vectors(&self.input)?;
        let size = input.attributes().size().and_then(|size| self.expand.size(size));
        let expanded = builder.apply(self.expand.clone().into(), &[&input])?;
        builder.fact("degree", self.expand.degree);
        builder.bind(&self.output, expanded.with_attributes(size.map_or(Attributes::None, Attributes::sized)))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{save, vector};

    #[test]
    fn the_degree_is_two_by_default() {
        let model = save("PolynomialExpansion", "3.5.9", r#"{"inputCol":"v","outputCol":"o"}"#).open(&[]);
        let row = model.unwrap().score(vec![("v", vector(&[2.0, 3.0]))]).vector("o", 0);
        assert_eq!(row, [2.0, 4.0, 3.0, 6.0, 9.0]);
    }

    #[test]
    fn no_degree_is_refused() {
        let error =
            save("PolynomialExpansion", "3.5.9", r#"{"inputCol":"v","degree":0}"#).open(&[]).unwrap_err();
        assert!(error.to_string().contains("'degree' is 0, expected a number from 1 on"), "{error}");
    }
}
