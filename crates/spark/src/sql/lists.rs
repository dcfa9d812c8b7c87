//! Lists of texts, as `split` makes them: their parts, and what is made of them.

use firesteel_plan::ColumnType;
use firesteel_plan::ops::{EvalMode, Expr, ListFunction, Literal};
use sqlparser::ast::{self, AccessExpr, Subscript};

use super::coercion::{argument, is_whole};
use super::scope::Scope;
use super::value::{Kind, Value};

/// A part of a list: `words[0]`.
pub(super) fn part(scope: &mut Scope, root: &ast::Expr, chain: &[AccessExpr]) -> Result<Value, String> {
    let shown = || format!("'{root}{}'", chain.iter().map(ToString::to_string).collect::<String>());
    let [AccessExpr::Subscript(Subscript::Index { index })] = chain else {
        return Err(format!("{}, a part of a part, of a map or of a struct", shown()));
    };
    let (list, place) = (scope.value(root)?, scope.value(index)?);
    if !is_list(&list)
        || !(place.kind == Kind::Null || matches!(&place.kind, Kind::Of(found) if is_whole(found)))
    {
        let kinds = format!("{} and {}", list.shown(), place.shown());
        return Err(format!("{} of {kinds}; a part is read of array<string> by a whole number", shown()));
    }
    // Spark takes the low 32 bits of a place, whatever the mode.
    let place = match &place.kind {
        Kind::Of(ColumnType::Long) => {
            let (value, to) = (Box::new(place.expr), ColumnType::Int);
            Value::of(Expr::Cast { value, to: to.clone(), mode: EvalMode::Legacy }, to)
        }
        _ => place,
    };
    of(scope, ListFunction::At { checked: scope.dialect.ansi }, "a part", vec![list, place])
}

/// Whether a value is a list of texts.
pub(super) fn is_list(value: &Value) -> bool {
    value.kind == Kind::Of(ColumnType::strings())
}

fn is_text(value: &Value) -> bool {
    value.kind == Kind::Of(ColumnType::String)
}

/// Whether a value beside texts becomes a text: with ANSI on, a text becomes what it stands beside.
fn joins_texts(value: &Value, ansi: bool) -> bool {
    let other = matches!(value.kind, Kind::Binary | Kind::Of(ColumnType::Boolean)) || ansi;
    is_text(value) || value.kind == Kind::Null || !other
}

