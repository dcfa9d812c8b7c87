//! `ElementwiseProduct`: multiplies each slot by a number of its own (`scalingVec`).
//!
//! Rows keep their form, whatever the form of `scalingVec`. Spark's `ml/feature/ElementwiseProduct.scala`.

use std::sync::Arc;

use firesteel_plan::ops::Scale;
use firesteel_plan::{Attributes, BuildError, Builder};

use crate::error::LoadError;
use crate::param::VectorParam;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.feature.ElementwiseProduct",
    since: "1.4.0",
    load: ElementwiseProduct::load,
};

struct ElementwiseProduct {
    input: String,
    output: String,
    factors: Arc<[f64]>,
}

impl ElementwiseProduct {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let VectorParam { values: factors, zeros } = saved.param("scalingVec")?;
        let too_many = |reason| saved.invalid("scalingVec", reason, "vectors that are less sparse");
        saved.allowance().zeros(zeros).map_err(too_many)?;
        let (input, output) = (saved.param("inputCol")?, saved.output_col()?);
        Ok(Box::new(ElementwiseProduct { input, output, factors: factors.into() }))
    }
}

impl Stage for ElementwiseProduct {
    fn expect(&self, builder: &mut Builder) {
        builder.expect_size(&self.input, self.factors.len());
    }

    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        let input = builder.vectors(&self.input)?;
        let scale = Scale { shift: None, factor: Some(Arc::clone(&self.factors)) };
        let product = builder.apply(scale.into(), &[&input])?;
        builder.fact("size", self.factors.len());
        builder.bind(&self.output, product.with_attributes(Attributes::sized(self.factors.len())))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{save, vector};

    #[test]
    fn the_scaling_vector_is_dense_or_sparse() {
        for scaling in [
            r#"{"type":1,"values":[2.0,0.0,-0.5]}"#,
            r#"{"type":0,"size":3,"indices":[0,2],"values":[2.0,-0.5]}"#,
        ] {
            let params = format!(r#"{{"inputCol":"v","outputCol":"o","scalingVec":{scaling}}}"#);
            let model = save("ElementwiseProduct", "3.5.9", &params).open(&[]).unwrap();
            let row = model.score(vec![("v", vector(&[1.0, 5.0, 1.0]))]).vector("o", 0);
            assert_eq!(row, [2.0, 0.0, -0.5]);
        }
    }

    #[test]
    fn a_vector_that_is_none_is_refused() {
        for scaling in [
            "[1.0]",
            r#"{"type":1,"values":["Infinity"]}"#,
            r#"{"type":2,"values":[]}"#,
            r#"{"type":0,"size":2,"indices":[2],"values":[1.0]}"#,
            r#"{"type":0,"size":2,"indices":[1,0],"values":[1.0,1.0]}"#,
            r#"{"type":0,"size":2,"indices":[0,1],"values":[1.0]}"#,
            r#"{"type":0,"size":2147483647,"indices":[],"values":[]}"#,
            r#"{"type":0,"size":-1,"indices":[],"values":[]}"#,
        ] {
            let params = format!(r#"{{"inputCol":"v","scalingVec":{scaling}}}"#);
            let error = save("ElementwiseProduct", "3.5.9", &params).open(&[]).unwrap_err().to_string();
            assert!(error.contains("'scalingVec'") && error.contains("expected a vector"), "{error}");
        }
    }
}
