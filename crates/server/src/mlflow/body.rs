//! The JSON of `/invocations`: which form the input has, and which outputs are asked for.

use firesteel_deploy::Scorer;
use firesteel_plan::{Batch, Field};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::columns::{entries, read_columns};
use super::rows::{Layout, Rows};
use crate::error::{Fault, Kind};
use crate::json::{Table, read};

/// The forms of input, by the names of their fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Split,
    Records,
    Instances,
    Inputs,
}

const FORMS: [(&str, Form); 4] = [
    ("dataframe_split", Form::Split),
    ("dataframe_records", Form::Records),
    ("instances", Form::Instances),
    ("inputs", Form::Inputs),
];

const REQUIRED: &str = "The input must be a JSON dictionary with exactly one of the input fields \
                        {'dataframe_split', 'dataframe_records', 'instances', 'inputs'}";

/// A body taken apart.
#[derive(Debug)]
pub(crate) struct Body<'a> {
    form: Form,
    input: &'a RawValue,
    /// The outputs that `params` asks for.
    pub(crate) outputs: Vec<String>,
}

/// The parameters that are read; others are ignored, as MLflow does for a model without a schema of them.
#[derive(Default, Deserialize)]
struct Params {
    #[serde(default)]
    outputs: Vec<String>,
}

/// A table in pandas' orientation `split`.
#[derive(Deserialize)]
struct Split<'a> {
    columns: Option<Vec<String>>,
    #[serde(borrow)]
    data: &'a RawValue,
}

impl<'a> Body<'a> {
    /// Takes a body of JSON apart.
    pub(crate) fn read(json: &'a [u8]) -> Result<Body<'a>, Fault> {
        let malformed = |text: String| Fault::new(Kind::Malformed, text);
        let json = std::str::from_utf8(json);
        let json =
            json.map_err(|_| malformed("Ensure that input is a valid UTF-8 encoded string.".to_owned()))?;
        if json.trim_start().starts_with('[') {
            return Err(malformed(format!("{REQUIRED}. Received a list.")));
        }
        let entries = entries(json.as_bytes()).map_err(|fault| {
            malformed(format!("Ensure that input is a valid JSON formatted string. Error: '{fault}'"))
        })?;
        let form = |name: &str| FORMS.iter().find(|(known, _)| *known == name).map(|&(_, form)| form);
        let mut inputs = entries.iter().filter_map(|(name, input)| Some((form(name)?, *input)));
        let (Some((form, input)), None) = (inputs.next(), inputs.next()) else {
            let names: Vec<String> = entries.iter().take(10).map(|(name, _)| format!("'{name}'")).collect();
            let names = names.join(", ");
            return Err(malformed(format!("{REQUIRED}. Received dictionary with input fields: [{names}]")));
        };
        let params = match entries.iter().find(|(name, _)| name == "params") {
            Some((_, params)) => serde_json::from_str::<Option<Params>>(params.get()).map_err(|error| {
                Fault::new(
                    Kind::Invalid,
                    format!("'params' is an object in which 'outputs' lists names: {error}"),
                )
            })?,
            None => None,
        };
        Ok(Body { form, input, outputs: params.unwrap_or_default().outputs })
    }

    /// The input's rows, typed against the inputs of a plan of the model.
    pub(crate) fn batch(&self, limits: Limits<'_>) -> Result<Batch, Fault> {
        let Limits { model, scorer, max_rows, strict } = limits;
        let mut table = Table::new(scorer, 16, max_rows, strict);
        let json = self.input.get().as_bytes();
        match self.form {
            Form::Split => {
                let split: Split<'_> = serde_json::from_slice(json).map_err(|error| Fault::json(&error))?;
                let columns = split.columns.ok_or_else(|| {
                    Fault::new(
                        Kind::Malformed,
                        "'dataframe_split' has no 'columns': the names of the values of a row",
                    )
                })?;
                let layout = Layout::named(&columns, scorer);
                read(split.data.get().as_bytes(), Rows { table: &mut table, layout: &layout })?;
            }
            Form::Inputs if json.starts_with(b"{") => read_columns(json, &mut table)?,
            Form::Records | Form::Instances | Form::Inputs => {
                let layout = Layout::signature(model, scorer);
                read(json, Rows { table: &mut table, layout: &layout })?;
            }
        }
        table.finish()
    }
}

/// What rows are read against.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits<'a> {
    /// The inputs of the model.
    pub(crate) model: &'a [Field],
    /// The plan.
    pub(crate) scorer: &'a Scorer,
    /// The most rows of a request.
    pub(crate) max_rows: usize,
    /// Whether names that the model does not have are refused.
    pub(crate) strict: bool,
}
