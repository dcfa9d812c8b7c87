//! `firesteel inspect`: what a model is, reads and writes.

use clap::Args;
use firesteel_plan::{Exactness, Field, Model, Plan, StageInfo};
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
  firesteel inspect examples/churn/model --json | jq '.inputs[].name'
  firesteel inspect models/text.zip --input-type words:array<string>")]
pub(crate) struct Inspect {
    #[command(flatten)]
    model: ModelArguments,
    /// Print JSON for scripts
    #[arg(long)]
    json: bool,
    /// Print the compiled plan too
    #[arg(long)]
    plan: bool,
}

impl Inspect {
    pub(crate) fn run(&self, terminal: &mut Terminal) -> Result<(), Failure> {
        let model = self.model.open(Default::default())?;
        let plan = if self.plan { Some(model.plan_all().map_err(Failure::from_error)?) } else { None };
        if self.json {
            return terminal.line(&format!("{:#}", to_json(&model, plan.as_ref())));
        }
        for section in self.sections(&model, plan.as_ref()) {
            if !section.heading.is_empty() {
                terminal.line("")?;
                terminal.line(&terminal.heading(section.heading))?;
            }
            for line in section.lines {
                terminal.line(&line)?;
            }
        }
        Ok(())
    }

    fn sections(&self, model: &Model, plan: Option<&Plan>) -> Vec<Section> {
        let signature = model.signature();
        let default = |field: &Field| signature.default_outputs.contains(&field.name);
        let inputs =
            signature.inputs.iter().map(|field| field_row(field, "read by", field.nullable, "null allowed"));
        let outputs = signature.outputs.iter().map(|field| field_row(field, "of", default(field), "default"));
        let mut sections = vec![
            Section { heading: "", lines: self.facts(model) },
            Section { heading: "Stages", lines: model.stages().iter().flat_map(stage_lines).collect() },
            Section { heading: "Inputs", lines: table(&inputs.collect::<Vec<_>>()) },
            Section { heading: "Outputs", lines: table(&outputs.collect::<Vec<_>>()) },
        ];
        if let Some(plan) = plan {
            let lines = plan.to_string().lines().map(|line| format!("  {line}")).collect();
            sections.push(Section { heading: "Plan", lines });
        }
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
    heading: &'static str,
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

fn to_json(model: &Model, plan: Option<&Plan>) -> Value {
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
    if let Some(plan) = plan {
        value["plan"] = plan.to_string().lines().collect::<Vec<_>>().into();
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
