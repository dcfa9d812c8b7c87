//! Texts and patterns: `LIKE`, `ILIKE`, `RLIKE` and the functions of regular expressions.
//!
//! A pattern is a text as it stands, so that it is read once. Regular expressions are Java's, see
//! [`java_regex`](crate::java_regex).

use firesteel_plan::ColumnType;
use firesteel_plan::ops::{Expr, Like, Literal, Matching, Pattern, Regular, TextFunction};
use sqlparser::ast;

use super::coercion::argument;
use super::expression::negate;
use super::functions;
use super::scope::Scope;
use super::value::{Kind, Value};
use crate::java_regex::{Ends, translate_groups};

/// How many patterns `LIKE ANY` may have.
const MAX_PATTERNS: usize = 1000;

/// The operators of patterns.
pub(super) fn operator(scope: &mut Scope, expr: &ast::Expr) -> Result<Value, String> {
    let (negated, any, value, pattern, escape, ignore) = match expr {
        ast::Expr::Like { negated, any, expr, pattern, escape_char } => {
            (*negated, *any, expr, pattern, escape_char, false)
        }
        ast::Expr::ILike { negated, any, expr, pattern, escape_char } => {
            (*negated, *any, expr, pattern, escape_char, true)
        }
        ast::Expr::RLike { negated, expr, pattern, .. } => {
            let value = matched(scope, "RLIKE", &[expr, pattern], Regular::Test)?;
            return Ok(negate(value.expr, *negated));
        }
        other => return Err(format!("'{other}'")),
    };
    let (patterns, all) = several(pattern, any);
    if patterns.len() > MAX_PATTERNS {
        return Err(format!("more than {MAX_PATTERNS} patterns"));
    }
    let escape = match escape {
        None => '\\',
        Some(escape) => escape_letter(scope, escape, "ESCAPE")?,
    };
    let text = scope.value(value)?;
    let text = argument(text, &ColumnType::String, scope.dialect, "LIKE")?.expr;
    scope.charge(text.size() * patterns.len())?;
    let mut tests = Vec::with_capacity(patterns.len());
    for pattern in patterns {
        let pattern = literal(scope, pattern, "LIKE")?;
        tests.push(negate(test(text.clone(), pattern, escape, ignore)?, negated).expr);
    }
    Ok(Value::boolean(match tests.len() {
        1 => tests.remove(0),
        _ if all => Expr::All(tests),
        _ => Expr::Any(tests),
    }))
}

/// Whether a text is like a pattern.
fn test(text: Expr, pattern: String, escape: char, ignore: bool) -> Result<Expr, String> {
    let (text, pattern) = if ignore { (lower(text), pattern.to_lowercase()) } else { (text, pattern) };
    let read = Like::new(&pattern, escape).ok_or_else(|| format!("the pattern '{pattern}'"))?;
    Ok(Expr::Like { value: Box::new(text), pattern: read })
}

/// The letter that takes the meaning off the next.
fn escape_letter(scope: &mut Scope, escape: &ast::Expr, what: &str) -> Result<char, String> {
    let text = literal(scope, escape, what)?;
    let mut letters = text.chars();
    match (letters.next().filter(|letter| letter.len_utf16() == 1), letters.next()) {
        (Some(letter), None) => Ok(letter),
        _ => Err(format!("{what} with '{text}' in place of one letter")),
    }
}

/// `LIKE` and `ILIKE` as functions.
fn like(scope: &mut Scope, name: &str, arguments: &[&ast::Expr]) -> Result<Value, String> {
    let [text, pattern, escape @ ..] = arguments else { return Err(name.to_owned()) };
    let escape = match escape {
        [] => '\\',
        [escape, ..] => {
            functions::since(scope.dialect, "like with an escape")?;
            escape_letter(scope, escape, name)?
        }
    };
    let text = scope.value(text)?;
    let text = argument(text, &ColumnType::String, scope.dialect, name)?;
    let pattern = literal(scope, pattern, name)?;
    test(text.expr, pattern, escape, name == "ilike").map(Value::boolean)
}

fn lower(text: Expr) -> Expr {
    Expr::Text { function: TextFunction::Lower, arguments: vec![text] }
}