/// The functions of lists, or `None` for another name, or for texts in their place.
pub(super) fn function(
    scope: &mut Scope,
    name: &str,
    arguments: &[&ast::Expr],
) -> Option<Result<Value, String>> {
    let ansi = scope.dialect.ansi;
    let function = match (name, arguments.len()) {
        ("element_at", 2) => ListFunction::Element { checked: ansi },
        ("try_element_at", 2) => ListFunction::Element { checked: false },
        ("get", 2) => ListFunction::At { checked: false },
        ("size" | "cardinality", 1) => ListFunction::Size { null_is_less: !ansi },
        ("array_size", 1) => ListFunction::Size { null_is_less: false },
        ("array_contains", 2) => ListFunction::Contains,
        ("array_position", 2) => ListFunction::Position,
        ("array_join", 2 | 3) => ListFunction::Join,
        ("array_max", 1) => ListFunction::Largest,
        ("array_min", 1) => ListFunction::Smallest,
        ("arrays_overlap", 2) => ListFunction::Overlap,
        ("array", 1..) => ListFunction::Make,
        ("array_distinct", 1) => ListFunction::Distinct,
        ("array_remove", 2) => ListFunction::Remove,
        ("array_compact", 1) => ListFunction::Compact,
        ("array_append", 2) => ListFunction::Append,
        ("array_prepend", 2) => ListFunction::Prepend,
        ("array_insert", 3) => ListFunction::Insert,
        ("array_repeat", 2) => ListFunction::Repeat,
        ("slice", 3) => ListFunction::Slice,
        ("sort_array", 1) => ListFunction::Sort { ascending: true, nulls_first: true },
        ("sort_array", 2) => return Some(sorted(scope, name, arguments)),
        ("array_sort", 1) => ListFunction::Sort { ascending: true, nulls_first: false },
        ("array_union", 2) => ListFunction::Union,
        ("array_intersect", 2) => ListFunction::Intersect,
        ("array_except", 2) => ListFunction::Except,
        _ => return None,
    };
    let values = arguments.iter().map(|argument| scope.value(argument)).collect::<Result<Vec<_>, _>>();
    Some(values.and_then(|values| {
        match function {
            ListFunction::Element { .. }
                if values.get(1).is_some_and(|place| place.kind == Kind::Of(ColumnType::Long)) =>
            {
                return Err(format!("{name} at a bigint; CAST it to int"));
            }
            ListFunction::Insert
                if !values.get(1).is_some_and(|place| {
                    matches!(&place.kind, Kind::Of(found) if is_whole(found) && *found != ColumnType::Long)
                }) =>
            {
                return Err(format!("{name} at anything but an int; CAST it to int"));
            }
            ListFunction::Make if !values.iter().any(is_text) => {
                return Err(format!("{name} of no text; lists are read of texts"));
            }
            ListFunction::Make if !values.iter().all(|value| joins_texts(value, ansi)) => {
                return Err(format!("{name} of texts and other values; CAST them to string"));
            }
            ListFunction::Append | ListFunction::Prepend | ListFunction::Insert | ListFunction::Repeat
                if !values.iter().any(|value| is_text(value) || value.kind == Kind::Null) =>
            {
                return Err(format!("{name} of no text; lists are read of texts"));
            }
            ListFunction::Contains | ListFunction::Position | ListFunction::Remove
                if !values.get(1).is_some_and(is_text) =>
            {
                return Err(format!("{name} of anything but a text; CAST it to string"));
            }
            _ => {}
        }
        of(scope, function, name, values)
    }))
}

/// What functions of texts make of lists: `concat`, `concat_ws` and `reverse`.
pub(super) fn of_lists(scope: &Scope, name: &str, values: Vec<Value>) -> Result<Value, String> {
    match name {
        "reverse" => of(scope, ListFunction::Reverse, name, values),
        "concat_ws" => {
            let mut lists = Vec::with_capacity(values.len());
            let mut values = values.into_iter();
            lists.extend(values.next());
            for value in values {
                lists.push(match is_list(&value) {
                    true => value,
                    // A null in a list is left out as a null beside it is.
                    false => of(scope, ListFunction::Make, name, vec![value])?,
                });
            }
            of(scope, ListFunction::JoinAll, name, lists)
        }
        "concat" | "||" => of(scope, ListFunction::Concat, name, values),
        _ => Err(format!("{name} of array<string>; it takes string")),
    }
}

fn sorted(scope: &mut Scope, name: &str, arguments: &[&ast::Expr]) -> Result<Value, String> {
    let [list, ascending] = arguments else { return Err(name.to_owned()) };
    let list = scope.value(list)?;
    match scope.value(ascending)?.expr {
        Expr::Literal(Literal::Boolean(ascending)) => {
            of(scope, ListFunction::Sort { ascending, nulls_first: ascending }, name, vec![list])
        }
        _ => Err(format!("{name} with anything but true or false")),
    }
}

/// A function of values.
fn of(scope: &Scope, function: ListFunction, name: &str, values: Vec<Value>) -> Result<Value, String> {
    let types = function.types(values.len());
    let mut arguments = Vec::with_capacity(values.len());
    for (value, asked) in values.into_iter().zip(&types) {
        if *asked == ColumnType::strings() && !is_list(&value) {
            return Err(format!("{name} of {}; it is read of array<string>", value.shown()));
        }
        arguments.push(match is_list(&value) {
            true if *asked == ColumnType::strings() => value.expr,
            true => return Err(format!("{name} of array<string> in place of {asked}")),
            false => argument(value, asked, scope.dialect, name)?.expr,
        });
    }
    Ok(Value::of(Expr::List { function, arguments }, function.answers()))
}
