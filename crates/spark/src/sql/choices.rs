//! Choices, tests that end the scoring of their row, and collations.

use firesteel_plan::ColumnType;
use firesteel_plan::ops::{Comparison, Expr, Literal};
use sqlparser::ast;

use super::coercion::argument;
use super::functions;
use super::patterns::literal;
use super::scope::Scope;
use super::value::{Kind, Value};

/// The one collation that is read: texts compare by their bytes.
const BY_BYTES: &str = "UTF8_BINARY";

/// The functions here, or `None` for another name.
pub(super) fn function(
    scope: &mut Scope,
    name: &str,
    arguments: &[&ast::Expr],
) -> Option<Result<Value, String>> {
    Some(match (name, arguments) {
        ("when", [_, ..]) => when(scope, name, arguments),
        ("between", [value, low, high]) => between(scope, value, low, high),
        ("raise_error", [message]) => scope.value(message).and_then(|message| raise(scope, name, message)),
        ("raise_error", [_, _]) => {
            Err(format!("{name} with the parameters of an error; write its text as the one argument"))
        }
        ("assert_true", [condition]) => {
            let message = Literal::String(format!("'{condition}' is not true!").into());
            assert(scope, name, condition, Value::literal(message, ColumnType::String))
        }
        ("assert_true", [condition, message]) => {
            functions::since(scope.dialect, "assert_true with a message")
                .and_then(|()| scope.value(message))
                .and_then(|message| assert(scope, name, condition, message))
        }
        ("collation", [text]) => of_text(scope, name, text).map(|_| {
            let name = Literal::String("SYSTEM.BUILTIN.UTF8_BINARY".into());
            Value::literal(name, ColumnType::String)
        }),
        ("collate", [text, collation]) => {
            literal(scope, collation, name).and_then(|collation| collated(scope, name, text, &collation))
        }
        _ => return None,
    })
}

/// `value COLLATE name`.
pub(super) fn operator(
    scope: &mut Scope,
    text: &ast::Expr,
    collation: &ast::ObjectName,
) -> Result<Value, String> {
    functions::since(scope.dialect, "collate")?;
    let name = collation.to_string().replace('`', "");
    let plain = name.strip_prefix("SYSTEM.BUILTIN.").unwrap_or(&name);
    collated(scope, "COLLATE", text, plain)
}

fn collated(scope: &mut Scope, what: &str, text: &ast::Expr, collation: &str) -> Result<Value, String> {
    if !collation.eq_ignore_ascii_case(BY_BYTES) {
        return Err(format!(
            "{what} by the collation {collation}; texts compare by their bytes here, as {BY_BYTES} has it, and others need \
             the tables of Spark's ICU"
        ));
    }
    scope.collated = true;
    of_text(scope, what, text)
}

/// A text, or a null.
fn of_text(scope: &mut Scope, what: &str, text: &ast::Expr) -> Result<Value, String> {
    let value = scope.value(text)?;
    let shown = value.shown();
    match value.kind {
        Kind::Of(ColumnType::String) => Ok(value),
        Kind::Null => value.widened(&ColumnType::String).ok_or(shown),
        _ => Err(format!("{what} of {shown}; it takes string, so CAST it")),
    }
}

/// `CASE` by name: conditions and values, and the value if none holds.
fn when(scope: &mut Scope, name: &str, arguments: &[&ast::Expr]) -> Result<Value, String> {
    let (mut tests, mut values) = (Vec::new(), Vec::new());
    let (pairs, otherwise) = arguments.as_chunks::<2>();
    for [condition, value] in pairs {
        tests.push(scope.condition(condition)?);
        values.push(scope.value(value)?);
    }
    values.push(match otherwise {
        [otherwise, ..] => scope.value(otherwise)?,
        [] => Value { expr: Expr::Literal(Literal::Null(ColumnType::Int)), kind: Kind::Null },
    });
    scope.choose(tests, values, name)
}

/// `value BETWEEN low AND high`.
pub(super) fn between(
    scope: &mut Scope,
    value: &ast::Expr,
    low: &ast::Expr,
    high: &ast::Expr,
) -> Result<Value, String> {
    let least = scope.compare(Comparison::GreaterOrEqual, value, low)?;
    let most = scope.compare(Comparison::LessOrEqual, value, high)?;
    Ok(Value::boolean(Expr::All(vec![least, most])))
}

/// An error of each row that needs it, of a type that nothing has.
fn raise(scope: &Scope, name: &str, message: Value) -> Result<Value, String> {
    let message = argument(message, &ColumnType::String, scope.dialect, name)?;
    let expr = Expr::Raise { message: Box::new(message.expr), to: ColumnType::Int };
    Ok(Value { expr, kind: Kind::Null })
}

