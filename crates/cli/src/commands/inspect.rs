//! `firesteel inspect`: what a model is, reads and writes.

use clap::Args;
use firesteel_plan::{Exactness, Field, Model, StageInfo};
use serde_json::{Map, Value, json};

use super::model::ModelArguments;
use crate::failure::Failure;
use crate::terminal::Terminal;
use crate::text::{count, size, table};

/// Show a model's stages, inputs and outputs.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  firesteel inspect examples/churn/model
  firesteel inspect examples/churn/model --plan
  firesteel inspect examples/churn/model --plan --columns prediction
  firesteel inspect examples/churn/model --json | jq '.inputs[].name'
  firesteel inspect models/text.zip --input-type words:array<string>")]
pub(crate) struct Inspect {
    #[command(flatten)]
    model: ModelArguments,
    /// Print JSON for scripts
    #[arg(long)]
    json: bool,
    /// Print the plan too: as it is cut to its outputs, then after each pass that changed it
    #[arg(long)]
    plan: bool,
    /// The outputs of the plan; without it the default outputs
    #[arg(long, value_delimiter = ',', value_name = "NAMES", requires = "plan")]
    columns: Option<Vec<String>>,
}

/// What a plan went through: what was done, and the operations after it.
type Steps = Vec<(&'static str, String)>;

impl Inspect {
    pub(crate) fn run(&self, terminal: &mut Terminal) -> Result<(), Failure> {
        let model = self.model.open(Default::default())?;
        let steps = if self.plan { self.explain(&model)? } else { Steps::new() };
        if self.json {
            return terminal.line(&format!("{:#}", to_json(&model, &steps)));
        }
        for section in self.sections(&model, &steps) {
            if !section.heading.is_empty() {
                terminal.line("")?;
                terminal.line(&terminal.heading(&section.heading))?;
            }
            for line in section.lines {
                terminal.line(&line)?;
            }
        }
        Ok(())
    }

    fn explain(&self, model: &Model) -> Result<Steps, Failure> {
        let outputs = self.columns.as_ref().unwrap_or(&model.signature().default_outputs);
        model.explain(outputs).map_err(Failure::from_error)
    }

    fn sections(&self, model: &Model, steps: &Steps) -> Vec<Section> {
        let signature = model.signature();
        let default = |field: &Field| signature.default_outputs.contains(&field.name);
        let inputs =
            signature.inputs.iter().map(|field| field_row(field, "read by", field.nullable, "null allowed"));
        let outputs = signature.outputs.iter().map(|field| field_row(field, "of", default(field), "default"));
        let mut sections = vec![
            Section { heading: String::new(), lines: self.facts(model) },
            Section {
                heading: "Stages".to_owned(),
                lines: model.stages().iter().flat_map(stage_lines).collect(),
            },
            Section { heading: "Inputs".to_owned(), lines: table(&inputs.collect::<Vec<_>>()) },
            Section { heading: "Outputs".to_owned(), lines: table(&outputs.collect::<Vec<_>>()) },
        ];
        sections.extend(steps.iter().enumerate().map(|(at, (name, plan))| Section {
            heading: format!("Plan {}{name}", if at == 0 { "" } else { "after: " }),
            lines: plan.lines().map(|line| format!("  {line}")).collect(),
        }));
        sections
    }

    fn facts(&self, model: &Model) -> Vec<String> {
        let info = model.info();
        let row = |name: &str, value: String| vec![name.to_owned(), value];
        let mut rows = vec![
            row("Model", self.model.path().display().to_string()),
            row("Format", format!("{} {}", info.format, info.version)),
            row("Class", format!("{} {}", info.class, info.uid)),
            row("Size", size(info.bytes)),
        ];
        if !info.packaged_by.is_empty() {
            rows.insert(2, row("Packaged by", info.packaged_by.clone()));
        }
        if self.model.exactness() != Exactness::Fast {
            rows.push(row("Last bits of", self.model.exactness().to_string()));
        }
        rows.extend(info.example.clone().map(|example| row("Example", example)));
        table(&rows)
    }
}

/// Lines under a heading.
struct Section {
    heading: String,
    lines: Vec<String>,
}

fn stage_lines(stage: &StageInfo) -> Vec<String> {
    let named = |names: &[String]| if names.is_empty() { "nothing".to_owned() } else { names.join(", ") };
    let mut lines = vec![
        format!("  {}  {}  {}", stage.place, stage.class, stage.uid),
        format!("     {} -> {}", named(&stage.inputs), named(&stage.outputs)),
    ];
    if !stage.facts.is_empty() {
        let facts = stage.facts.iter().map(|(name, value)| format!("{name} {}", grouped(value)));
        lines.push(format!("     {}", facts.collect::<Vec<_>>().join(", ")));
    }
    lines
}

/// A fact's value; whole numbers are grouped.
fn grouped(value: &str) -> String {
    value.parse().map_or_else(|_| value.to_owned(), count)
}

fn field_row(field: &Field, role: &str, marked: bool, mark: &str) -> Vec<String> {
    let size = field.size.map_or_else(String::new, |size| format!("({size})"));
    vec![
        format!("  {}", field.name),
        format!("{}{size}", field.column_type),
        if marked { mark.to_owned() } else { String::new() },
        format!("{role} {}", field.stage),
    ]
}

fn to_json(model: &Model, steps: &Steps) -> Value {
    let (info, signature) = (model.info(), model.signature());
    let stage = |stage: &StageInfo| {
        let facts: Map<String, Value> =
            stage.facts.iter().map(|(name, value)| (name.clone(), fact(value))).collect();
        json!({
            "place": stage.place,
            "class": stage.class,
            "uid": stage.uid,
            "inputs": stage.inputs,
            "outputs": stage.outputs,
            "facts": facts,
        })
    };
    let mut value = json!({
        "format": info.format,
        "version": info.version,
        "class": info.class,
        "uid": info.uid,
        "bytes": info.bytes,
        "packaged_by": info.packaged_by,
        "example": info.example.as_deref().and_then(|example| serde_json::from_str::<Value>(example).ok()),
        "stages": model.stages().iter().map(stage).collect::<Vec<_>>(),
        "inputs": signature.inputs.iter().map(field_json).collect::<Vec<_>>(),
        "outputs": signature.outputs.iter().map(field_json).collect::<Vec<_>>(),
        "default_outputs": signature.default_outputs,
    });
    let lines = |plan: &str| plan.lines().map(str::to_owned).collect::<Vec<_>>();
    if let Some((_, plan)) = steps.last() {
        value["plan"] = lines(plan).into();
        let steps = steps.iter().map(|(name, plan)| json!({ "name": name, "plan": lines(plan) }));
        value["passes"] = steps.collect();
    }
    value
}

fn field_json(field: &Field) -> Value {
    json!({
        "name": field.name,
        "type": field.column_type.to_string(),
        "size": field.size,
        "nullable": field.nullable,
        "stage": field.stage,
    })
}

fn fact(value: &str) -> Value {
    value.parse::<u64>().map_or_else(|_| value.into(), Value::from)
}
