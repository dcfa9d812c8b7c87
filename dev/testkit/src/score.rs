//! Scores a Parquet file with a model, and reads Spark's own answers from one.

use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use firesteel_formats::OpenOptions;
use firesteel_plan::{Column, ColumnType, Declared, Exactness, Field, Plan, Scored, StageInfo, VectorRef};
use firesteel_tables::{Source, bind};

use crate::compare::Tolerance;
use crate::value::Value;

/// Named columns of answers, and the `id` of each row.
#[derive(Clone, Debug)]
pub struct Answers {
    /// The `id` of each row that was answered.
    pub ids: Vec<i64>,
    /// The answers, by column.
    pub columns: Vec<(String, Column)>,
    /// The columns in which Spark itself is not stable to the last bit.
    pub unstable: Vec<String>,
    /// The columns that are within 1e-13 even where products are added in Spark's order.
    pub inexact: Vec<String>,
    /// The columns that Spark answers from a new random start each time.
    pub random: Vec<String>,
    /// The columns of lists whose order Spark does not promise.
    pub unordered: Vec<String>,
}

/// The stages whose numbers differ in the last bits between Spark's own versions: dot products in another order,
/// and the JVM's `exp`. See `docs/exactness.md`.
const UNSTABLE: [&str; 15] = [
    "LogisticRegressionModel",
    "LinearSVCModel",
    "NaiveBayesModel",
    "FMClassificationModel",
    "MultilayerPerceptronClassificationModel",
    "OneVsRestModel",
    "LinearRegressionModel",
    "GeneralizedLinearRegressionModel",
    "AFTSurvivalRegressionModel",
    "FMRegressionModel",
    "GBTClassificationModel",
    "GBTRegressionModel",
    "GaussianMixtureModel",
    "LocalLDAModel",
    "PCAModel",
];

/// The columns that pass through the JVM's `exp`, `log` or `pow`, whose last bits are not those of the platform; and
/// a stage whose steps differ, and SQL's angles. See "Bit-exact mode" in `docs/exactness.md`.
const INEXACT: [(&str, &[&str]); 10] = [
    ("LogisticRegressionModel", &["probability"]),
    ("NaiveBayesModel", &["probability"]),
    ("FMClassificationModel", &["probability"]),
    ("GBTClassificationModel", &["probability"]),
    ("MultilayerPerceptronClassificationModel", &["rawPrediction", "probability"]),
    ("GeneralizedLinearRegressionModel", &["prediction"]),
    ("AFTSurvivalRegressionModel", &["prediction", "quantiles"]),
    ("GaussianMixtureModel", &["probability"]),
    ("LocalLDAModel", &["topicDistribution", "t"]),
    ("SQLTransformer", &["sin", "cos", "tan", "cot", "sec", "csc"]),
];

/// The stages that Spark starts from a seed of its own each time it loads them; its answers differ by about 1e-5.
const RANDOM: [&str; 1] = ["DistributedLDAModel"];
/// How far such answers may be from each other.
const RANDOM_START: f64 = 1e-4;

/// The stages whose lists have an order that differs between Spark's own versions. See `docs/exactness.md`.
const UNORDERED: [&str; 1] = ["FPGrowthModel"];

impl Answers {
    /// The value as it is compared: a list without an order of its own is sorted.
    pub fn settled(&self, column: &str, value: Value) -> Value {
        match value {
            Value::List(mut items) if self.unordered.iter().any(|unordered| unordered == column) => {
                items.sort_by_key(ToString::to_string);
                Value::List(items)
            }
            value => value,
        }
    }

    /// How far `column` may be from Spark's, where its last bits may be off by `unstable`.
    pub fn tolerance(&self, column: &str, unstable: Tolerance) -> Tolerance {
        self.tolerance_among(column, &self.unstable, unstable)
    }

    /// How far `column` may be from Spark's where products were added in Spark's order.
    pub fn exact_tolerance(&self, column: &str) -> Tolerance {
        self.tolerance_among(column, &self.inexact, Tolerance::Relative(1e-13))
    }

    fn tolerance_among(&self, column: &str, unstable: &[String], allowed: Tolerance) -> Tolerance {
        let among = |columns: &[String]| columns.iter().any(|known| known == column);
        if among(&self.random) {
            return Tolerance::Absolute(RANDOM_START);
        }
        if among(unstable) { allowed } else { Tolerance::Exact }
    }
}

