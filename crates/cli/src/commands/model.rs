//! Opens the model that a command names.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use firesteel_formats::OpenOptions;
use firesteel_plan::{ColumnType, Declared, Exactness, Model};

use crate::failure::Failure;

/// The model and what is known of its inputs.
#[derive(Debug, Args)]
pub(crate) struct ModelArguments {
    /// The saved model: a folder, .zip, .tar.gz or .tar
    model: PathBuf,
    /// The type of an input column, such as age:int or features:vector; once for each column
    #[arg(long, value_name = "NAME:TYPE", value_parser = name_and_type)]
    input_type: Vec<(String, ColumnType)>,
    #[command(flatten)]
    exact: ExactArgument,
}

/// Whose last bits the answers have.
#[derive(Debug, Args)]
pub(crate) struct ExactArgument {
    /// Add products in the order of this Spark, to its last bits, and slower [default: within 1e-13 of every Spark]
    #[arg(
        long = "exact",
        value_name = "SPARK",
        value_parser = PossibleValuesParser::new(Exactness::NAMES).try_map(|name| name.parse::<Exactness>())
    )]
    spark: Option<Exactness>,
}

impl ExactArgument {
    /// The order in which products are added.
    pub(crate) fn exactness(&self) -> Exactness {
        self.spark.unwrap_or_default()
    }
}

impl ModelArguments {
    /// Where the model lies.
    pub(crate) fn path(&self) -> &Path {
        &self.model
    }

    /// The types that the user declared.
    pub(crate) fn types(&self) -> BTreeMap<String, ColumnType> {
        self.input_type.iter().cloned().collect()
    }

    /// The order in which products are added.
    pub(crate) fn exactness(&self) -> Exactness {
        self.exact.exactness()
    }

    /// The model, given what the data declares; the types that the user declared go before.
    pub(crate) fn open(&self, mut declared: Declared) -> Result<Model, Failure> {
        declared.types.extend(self.types());
        declared.exactness = self.exactness();
        firesteel_formats::open(&self.model, &OpenOptions { declared }).map_err(Failure::from_error)
    }
}

/// Reads `NAME:TYPE`.
pub(crate) fn name_and_type(text: &str) -> Result<(String, ColumnType), String> {
    let (name, column_type) = text.rsplit_once(':').ok_or("expected NAME:TYPE, such as age:int")?;
    Ok((name.to_owned(), column_type.parse()?))
}

#[cfg(test)]
mod tests {
    use clap::{Command, FromArgMatches};

    use super::*;

    #[test]
    fn a_spark_is_named_or_none() {
        let parse = |arguments: &[&str]| {
            let command = ExactArgument::augment_args(Command::new("firesteel"));
            let matches = command.try_get_matches_from([&["firesteel"], arguments].concat());
            matches.and_then(|matches| ExactArgument::from_arg_matches(&matches))
        };
        assert_eq!(parse(&[]).unwrap().exactness(), Exactness::Fast);
        assert_eq!(parse(&["--exact", "spark-3.5"]).unwrap().exactness(), Exactness::Spark35);
        assert_eq!(parse(&["--exact=spark-4"]).unwrap().exactness(), Exactness::Spark4);
        let refused = parse(&["--exact", "spark-2"]).unwrap_err().to_string();
        assert!(refused.contains("spark-3.5, spark-4"), "{refused}");
    }

    #[test]
    fn names_may_hold_colons() {
        assert_eq!(name_and_type("a:b:int").unwrap(), ("a:b".to_owned(), ColumnType::Int));
        assert_eq!(name_and_type("w:array<string>").unwrap().1, ColumnType::strings());
        assert!(name_and_type("age").unwrap_err().contains("NAME:TYPE"));
        assert!(name_and_type("age:number").unwrap_err().contains("unknown type 'number'"));
    }
}