/// A null, or an error where a condition does not hold.
fn assert(scope: &mut Scope, name: &str, condition: &ast::Expr, message: Value) -> Result<Value, String> {
    let holds = scope.condition(condition)?;
    let null = Expr::Literal(Literal::Null(ColumnType::Int));
    let otherwise = Box::new(raise(scope, name, message)?.expr);
    Ok(Value { expr: Expr::Case { branches: vec![(holds, null)], otherwise }, kind: Kind::Null })
}

#[cfg(test)]
mod tests {
    use firesteel_plan::ColumnType;

    use crate::testing::{Opened, save, strings};

    fn open(version: &str, expr: &str) -> Result<Opened, String> {
        let params = format!(r#"{{"statement":"SELECT {expr} AS a FROM __THIS__"}}"#);
        let opened = save("SQLTransformer", version, &params).open(&[("s", ColumnType::String)]);
        opened.map_err(|error| error.to_string())
    }

    fn first(version: &str, expr: &str) -> Result<String, String> {
        let scored = open(version, expr)?.try_score(vec![("s", strings(&[Some("x")]))]);
        scored.map(|scored| scored.column("a").show(0)).map_err(|error| error.to_string())
    }

    #[test]
    fn only_rows_that_need_an_error_have_it() {
        let message = |expr: &str| first("3.5.9", expr).unwrap_err();
        assert_eq!(first("3.5.9", "if(s = 'x', s, raise_error('no'))").as_deref(), Ok("x"));
        assert!(message("if(s = 'x', raise_error(concat('no ', s)), s)").contains("raises: no x"));
        assert!(message("s || raise_error(5)").contains("raises: 5"));
        assert!(message("assert_true(s = 'y') IS NULL").contains("raises: 's = 'y'' is not true!"));
        assert!(message("coalesce(assert_true(s = 'y', 'off'), s)").contains("raises: off"));
        assert!(message("coalesce(if(s = 'x', raise_error('all'), NULL), s)").contains("raises: all"));
        assert!(message("hex(coalesce(X'41', raise_error('a'))) || raise_error('b')").contains("raises: b"));
        assert!(message("greatest(raise_error('c'), NULL, 5)").contains("raises: c"));
        assert!(message("1.5 + raise_error('d')").contains("raises: d"));
    }

    #[test]
    fn what_is_not_read_is_named() {
        for (version, expr, part) in [
            ("3.5.9", "when(s = 'x', 1)", "it is read in saves of 4.3 and newer"),
            ("4.2.0", "when(s = 'x', 1)", "it is read in saves of 4.3 and newer"),
            ("3.5.9", "between(s, 'a', 'b')", "it is read in saves of 4.0 and newer"),
            ("3.5.9", "like(s, 'a', '|')", "it is read in saves of 4.0 and newer"),
            ("3.5.9", "s COLLATE UTF8_BINARY", "it is read in saves of 4.0 and newer"),
            ("3.0.3", "raise_error('a')", "it is read in saves of 3.1 and newer"),
            ("3.4.4", "hex(aes_encrypt(s, s, 'ECB'))", "it is read in saves of 3.5 and newer"),
            ("4.3.0", "s COLLATE UNICODE_CI = 'X'", "COLLATE by the collation UNICODE_CI; texts compare"),
            ("4.3.0", "collate(s, 'UTF8_LCASE')", "collate by the collation UTF8_LCASE"),
            ("4.3.0", "collate(5, 'UTF8_BINARY')", "collate of int; it takes string"),
            ("4.3.0", "collation(5)", "collation of int; it takes string"),
            ("4.3.0", "typeof(upper(s COLLATE UTF8_BINARY))", "typeof of a value with a collation"),
            ("4.3.0", "raise_error('A', s)", "raise_error with the parameters of an error"),
            ("4.3.0", "raise_error('a')", "as a column, which has the type NULL; CAST it"),
            ("4.3.0", "like(s, 'a', '||')", "like with '||' in place of one letter"),
            ("4.3.0", "when(s, 1, 2)", "the condition 's' of string"),
            ("4.3.0", "hex(aes_encrypt(s, s))", "an initialization vector, which is new at each run"),
            ("4.3.0", "hex(aes_encrypt(s, s, 'CBC', 'PKCS', X''))", "which is new at each run"),
            ("4.3.0", "hex(aes_decrypt(s, s, 'ECB', 'NONE'))", "by ECB with the padding NONE; it takes GCM"),
            ("4.3.0", "hex(aes_decrypt(5, s))", "aes_decrypt of int; it takes string or binary"),
        ] {
            let error = open(version, expr).err().unwrap_or_default();
            assert!(error.contains(part), "{version} {expr}: {error}");
        }
    }
}
