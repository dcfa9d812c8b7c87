//! Whose bits the answers have where products are added up.

use std::fmt;
use std::str::FromStr;

/// The order in which dot products and matrix products are added.
///
/// Spark's versions differ in it, and so in the last bits. See `docs/exactness.md`, "Bit-exact mode".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Exactness {
    /// The fastest order, within 1e-13 of every Spark's.
    #[default]
    Fast,
    /// That of Spark 3.2 to 3.5 as it comes: Java 11 or newer, without Java's vector module.
    Spark35,
    /// That of Spark 4 as it comes: with Java's vector module, on a processor with vectors of eight doubles (AVX-512).
    Spark4,
    /// The same on a processor with vectors of four doubles (AVX2).
    Spark4Avx2,
}

impl Exactness {
    /// The Sparks that there are names for, as a user writes them.
    pub const NAMES: [&str; 3] = ["spark-3.5", "spark-4", "spark-4-avx2"];
}

impl FromStr for Exactness {
    type Err = String;

    fn from_str(text: &str) -> Result<Exactness, String> {
        match text {
            "spark-3.5" => Ok(Exactness::Spark35),
            "spark-4" => Ok(Exactness::Spark4),
            "spark-4-avx2" => Ok(Exactness::Spark4Avx2),
            _ => Err(format!("unknown Spark '{text}'; expected {}", Exactness::NAMES.join(" or "))),
        }
    }
}

impl fmt::Display for Exactness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Exactness::Fast => "fast",
            Exactness::Spark35 => "spark-3.5",
            Exactness::Spark4 => "spark-4",
            Exactness::Spark4Avx2 => "spark-4-avx2",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_and_written_alike() {
        for name in Exactness::NAMES {
            assert_eq!(name.parse::<Exactness>().unwrap().to_string(), name);
        }
        let error = "spark-2".parse::<Exactness>().unwrap_err();
        assert!(error.contains("spark-2") && error.contains("spark-3.5 or spark-4"), "{error}");
    }
}
