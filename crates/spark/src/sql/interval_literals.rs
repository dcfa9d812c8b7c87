//! Literals of intervals: `INTERVAL 1 YEAR 2 MONTHS`, `INTERVAL '1 02:03' DAY TO MINUTE`, `INTERVAL '2 days 3 hours'`.
//!
//! The parser has a form of its own for them, of one number and one unit that may be an expression; Spark's is of signs,
//! numbers and texts only.

use firesteel_plan::ColumnType;
use firesteel_plan::ops::{CalendarInterval, IntervalType, IntervalUnit, IntervalUnits, Literal};
use sqlparser::ast::{self, DateTimeField, Expr, Ident, IntervalFields, UnaryOperator};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;

use super::intervals::of_type;
use super::literal;
use super::scope::{Dialect, Scope};
use super::value::Value;

/// Reads a literal that is next.
pub(super) fn parse(parser: &mut Parser) -> Option<Result<Expr, ParserError>> {
    let Token::Word(word) = &parser.peek_token_ref().token else { return None };
    if word.keyword != Keyword::INTERVAL || word.quote_style.is_some() {
        return None;
    }
    let signed = is_sign(&parser.peek_nth_token_ref(1).token);
    let lone = !signed && text(&parser.peek_nth_token_ref(1).token).is_some();
    (lone || is_part(parser, 1)).then(|| parts(parser))
}

/// Whether a number or text with its unit is next, `at` so many words.
fn is_part(parser: &Parser, at: usize) -> bool {
    let at = if is_sign(&parser.peek_nth_token_ref(at).token) { at + 1 } else { at };
    let value = &parser.peek_nth_token_ref(at).token;
    let is_value = text(value).is_some() || matches!(value, Token::Number(..));
    is_value && unit(&parser.peek_nth_token_ref(at + 1).token).is_some()
}

fn is_sign(token: &Token) -> bool {
    matches!(token, Token::Minus | Token::Plus)
}

fn text(token: &Token) -> Option<(&str, char)> {
    match token {
        Token::SingleQuotedString(text) => Some((text, '\'')),
        Token::DoubleQuotedString(text) => Some((text, '"')),
        _ => None,
    }
}

/// The name of a unit in small letters.
fn unit(token: &Token) -> Option<String> {
    let Token::Word(word) = token else { return None };
    let name = word.value.to_ascii_lowercase();
    let one = name.strip_suffix('s').unwrap_or(&name);
    let known = [
        "year",
        "month",
        "week",
        "day",
        "hour",
        "minute",
        "second",
        "millisecond",
        "microsecond",
        "nanosecond",
    ];
    (word.quote_style.is_none() && known.contains(&one)).then_some(name)
}

/// What stands behind `INTERVAL`: a text, a text and two units, or numbers and texts with a unit each, as one text.
fn parts(parser: &mut Parser) -> Result<Expr, ParserError> {
    parser.advance_token();
    let mut whole = String::new();
    loop {
        let negative = parser.consume_token(&Token::Minus);
        if !negative {
            let _ = parser.consume_token(&Token::Plus);
        }
        let token = parser.next_token().token;
        let value = match (&token, text(&token)) {
            (_, Some((text, quote))) => quoted(text.to_owned(), quote),
            (_, None) => Expr::value(ast::Value::SingleQuotedString(token.to_string())),
        };
        let Some(name) = unit(&parser.peek_token_ref().token) else { return Ok(interval(value, None, None)) };
        parser.advance_token();
        if whole.is_empty() && text(&token).is_some() && parser.parse_keyword(Keyword::TO) {
            let last = parser.parse_identifier()?;
            let value = match negative {
                true => Expr::UnaryOp { op: UnaryOperator::Minus, expr: Box::new(value) },
                false => value,
            };
            return Ok(interval(value, Some(Ident::new(name)), Some(last)));
        }
        let number = text(&token).map_or_else(|| token.to_string(), |(text, _)| text.to_owned());
        let numeral = |letter: char| !letter.is_alphabetic() && letter != '\\';
        if !number.chars().all(numeral) {
            return Err(ParserError::ParserError(format!("INTERVAL with '{number}', which is no number")));
        }
        let number = match (negative, number.strip_prefix('-')) {
            (true, Some(positive)) => positive.to_owned(),
            (true, None) => format!("-{number}"),
            (false, _) => number,
        };
        whole.push_str(&format!("{number} {name} "));
        if !is_part(parser, 0) {
            return Ok(interval(quoted(whole.trim_end().to_owned(), '\''), None, None));
        }
    }
}

fn quoted(text: String, quote: char) -> Expr {
    Expr::value(match quote {
        '"' => ast::Value::DoubleQuotedString(text),
        _ => ast::Value::SingleQuotedString(text),
    })
}

fn interval(value: Expr, first: Option<Ident>, last: Option<Ident>) -> Expr {
    Expr::Interval(ast::Interval {
        value: Box::new(value),
        leading_field: first.map(DateTimeField::Custom),
        leading_precision: None,
        last_field: last.map(DateTimeField::Custom),
        fractional_seconds_precision: None,
    })
}

