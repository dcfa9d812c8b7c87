//! `Normalizer`: divides each vector by its `p`-norm (default 2); `p` of infinity is the largest magnitude.
//!
//! A vector of norm 0 stays as it is, and rows keep their form. Powers other than 1, 2 and infinity are those of
//! the platform, which may differ from Java's in the last bit. Spark's `ml/feature/Normalizer.scala`.

use firesteel_plan::ops::Divide;
use firesteel_plan::{Attributes, BuildError, Builder};

use super::columns::expect_same_size;
use crate::error::LoadError;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec =
    StageSpec { class: "org.apache.spark.ml.feature.Normalizer", since: "1.4.0", load: Normalizer::load };

struct Normalizer {
    input: String,
    output: String,
    p: f64,
}

impl Normalizer {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let p = saved.param_or("p", 2.0)?;
        if p.is_nan() || p < 1.0 {
            return Err(saved.invalid("p", p, "a number from 1 on"));
        }
        Ok(Box::new(Normalizer { input: saved.param("inputCol")?, output: saved.output_col()?, p }))
    }
}

impl Stage for Normalizer {
    fn expect(&self, builder: &mut Builder) {
        expect_same_size(builder, &self.input, &self.output);
    }

    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        let input = builder.vectors(&self.input)?;
        let attributes = input.attributes().size().map_or(Attributes::None, Attributes::sized);
        let normed = builder.apply(Divide::Norm(self.p).into(), &[&input])?;
        builder.fact("p", self.p);
        builder.bind(&self.output, normed.with_attributes(attributes))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{Save, save, vector};

    #[test]
    fn the_norm_is_two_by_default() {
        let model = save("Normalizer", "3.5.9", r#"{"inputCol":"v","outputCol":"o"}"#).open(&[]).unwrap();
        assert_eq!(model.score(vec![("v", vector(&[3.0, -4.0]))]).vector("o", 0), [0.6, -0.8]);
    }

    #[test]
    fn a_later_stage_tells_the_size() {
        let params = r#"{"inputCols":["a","b","c","d"],"outputCol":"v"}"#;
        let assembler = save("VectorAssembler", "3.5.9", params);
        let normalizer = save("Normalizer", "3.5.9", r#"{"inputCol":"v","outputCol":"features"}"#);
        let scaler = Save::golden("StandardScalerModel", "3.5.9");
        let model = Save::pipeline("3.5.9", vec![assembler, normalizer, scaler]).open(&[]).unwrap();
        assert_eq!(model.signature().inputs[0].to_string(), "a: double");
    }

    #[test]
    fn a_norm_below_one_is_refused() {
        for p in ["0.5", "\"NaN\"", "-1.0"] {
            let params = format!(r#"{{"inputCol":"v","p":{p}}}"#);
            let error = save("Normalizer", "3.5.9", &params).open(&[]).unwrap_err().to_string();
            assert!(error.contains("'p'") && error.contains("expected a number from 1 on"), "{error}");
        }
    }
}