/// The patterns of `ANY (…)` or `ALL (…)`, and whether all must fit.
fn several(pattern: &ast::Expr, any: bool) -> (Vec<&ast::Expr>, bool) {
    match pattern {
        ast::Expr::Tuple(patterns) if any => (patterns.iter().collect(), false),
        ast::Expr::Nested(pattern) if any => (vec![pattern], false),
        ast::Expr::Function(function) => {
            let name = function.name.to_string().to_ascii_lowercase();
            let patterns: Option<Vec<&ast::Expr>> = match &function.args {
                ast::FunctionArguments::List(list) => list
                    .args
                    .iter()
                    .map(|argument| match argument {
                        ast::FunctionArg::Unnamed(ast::FunctionArgExpr::Expr(expr)) => Some(expr),
                        _ => None,
                    })
                    .collect(),
                _ => None,
            };
            match (name.as_str(), patterns) {
                ("all", Some(patterns)) => (patterns, true),
                ("any" | "some", Some(patterns)) => (patterns, false),
                _ => (vec![pattern], false),
            }
        }
        pattern => (vec![pattern], false),
    }
}

/// A text that stands in the statement.
pub(super) fn literal(scope: &mut Scope, expr: &ast::Expr, what: &str) -> Result<String, String> {
    match scope.value(expr)? {
        Value { expr: Expr::Literal(Literal::String(text)), kind: Kind::Of(_) } => Ok(text.to_string()),
        _ => Err(format!("{what} with a pattern that is not a text as it stands")),
    }
}

/// A number that stands in the statement.
fn number(scope: &mut Scope, expr: Option<&&ast::Expr>, default: i32, what: &str) -> Result<i32, String> {
    let Some(expr) = expr else { return Ok(default) };
    match scope.value(expr)?.expr {
        Expr::Literal(Literal::Int(number)) => Ok(number),
        _ => Err(format!("{what} with a number that is not one as it stands")),
    }
}

/// The functions of regular expressions, or `None` for another name.
pub(super) fn function(
    scope: &mut Scope,
    name: &str,
    arguments: &[&ast::Expr],
) -> Option<Result<Value, String>> {
    let more = arguments.get(2);
    Some(match (name, arguments.len()) {
        ("rlike" | "regexp" | "regexp_like", 2) => matched(scope, name, arguments, Regular::Test),
        ("like" | "ilike", 2 | 3) => like(scope, name, arguments),
        ("regexp_count", 2) => matched(scope, name, arguments, Regular::Count),
        ("regexp_instr", 2) => matched(scope, name, arguments, Regular::Place),
        ("regexp_substr", 2) => matched(scope, name, arguments, Regular::First),
        ("regexp_extract", 2 | 3) => extract(scope, name, arguments),
        ("regexp_extract_all", 2 | 3) => extract(scope, name, arguments),
        ("regexp_replace", 3 | 4) => replace(scope, name, arguments),
        ("split", 2 | 3) => number(scope, more, -1, name).and_then(|limit| {
            let limit = usize::try_from(limit).unwrap_or(0);
            let letters = literal(scope, arguments[1], name)?.is_empty();
            let regular = if letters { Regular::Letters(limit) } else { Regular::Split(limit) };
            matched(scope, name, arguments, regular)
        }),
        _ => return None,
    })
}