/// Lowers a literal.
pub(super) fn lower(scope: &Scope, interval: &ast::Interval) -> Result<Value, String> {
    since(scope.dialect)?;
    let shown = Expr::Interval(interval.clone()).to_string();
    let (negative, value) = match interval.value.as_ref() {
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => (true, expr.as_ref()),
        value => (false, value),
    };
    let text = match value {
        Expr::Value(value) => match &value.value {
            ast::Value::SingleQuotedString(text) => Some(literal::text(text, '\'', scope.dialect)?),
            ast::Value::DoubleQuotedString(text) => Some(literal::text(text, '"', scope.dialect)?),
            _ => None,
        },
        _ => None,
    };
    let Some(text) = text else {
        return Err(format!(
            "'{shown}', an interval of more than a number or text; of a column it is CAST(… AS INTERVAL DAY) or make_interval(…)"
        ));
    };
    match (&interval.leading_field, &interval.last_field) {
        (None, None) => of_units(&text, &shown),
        (Some(first), Some(last)) => {
            let of = range(&first.to_string(), &last.to_string()).ok_or_else(|| {
                format!("'{shown}'; the units of an interval are YEAR TO MONTH, or two of DAY, HOUR, MINUTE and SECOND")
            })?;
            let text = match (negative, text.strip_prefix('-')) {
                (true, Some(positive)) => positive.to_owned(),
                (true, None) => format!("-{text}"),
                (false, _) => text,
            };
            let value = of.read(&text).ok_or_else(|| format!("'{shown}', which is no {of}, or too long"))?;
            Ok(made(value, of))
        }
        _ => Err(format!("'{shown}'; an interval is like INTERVAL 3 DAYS or INTERVAL '1-2' YEAR TO MONTH")),
    }
}

/// Refuses intervals of saves in which all were of the calendar.
pub(super) fn since(dialect: Dialect) -> Result<(), String> {
    if dialect.version.at_least(3, 2) {
        return Ok(());
    }
    Err(format!(
        "an interval in a save of Spark {}; they are read in saves of 3.2 and newer; add days by date_add and months by add_months, and subtract dates by datediff",
        dialect.version
    ))
}

/// A number of months or microseconds.
pub(super) fn made(value: i64, of: IntervalType) -> Value {
    let literal = match of {
        IntervalType::YearMonth(_) => Literal::Int(value as i32),
        _ => Literal::Long(value),
    };
    of_type(firesteel_plan::ops::Expr::Literal(literal), of)
}

/// A text of numbers with a unit each, which are all of months or all of days and time.
fn of_units(text: &str, shown: &str) -> Result<Value, String> {
    let parts = CalendarInterval::read(text).ok_or_else(|| {
        format!("'{shown}', which is no interval, or too long; an interval is like INTERVAL 3 DAYS 2 HOURS")
    })?;
    let lower = text.to_lowercase();
    let words = lower.split_whitespace().map(|word| word.strip_suffix('s').unwrap_or(word));
    let mut found: Option<IntervalUnits> = None;
    for word in words {
        let unit = match word {
            "year" => IntervalUnit::Year,
            "month" => IntervalUnit::Month,
            "week" | "day" => IntervalUnit::Day,
            "hour" => IntervalUnit::Hour,
            "minute" => IntervalUnit::Minute,
            "second" | "millisecond" | "microsecond" => IntervalUnit::Second,
            _ => continue,
        };
        let one = IntervalUnits { first: unit, last: unit };
        found = Some(found.map_or(one, |before| before.and(one)));
    }
    let units = found.ok_or_else(|| format!("'{shown}', which has no unit"))?;
    match typed(units) {
        Some(of @ IntervalType::YearMonth(_)) => Ok(made(parts.months.into(), of)),
        Some(of) => {
            let day = IntervalUnit::Day.length();
            let micros =
                i64::from(parts.days).checked_mul(day).and_then(|days| days.checked_add(parts.micros));
            Ok(made(micros.ok_or_else(|| format!("'{shown}', which is too long"))?, of))
        }
        None => Err(format!(
            "'{shown}', of months and of days; Spark takes them apart, so add one behind the other, or take make_interval(…)"
        )),
    }
}

/// The type of intervals of these units; months and days do not go together.
fn typed(units: IntervalUnits) -> Option<IntervalType> {
    match (units.first <= IntervalUnit::Month, units.last <= IntervalUnit::Month) {
        (true, true) => Some(IntervalType::YearMonth(units)),
        (false, false) => Some(IntervalType::DayTime(units)),
        _ => None,
    }
}

fn range(first: &str, last: &str) -> Option<IntervalType> {
    let unit = |name: &str| {
        use IntervalUnit::{Day, Hour, Minute, Month, Second, Year};
        let all = [Year, Month, Day, Hour, Minute, Second];
        all.into_iter().find(|unit| unit.name().eq_ignore_ascii_case(name))
    };
    let units = IntervalUnits { first: unit(first)?, last: unit(last)? };
    if units.first < units.last { typed(units) } else { None }
}

/// The type that a cast names.
pub(super) fn named(fields: Option<&IntervalFields>) -> Option<IntervalType> {
    let Some(fields) = fields else { return Some(IntervalType::Calendar) };
    let shown = fields.to_string().to_ascii_lowercase();
    let (first, last) = shown.split_once(" to ").unwrap_or((&shown, &shown));
    let unit = |name: &str| {
        use IntervalUnit::{Day, Hour, Minute, Month, Second, Year};
        [Year, Month, Day, Hour, Minute, Second].into_iter().find(|unit| unit.name() == name)
    };
    typed(IntervalUnits { first: unit(first)?, last: unit(last)? })
}

/// A null of a type.
pub(super) fn null(of: IntervalType) -> Value {
    of_type(firesteel_plan::ops::Expr::Literal(Literal::Null(of.held())), of)
}

/// A null of a type of columns.
pub(super) fn null_of(of: ColumnType) -> Value {
    Value::literal(Literal::Null(of.clone()), of)
}
