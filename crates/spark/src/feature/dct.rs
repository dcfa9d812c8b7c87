//! `DCT`: the discrete cosine transform of a vector (DCT-II), or with `inverse` the way back (DCT-III).
//!
//! Both are orthonormal, and answers are dense. They have the bits of the fast transforms of JTransforms, which Spark
//! calls, for every size. A vector without slots, or with more than 16384, is refused. Spark's `ml/feature/DCT.scala`.

use firesteel_plan::ops::Cosine;
use firesteel_plan::{Attributes, BuildError, Builder};

use super::columns::expect_same_size;
use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec =
    StageSpec { class: "org.apache.spark.ml.feature.DCT", since: "1.5.0", load: Dct::load };

struct Dct {
    input: String,
    output: String,
    transform: Cosine,
}

impl Dct {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let transform = Cosine { inverse: saved.param_or("inverse", false)? };
        Ok(Box::new(Dct { input: saved.param("inputCol")?, output: saved.output_col()?, transform }))
    }
}

impl Stage for Dct {
    fn expect(&self, builder: &mut Builder) {
        expect_same_size(builder, &self.input, &self.output);
    }

    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        let input = builder.vectors(&self.input)?;
        let attributes = input.attributes().size().map_or(Attributes::None, Attributes::sized);
        let transformed = builder.apply(self.transform.clone().into(), &[&input])?;
        builder.bind(&self.output, transformed.with_attributes(attributes))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{save, vector};

    #[test]
    fn the_inverse_turns_back() {
        let pipeline = crate::testing::Save::pipeline(
            "3.5.9",
            vec![
                save("DCT", "3.5.9", r#"{"inputCol":"v","outputCol":"w"}"#).named("there"),
                save("DCT", "3.5.9", r#"{"inputCol":"w","outputCol":"o","inverse":true}"#).named("back"),
            ],
        );
        let row = pipeline.open(&[]).unwrap().score(vec![("v", vector(&[1.0, 2.0, 4.0]))]).vector("o", 0);
        assert!(row.iter().zip([1.0, 2.0, 4.0]).all(|(ours, given)| (ours - given).abs() < 1e-12), "{row:?}");
    }

    #[test]
    fn a_param_of_another_type_is_refused() {
        let error =
            save("DCT", "3.5.9", r#"{"inputCol":"v","inverse":1}"#).open(&[]).unwrap_err().to_string();
        assert!(error.contains("'inverse' is 1, expected true or false"), "{error}");
    }
}