fn matched(
    scope: &mut Scope,
    name: &str,
    arguments: &[&ast::Expr],
    regular: Regular,
) -> Result<Value, String> {
    let [text, pattern, ..] = arguments else { return Err(name.to_owned()) };
    let ends = match regular {
        Regular::Test => Ends::Anywhere,
        Regular::Group(1..) => Ends::OutsideGroups,
        _ => Ends::Nowhere,
    };
    let written = literal(scope, pattern, name)?;
    let wrong = |expected: String| format!("{name} with the pattern '{written}', expected {expected}");
    let translated = translate_groups(&written, ends).map_err(wrong)?;
    let pattern =
        Pattern::new(&translated.pattern, translated.refused.as_deref()).and_then(
            |pattern| match &translated.before_crlf {
                Some(other) => pattern.before_crlf(other),
                None => Ok(pattern),
            },
        );
    let pattern = pattern.map_err(|reason| wrong(format!("another pattern: {reason}")))?;
    if let Regular::Group(group) | Regular::Groups(group) = regular
        && group > pattern.groups()
    {
        return Err(format!("{name} of group {group}; the pattern '{written}' has {}", pattern.groups()));
    }
    let answers = match regular {
        Regular::Test => ColumnType::Boolean,
        Regular::Count | Regular::Place => ColumnType::Int,
        Regular::First | Regular::Group(_) | Regular::Replace { .. } => ColumnType::String,
        Regular::Groups(_) | Regular::Split(_) | Regular::Letters(_) => ColumnType::strings(),
    };
    let text = scope.value(text)?;
    let text = argument(text, &ColumnType::String, scope.dialect, name)?;
    let regular = match regular {
        Regular::Replace { parts, .. }
            if parts.iter().any(|part| matches!(part, Err(group) if *group > pattern.groups())) =>
        {
            return Err(format!("{name} by a group that the pattern '{written}' does not have"));
        }
        regular => regular,
    };
    let matching = Matching { pattern, regular };
    Ok(Value { expr: Expr::Match { value: Box::new(text.expr), matching }, kind: Kind::Of(answers) })
}

fn extract(scope: &mut Scope, name: &str, arguments: &[&ast::Expr]) -> Result<Value, String> {
    let group = number(scope, arguments.get(2), 1, name)?;
    let group = usize::try_from(group).map_err(|_| format!("{name} of group {group}"))?;
    let all = name == "regexp_extract_all";
    matched(scope, name, arguments, if all { Regular::Groups(group) } else { Regular::Group(group) })
}

fn replace(scope: &mut Scope, name: &str, arguments: &[&ast::Expr]) -> Result<Value, String> {
    let written = literal(scope, arguments[2], name)?;
    let place = number(scope, arguments.get(3), 1, name)?;
    let skipped = usize::try_from(place - 1).map_err(|_| format!("{name} from place {place}"))?;
    let pattern = literal(scope, arguments[1], name)?;
    let groups = translate_groups(&pattern, Ends::Nowhere)
        .ok()
        .and_then(|translated| Some(Pattern::new(&translated.pattern, None).ok()?.groups()));
    let parts = parts(&written, groups.unwrap_or(0));
    let parts =
        parts.ok_or_else(|| format!("{name} by '{written}'; a `$` stands before the number of a group"))?;
    matched(scope, name, arguments, Regular::Replace { parts, skipped })
}

/// The texts and groups of what matches are exchanged for: `$1` is a group, a backslash takes the meaning off a letter.
fn parts(written: &str, groups: usize) -> Option<Vec<Result<String, usize>>> {
    let mut parts: Vec<Result<String, usize>> = Vec::new();
    let mut letters = written.chars().peekable();
    while let Some(letter) = letters.next() {
        let letter = match letter {
            '\\' => letters.next()?,
            '$' => {
                let mut group = letters.next()?.to_digit(10)? as usize;
                // More digits belong to it while there is such a group.
                while let Some(digit) = letters.peek().and_then(|letter| letter.to_digit(10)) {
                    let longer = group * 10 + digit as usize;
                    if longer > groups {
                        break;
                    }
                    group = longer;
                    letters.next();
                }
                parts.push(Err(group));
                continue;
            }
            letter => letter,
        };
        match parts.last_mut() {
            Some(Ok(text)) => text.push(letter),
            _ => parts.push(Ok(letter.into())),
        }
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replacements_hold_groups() {
        let text = |text: &str| Ok(text.to_owned());
        assert_eq!(parts("a$1b", 1), Some(vec![text("a"), Err(1), text("b")]));
        assert_eq!(parts("$12", 1), Some(vec![Err(1), text("2")]));
        assert_eq!(parts("$12", 12), Some(vec![Err(12)]));
        assert_eq!(parts(r"\$x", 0), Some(vec![text("$x")]));
        assert_eq!((parts("$x", 1), parts("\\", 0), parts("${n}", 1)), (None, None, None));
    }
}
