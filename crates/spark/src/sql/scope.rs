//! What an expression may name: the columns, found by exact name, and the rules of the Spark that saved the statement.

use firesteel_plan::ops::{EvalMode, Expr};
use firesteel_plan::{Asked, BuildError, Builder, Col, ColumnType};
use sqlparser::ast::Ident;

use super::value::{Kind, Value};
use crate::version::Version;

/// The rules of a Spark version.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dialect {
    /// Whether it is Spark 3 or newer.
    pub(crate) since_3: bool,
    /// Whether what does not fit is an error: the ANSI mode, on since Spark 4.
    pub(crate) ansi: bool,
    pub(super) version: Version,
}

impl Dialect {
    /// The rules of the Spark that saved the statement, in its default mode.
    pub(crate) fn of(version: Version) -> Dialect {
        Dialect { since_3: version.at_least(3, 0), ansi: version.at_least(4, 0), version }
    }

    /// The mode of operators and casts.
    pub(super) fn mode(self) -> EvalMode {
        EvalMode::of(self.ansi)
    }
}

/// The columns that expressions are made from.
pub(crate) struct Scope<'a> {
    pub(crate) builder: &'a mut Builder,
    pub(crate) dialect: Dialect,
    table: &'a str,
    columns: Vec<Col>,
    pub(super) depth: usize,
    /// Whether a collation was named, which is a part of the name of a type.
    pub(super) collated: bool,
    size: usize,
}

/// How many operations a statement may come to.
const MAX_SIZE: usize = 100_000;

impl<'a> Scope<'a> {
    pub(crate) fn new(builder: &'a mut Builder, dialect: Dialect, table: &'a str) -> Scope<'a> {
        Scope { builder, dialect, table, columns: Vec::new(), depth: 0, collated: false, size: 0 }
    }

    /// Counts operations, also those that stand in the plan twice.
    pub(super) fn charge(&mut self, operations: usize) -> Result<(), String> {
        self.size = self.size.saturating_add(operations);
        if self.size > MAX_SIZE { Err(format!("more than {MAX_SIZE} operations")) } else { Ok(()) }
    }

    /// The columns that the expressions so far read, in the order of their places.
    pub(crate) fn take_columns(&mut self) -> Vec<Col> {
        std::mem::take(&mut self.columns)
    }

    /// The name of a column, which may stand behind the table's.
    pub(crate) fn name(&self, parts: &[Ident]) -> Result<String, String> {
        match parts {
            [name] => Ok(name.value.clone()),
            [table, name] if table.value.eq_ignore_ascii_case(self.table) => Ok(name.value.clone()),
            _ => {
                let shown = parts.iter().map(ToString::to_string).collect::<Vec<_>>().join(".");
                Err(format!("'{shown}', a part of a column or a column of another table"))
            }
        }
    }

    /// The column of this name.
    pub(crate) fn column(&mut self, name: &str) -> Result<Col, BuildError> {
        if self.builder.is_absent(name) {
            return Err(BuildError::Invalid(format!(
                "the statement reads column '{name}', which is not there; names are read with their capitals"
            )));
        }
        if self.builder.type_of(name).is_none() {
            return Err(BuildError::UnknownType {
                column: name.to_owned(),
                reason: "SQL computes by types, and the statement does not say them".to_owned(),
                example: ColumnType::Double,
            });
        }
        Ok(self.builder.column(name, Asked::nullable(ColumnType::Double)))
    }

    /// The value of the column of this name.
    pub(super) fn input(&mut self, name: &str) -> Result<Value, String> {
        let column = self.column(name).map_err(|error| error.to_string())?;
        let found = column.column_type().clone();
        if matches!(found, ColumnType::Vector | ColumnType::Array(_)) && found != ColumnType::strings() {
            return Err(format!(
                "column '{name}' of type {found} in an expression; it can only be passed on"
            ));
        }
        let place = match self.columns.iter().position(|known| known.name() == name) {
            Some(place) => place,
            None => {
                self.columns.push(column);
                self.columns.len() - 1
            }
        };
        let value = Value::of(Expr::Input(place), found);
        // Before there was the type, Spark read such columns as timestamps.
        if value.kind == Kind::Of(ColumnType::TimestampNtz) && !self.dialect.version.at_least(3, 4) {
            return value.widened(&ColumnType::Timestamp).ok_or_else(|| name.to_owned());
        }
        Ok(value)
    }
}