/// Scores the rows of `input`, which have an `id`, with every output of the model at `model`, in the order of a Spark.
///
/// # Errors
/// The whole chain of what went wrong, as one line.
pub fn score_file(model: &Path, input: &Path, exactness: Exactness) -> Result<Answers, String> {
    let source = Source::open(input, None).map_err(chain)?;
    let options = OpenOptions { declared: Declared { exactness, ..source.declared() } };
    let model = firesteel_formats::open(model, &options).map_err(chain)?;
    let signature = model.signature();
    let in_place = |name: &str| signature.inputs.iter().any(|field| field.name == name);
    let taken = |field: &&Field| options.declared.types.contains_key(&field.name) && !in_place(&field.name);
    let taken = signature.outputs.iter().find(taken);
    if let Some(field) = taken {
        return Err(format!("output column '{}' already exists in {}", field.name, input.display()));
    }
    let outputs_of = |classes: &[&str]| -> Vec<String> {
        let stages = model.stages().iter().filter(|stage| classes.contains(&stage.class.as_str()));
        stages.flat_map(|stage| stage.outputs.clone()).collect()
    };
    let (unstable, random) = (outputs_of(&UNSTABLE), outputs_of(&RANDOM));
    let unordered = outputs_of(&UNORDERED);
    let inexact = INEXACT.iter().flat_map(|(class, columns)| {
        outputs_of(&[*class]).into_iter().filter(|output| columns.contains(&output.as_str()))
    });
    let powers = model.stages().iter().filter(|stage| has_powers(stage));
    let mut inexact: Vec<String> = inexact.chain(powers.flat_map(|stage| stage.outputs.clone())).collect();
    // What is assembled of such slots has them among its own.
    for stage in model.stages().iter().filter(|stage| stage.class == "VectorAssembler") {
        if stage.inputs.iter().any(|input| inexact.contains(input)) {
            inexact.extend(stage.outputs.clone());
        }
    }
    let unstable = unstable.into_iter().chain(inexact.iter().cloned()).collect();
    let plan = model.plan_all().map_err(chain)?;
    let usual = model.plan_default().map_err(chain)?;
    let mut ids = Vec::new();
    let mut parts: Vec<Vec<Column>> = vec![Vec::new(); plan.outputs().len()];
    for rows in source {
        let rows = rows.map_err(chain)?;
        let all = row_ids(&rows.batch)?;
        let scored = plan.score(bind(&rows, plan.inputs()).map_err(chain)?).map_err(chain)?;
        let fewer = usual.score(bind(&rows, usual.inputs()).map_err(chain)?).map_err(chain)?;
        same_answers(&usual, &fewer, &plan, &scored)?;
        match &scored.survivors {
            None => ids.extend(all),
            Some(survivors) => ids.extend(survivors.iter().map(|&row| all[row as usize])),
        }
        parts.iter_mut().zip(scored.columns).for_each(|(parts, column)| parts.push(column));
    }
    let names = plan.outputs().iter().map(|field| field.name.clone());
    Ok(Answers { ids, columns: joined(names, &parts)?, unstable, inexact, random, unordered })
}

/// Whether a `Normalizer` takes powers of its own: those of the platform, which may differ from Java's in the last bit.
fn has_powers(stage: &StageInfo) -> bool {
    let power = stage.facts.iter().find(|(name, _)| name == "p").map(|(_, value)| value.as_str());
    stage.class == "Normalizer" && !matches!(power, Some("1" | "2" | "inf"))
}

/// Checks that a plan that leaves columns out, and so can be optimized further, answers the others bit for bit alike.
fn same_answers(fewer: &Plan, found: &Scored, all: &Plan, expected: &Scored) -> Result<(), String> {
    if found.survivors != expected.survivors {
        return Err("the plan of the default outputs drops other rows than that of all outputs".to_owned());
    }
    for (field, column) in fewer.outputs().iter().zip(&found.columns) {
        let place = all.outputs().iter().position(|other| other.name == field.name);
        let expected = place.and_then(|place| expected.columns.get(place));
        if expected.is_none_or(|expected| !same_bits(column, expected)) {
            return Err(format!("output '{}' differs when fewer outputs are asked for", field.name));
        }
    }
    Ok(())
}

fn same_bits(one: &Column, other: &Column) -> bool {
    let (Some(one), Some(other)) = (one.as_vectors(), other.as_vectors()) else {
        return one.as_array() == other.as_array();
    };
    let form = |row: Option<VectorRef<'_>>| {
        row.map(|row| {
            let sparse = matches!(row, VectorRef::Sparse { .. });
            let active: Vec<_> = row.active().map(|(index, value)| (index, value.to_bits())).collect();
            (sparse, row.size(), active)
        })
    };
    one.iter().map(form).eq(other.iter().map(form))
}

/// Reads every column of the Parquet file at `path`, whose rows have an `id`.
///
/// # Errors
/// When the file cannot be read as plan columns.
pub fn read_answers(path: &Path) -> Result<Answers, String> {
    let source = Source::open(path, None).map_err(chain)?;
    let fields: Vec<Field> =
        source.declared().types.into_iter().map(|(name, column_type)| field(name, column_type)).collect();
    let mut ids = Vec::new();
    let mut parts: Vec<Vec<Column>> = vec![Vec::new(); fields.len()];
    for rows in source {
        let rows = rows.map_err(chain)?;
        ids.extend(row_ids(&rows.batch)?);
        let batch = bind(&rows, &fields).map_err(chain)?;
        parts.iter_mut().zip(batch.columns).for_each(|(parts, column)| parts.push(column));
    }
    let names = fields.into_iter().map(|field| field.name);
    let (unstable, inexact, random, unordered) = Default::default();
    Ok(Answers { ids, columns: joined(names, &parts)?, unstable, inexact, random, unordered })
}

fn field(name: String, column_type: ColumnType) -> Field {
    Field { name, column_type, size: None, nullable: true, stage: String::new() }
}

fn joined(
    names: impl Iterator<Item = String>,
    parts: &[Vec<Column>],
) -> Result<Vec<(String, Column)>, String> {
    names
        .zip(parts)
        .filter(|(_, parts)| !parts.is_empty())
        .map(|(name, parts)| Ok((name, Column::concat(&parts.iter().collect::<Vec<_>>()).map_err(chain)?)))
        .collect()
}

/// The column `id`, or `customer_id` as the churn example calls it.
fn row_ids(batch: &arrow_array::RecordBatch) -> Result<Vec<i64>, String> {
    let column = batch.column_by_name("id").or_else(|| batch.column_by_name("customer_id"));
    let ids = column.and_then(|column| column.as_primitive_opt::<Int64Type>());
    Ok(ids.ok_or("the rows have no bigint column 'id'")?.values().to_vec())
}

/// An error and its causes as one line.
fn chain(error: impl std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
