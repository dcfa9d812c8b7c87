//! Texts made and read by a format: `format_string`, `to_char`, `to_number` and their kin.
//!
//! A format is a text as it stands, so that it is read once.

use firesteel_plan::ColumnType;
use firesteel_plan::ops::{Expr, Format, NumberFormat, Printf};
use sqlparser::ast;

use super::coercion::argument;
use super::dates;
use super::decimals::of_any;
use super::lists::is_list;
use super::patterns::literal;
use super::scope::Scope;
use super::value::{Kind, Value};

/// The functions here, or `None` for another name.
pub(super) fn function(
    scope: &mut Scope,
    name: &str,
    arguments: &[&ast::Expr],
) -> Option<Result<Value, String>> {
    Some(match (name, arguments) {
        ("format_string" | "printf", [format, values @ ..]) => filled(scope, name, format, values),
        ("to_number" | "try_to_number", [text, format]) => read(scope, name, text, format),
        ("to_char" | "to_varchar", [value, format]) => show(scope, name, value, format),
        _ => return None,
    })
}

fn filled(scope: &mut Scope, name: &str, format: &ast::Expr, values: &[&ast::Expr]) -> Result<Value, String> {
    let written = literal(scope, format, name)?;
    let values = values.iter().map(|value| scope.value(value)).collect::<Result<Vec<_>, _>>()?;
    if let Some(list) =
        values.iter().find(|value| is_list(value) || matches!(value.kind, Kind::Binary | Kind::Interval(_)))
    {
        return Err(format!("{name} of {}", list.shown()));
    }
    let types: Vec<Option<ColumnType>> = values
        .iter()
        .map(|value| match &value.kind {
            Kind::Null | Kind::Binary | Kind::Interval(_) => None,
            Kind::Of(found) => Some(found.clone()),
        })
        .collect();
    let printf = Printf::new(&written, &types).map_err(|found| format!("{name} by the format {found}"))?;
    let arguments = values.into_iter().map(|value| match value.kind {
        Kind::Null => value.widened(&ColumnType::String).map(|value| value.expr),
        Kind::Of(_) | Kind::Binary | Kind::Interval(_) => Some(value.expr),
    });
    let arguments = arguments.collect::<Option<Vec<_>>>().ok_or_else(|| name.to_owned())?;
    Ok(of(Format::Printf(printf), arguments))
}

/// What a format makes of values.
pub(super) fn of(format: Format, arguments: Vec<Expr>) -> Value {
    let answers = format.answers();
    Value::of(Expr::Format { format, arguments }, answers)
}

fn number_format(scope: &mut Scope, name: &str, format: &ast::Expr) -> Result<NumberFormat, String> {
    let written = literal(scope, format, name)?;
    NumberFormat::new(&written).ok_or_else(|| {
        format!(
            "{name} by the format '{written}'; a format is MI or S, $, 0 9 , or G, . or D, 0 9, and MI, S or PR in this \
             order, of at most 38 digits"
        )
    })
}

fn read(scope: &mut Scope, name: &str, text: &ast::Expr, format: &ast::Expr) -> Result<Value, String> {
    let format = number_format(scope, name, format)?;
    let text = argument(scope.value(text)?, &ColumnType::String, scope.dialect, name)?;
    let needs_digits = !scope.dialect.version.at_least(4, 3);
    let checked = name == "to_number";
    Ok(of(Format::ReadNumber { format, checked, needs_digits }, vec![text.expr]))
}

fn show(scope: &mut Scope, name: &str, value: &ast::Expr, format: &ast::Expr) -> Result<Value, String> {
    let number = scope.value(value)?;
    if dates::is_date(&number) && scope.dialect.ansi {
        return dates::show(scope, name, value, format);
    }
    let format = number_format(scope, name, format)?;
    let decimal =
        of_any(&number).ok_or_else(|| format!("{name} of {}; CAST it to a number", number.shown()))?;
    let number = scope.cast_value(number, ColumnType::Decimal(decimal))?;
    Ok(of(Format::ShowNumber(format, decimal), vec![number.expr]))
}
