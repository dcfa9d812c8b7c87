//! Values of parameters, from the JSON that Spark encodes them in.
//!
//! Spark's `ml/param/params.scala` (`jsonEncode`): doubles that are not finite are the texts `"NaN"`, `"Inf"` and
//! `"-Inf"`, alone and in lists; everything else is plain JSON.

use serde_json::Value;

/// A type that a parameter, or a key of a class's own, may have.
pub(crate) trait Param: Sized {
    /// The type in words, for errors.
    const EXPECTED: &'static str;

    /// The value, if it is of this type.
    fn from_json(value: &Value) -> Option<Self>;
}

impl Param for String {
    const EXPECTED: &'static str = "a text";

    fn from_json(value: &Value) -> Option<String> {
        value.as_str().map(str::to_owned)
    }
}

impl Param for bool {
    const EXPECTED: &'static str = "true or false";

    fn from_json(value: &Value) -> Option<bool> {
        value.as_bool()
    }
}

impl Param for f64 {
    const EXPECTED: &'static str = "a number";

    fn from_json(value: &Value) -> Option<f64> {
        match value {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => match text.as_str() {
                "NaN" => Some(f64::NAN),
                "Inf" => Some(f64::INFINITY),
                "-Inf" => Some(f64::NEG_INFINITY),
                _ => None,
            },
            _ => None,
        }
    }
}

impl Param for i32 {
    const EXPECTED: &'static str = "a whole number of 32 bits";

    fn from_json(value: &Value) -> Option<i32> {
        value.as_i64().and_then(|number| i32::try_from(number).ok())
    }
}

impl Param for usize {
    const EXPECTED: &'static str = "a whole number from 0 on";

    fn from_json(value: &Value) -> Option<usize> {
        i32::from_json(value).and_then(|number| usize::try_from(number).ok())
    }
}

/// A vector, written out in full: `{"type":1,"values":[…]}` or `{"type":0,"size":n,"indices":[…],"values":[…]}`.
///
/// What is not finite Spark writes as a text that it then cannot read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct VectorParam {
    /// Every value.
    pub(crate) values: Vec<f64>,
    /// How many of them were not written.
    pub(crate) zeros: usize,
}

/// The largest size that a vector may have: a sparse one says it in a word.
const MAX_SIZE: usize = 1 << 24;

impl Param for VectorParam {
    const EXPECTED: &'static str = "a vector";

    fn from_json(value: &Value) -> Option<VectorParam> {
        let values: Option<Vec<f64>> = value.get("values")?.as_array()?.iter().map(Value::as_f64).collect();
        let values = values?;
        if value.get("type")?.as_i64()? == 1 {
            return Some(VectorParam { values, zeros: 0 });
        }
        let sparse = value.get("type")?.as_i64()? == 0;
        let size = usize::from_json(value.get("size")?).filter(|&size| sparse && size <= MAX_SIZE)?;
        let indices = Vec::<i32>::from_json(value.get("indices")?)?;
        if indices.len() != values.len() || !indices.is_sorted_by(|one, next| one < next) {
            return None;
        }
        let zeros = size.checked_sub(values.len())?;
        let mut written = vec![0.0; size];
        for (index, value) in indices.into_iter().zip(values) {
            *written.get_mut(usize::try_from(index).ok()?)? = value;
        }
        Some(VectorParam { values: written, zeros })
    }
}

macro_rules! list_params {
    ($($item:ty => $expected:literal),+ $(,)?) => {
        $(impl Param for Vec<$item> {
            const EXPECTED: &'static str = $expected;

            fn from_json(value: &Value) -> Option<Vec<$item>> {
                value.as_array()?.iter().map(<$item>::from_json).collect()
            }
        })+
    };
}

list_params! {
    String => "a list of texts",
    f64 => "a list of numbers",
    i32 => "a list of whole numbers of 32 bits",
    Vec<f64> => "a list of lists of numbers",
}

/// The value as an error shows it; long values are cut.
pub(crate) fn show(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

const MAX_SHOWN: usize = 80;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_that_are_not_finite_are_texts() {
        assert_eq!(f64::from_json(&json!("-Inf")), Some(f64::NEG_INFINITY));
        assert!(f64::from_json(&json!("NaN")).is_some_and(f64::is_nan));
        assert_eq!(f64::from_json(&json!("1")), None);
        assert_eq!(
            Vec::<f64>::from_json(&json!(["-Inf", -0.5, 1])),
            Some(vec![f64::NEG_INFINITY, -0.5, 1.0])
        );
    }

    #[test]
    fn whole_numbers_keep_to_32_bits() {
        assert_eq!(i32::from_json(&json!(-7)), Some(-7));
        assert_eq!(i32::from_json(&json!(3_000_000_000_u32)), None);
        assert_eq!(i32::from_json(&json!(1.5)), None);
        assert_eq!(usize::from_json(&json!(-1)), None);
    }

    #[test]
    fn a_list_is_of_one_type() {
        assert_eq!(Vec::<String>::from_json(&json!(["a", "b"])), Some(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(Vec::<String>::from_json(&json!(["a", 1])), None);
    }
}
