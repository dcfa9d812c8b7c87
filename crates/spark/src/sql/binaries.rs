//! Binary values. They are values of expressions only: no column is one.

use firesteel_plan::ColumnType;
use firesteel_plan::ops::{
    ByteFunction, Charset, Comparison, EvalMode, Expr, Literal, MacDigest, Malformed, TextFunction,
    Unreadable,
};
use sqlparser::ast;

use super::coercion::{argument, is_whole};
use super::scope::{Dialect, Scope};
use super::texts;
use super::value::{Kind, Value};

/// The functions here, or `None` for another name.
pub(super) fn function(
    scope: &mut Scope,
    name: &str,
    arguments: &[&ast::Expr],
) -> Option<Result<Value, String>> {
    let try_it = name.starts_with("try_");
    let unreadable = if try_it { Unreadable::Null } else { Unreadable::Error };
    Some(match (name, arguments) {
        ("binary", [value]) => scope.value(value).and_then(|value| cast(scope, value, scope.dialect.mode())),
        ("unhex", [text]) => of_text(scope, ByteFunction::Unhex(Unreadable::Null), name, text),
        ("unbase64", [text]) => of_text(scope, ByteFunction::Unbase64, name, text),
        ("base64", [value]) => base64(scope, name, value),
        ("to_binary" | "try_to_binary", [text]) => {
            of_text(scope, ByteFunction::Unhex(unreadable), name, text)
        }
        ("to_binary" | "try_to_binary", [text, format]) => to_binary(scope, name, text, format, unreadable),
        ("to_base32", [value]) => {
            of_binary(scope, name, value).map(|value| answered(ByteFunction::Base32, vec![value.expr]))
        }
        ("from_base32", [text]) => of_text(scope, ByteFunction::Unbase32, name, text),
        ("bitmap_count", [value]) => bitmap_count(scope, name, value),
        ("hmac", [key, message, ..]) if arguments.len() <= 3 => {
            hmac(scope, name, key, message, arguments.get(2).copied())
        }
        ("encode", [text, charset]) => encode(scope, name, text, charset),
        ("decode", [value, charset]) => decode(scope, name, value, charset),
        ("decode", [value, pairs @ ..]) if !pairs.is_empty() => choose(scope, name, value, pairs),
        ("is_valid_utf8", [text]) => of_utf8(scope, ByteFunction::IsText, name, text),
        ("make_valid_utf8", [text]) => of_utf8(scope, ByteFunction::ToText(Malformed::Unicode), name, text),
        ("validate_utf8", [text]) => {
            of_utf8(scope, ByteFunction::ToText(Malformed::Error), name, text).map(|text| {
                // It is no cast: what is none is an error in any place.
                let arguments = vec![text.expr];
                Value::of(Expr::Text { function: TextFunction::Concat, arguments }, ColumnType::String)
            })
        }
        ("try_validate_utf8", [text]) => of_utf8(scope, ByteFunction::ToText(Malformed::Null), name, text),
        _ => return None,
    })
}

/// A function of bytes that answers bytes.
fn made(function: ByteFunction, value: Value) -> Value {
    Value { expr: Expr::Bytes { function, arguments: vec![value.expr] }, kind: Kind::Binary }
}

/// A function of bytes that answers a value of a column.
fn answered(function: ByteFunction, arguments: Vec<Expr>) -> Value {
    Value::of(Expr::Bytes { function, arguments }, function.answers())
}

pub(super) fn null() -> Value {
    Value { expr: Expr::Literal(Literal::Null(ColumnType::String)), kind: Kind::Binary }
}

/// The bytes of `X'1F'`; an odd number of digits begins with a byte of one.
pub(super) fn literal(digits: &str, dialect: Dialect) -> Result<Value, String> {
    since_3(dialect)?;
    let even = if digits.len().is_multiple_of(2) { digits.to_owned() } else { format!("0{digits}") };
    let byte = |at: usize| {
        let digits =
            even.get(at..at + 2).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()).map(char::from)
    };
    let code: Option<String> = (0..even.len()).step_by(2).map(byte).collect();
    let code =
        code.ok_or_else(|| format!("the literal X'{digits}', which has other signs than digits in base 16"))?;
    Ok(Value { expr: Expr::Literal(Literal::String(code.into())), kind: Kind::Binary })
}

fn since_3(dialect: Dialect) -> Result<(), String> {
    if dialect.since_3 { Ok(()) } else { Err("a binary value in a save of Spark 2".to_owned()) }
}

/// A value as binary, where it is one, null, or the text of one.
fn peeled(value: &Value) -> Option<Value> {
    match (&value.kind, &value.expr) {
        (Kind::Binary, _) => Some(value.clone()),
        (_, Expr::Bytes { function: ByteFunction::ToText(Malformed::Error), arguments }) => {
            let expr = arguments.first()?.clone();
            Some(Value { expr, kind: Kind::Binary })
        }
        _ => None,
    }
}

/// Whether a value is a binary, or the text of one.
pub(super) fn is_binary(value: &Value) -> bool {
    peeled(value).is_some()
}

/// A value as binary, where it is a binary, a text or null.
pub(super) fn of(value: Value) -> Option<Value> {
    if let Some(binary) = peeled(&value) {
        return Some(binary);
    }
    match value.kind {
        Kind::Null => {
            let expr = value.widened(&ColumnType::String)?.expr;
            Some(Value { expr, kind: Kind::Binary })
        }
        Kind::Of(ColumnType::String) => Some(made(ByteFunction::OfText, value)),
        _ => None,
    }
}

/// A binary as the text of its UTF-8; other bytes are an error of their row.
pub(super) fn text(value: Value) -> Value {
    answered(ByteFunction::ToText(Malformed::Error), vec![value.expr])
}

/// An expression that becomes a column: what is no UTF-8 in it is shown as Java does.
pub(super) fn shown(expr: Expr) -> Expr {
    let boxed = |expr: Box<Expr>| Box::new(shown(*expr));
    match expr {
        Expr::Bytes { function: ByteFunction::ToText(Malformed::Error), arguments } => {
            Expr::Bytes { function: ByteFunction::ToText(Malformed::Java), arguments }
        }
        Expr::Case { branches, otherwise } => {
            let branches = branches.into_iter().map(|(condition, value)| (condition, shown(value)));
            Expr::Case { branches: branches.collect(), otherwise: boxed(otherwise) }
        }
        Expr::Coalesce(values) => Expr::Coalesce(values.into_iter().map(shown).collect()),
        expr => expr,
    }
}

/// `CAST(value AS BINARY)`.
pub(super) fn cast(scope: &Scope, value: Value, mode: EvalMode) -> Result<Value, String> {
    since_3(scope.dialect)?;
    let shown = value.shown();
    let bytes = match &value.kind {
        Kind::Of(found) if is_whole(found) && mode == EvalMode::Legacy => match found {
            ColumnType::Byte => 1,
            ColumnType::Short => 2,
            ColumnType::Int => 4,
            _ => 8,
        },
        _ => return of(value).ok_or_else(|| format!("CAST of {shown} to binary, which Spark does not have")),
    };
    let long = value.widened(&ColumnType::Long).ok_or(shown)?;
    Ok(made(ByteFunction::OfNumber(bytes), long))
}

/// A text of any scalar, with U+FFFD for what is none in a binary.
fn lossy(scope: &Scope, name: &str, value: Value) -> Result<Value, String> {
    match peeled(&value) {
        Some(binary) => Ok(answered(ByteFunction::ToText(Malformed::Java), vec![binary.expr])),
        None => argument(value, &ColumnType::String, scope.dialect, name),
    }
}

fn of_text(scope: &mut Scope, function: ByteFunction, name: &str, text: &ast::Expr) -> Result<Value, String> {
    since_3(scope.dialect)?;
    let value = scope.value(text)?;
    Ok(made(function, lossy(scope, name, value)?))
}

/// A binary, or the bytes of a text.
pub(super) fn of_binary(scope: &mut Scope, name: &str, value: &ast::Expr) -> Result<Value, String> {
    let value = scope.value(value)?;
    let shown = value.shown();
    of(value).ok_or_else(|| format!("{name} of {shown}; it takes string or binary, so CAST it"))
}

fn bitmap_count(scope: &mut Scope, name: &str, value: &ast::Expr) -> Result<Value, String> {
    let value = scope.value(value)?;
    match value.kind {
        Kind::Binary => Ok(answered(ByteFunction::BitCount, vec![value.expr])),
        _ => Err(format!("{name} of {}; it takes binary, so CAST it", value.shown())),
    }
}

fn hmac(
    scope: &mut Scope,
    name: &str,
    key: &ast::Expr,
    message: &ast::Expr,
    digest: Option<&ast::Expr>,
) -> Result<Value, String> {
    let arguments = vec![of_binary(scope, name, key)?.expr, of_binary(scope, name, message)?.expr];
    let digest = digest.map_or(Ok(Some("SHA-256".to_owned())), |digest| word(scope, name, digest))?;
    let digest = match digest.as_deref() {
        None => return Ok(null()),
        Some("MD5") => MacDigest::Md5,
        Some("SHA-1" | "SHA1") => MacDigest::Sha1,
        Some("SHA-224" | "SHA224") => MacDigest::Sha224,
        Some("SHA-256" | "SHA256") => MacDigest::Sha256,
        Some("SHA-384" | "SHA384") => MacDigest::Sha384,
        Some("SHA-512" | "SHA512") => MacDigest::Sha512,
        Some(found) => {
            return Err(format!(
                "{name} by '{found}'; it takes MD5, SHA-1, SHA-224, SHA-256, SHA-384 or SHA-512"
            ));
        }
    };
    Ok(Value { expr: Expr::Bytes { function: ByteFunction::Hmac(digest), arguments }, kind: Kind::Binary })
}

/// Whether a text is valid, or a valid one: a text is, and a binary may be.
fn of_utf8(scope: &mut Scope, function: ByteFunction, name: &str, text: &ast::Expr) -> Result<Value, String> {
    let value = scope.value(text)?;
    let value = match peeled(&value) {
        Some(binary) => binary,
        None => made(ByteFunction::OfText, argument(value, &ColumnType::String, scope.dialect, name)?),
    };
    Ok(answered(function, vec![value.expr]))
}

fn base64(scope: &mut Scope, name: &str, value: &ast::Expr) -> Result<Value, String> {
    let value = scope.value(value)?;
    match (peeled(&value), &value.kind) {
        (Some(binary), _) => Ok(answered(ByteFunction::Base64, vec![binary.expr])),
        (None, Kind::Of(ColumnType::String) | Kind::Null) => {
            texts::of(scope, TextFunction::Base64, name, vec![value])
        }
        _ => Err(format!("{name} of {}; it takes string or binary, so CAST it", value.shown())),
    }
}

/// A word that stands in the statement, in capitals; `None` if it is null.
pub(super) fn word(scope: &mut Scope, name: &str, expr: &ast::Expr) -> Result<Option<String>, String> {
    let value = scope.value(expr)?;
    match (&value.kind, &value.expr) {
        _ if value.is_null() => Ok(None),
        (Kind::Of(ColumnType::String), Expr::Literal(Literal::String(text))) => Ok(Some(text.to_uppercase())),
        _ => Err(format!("{name} with '{expr}', which is not a text as it stands")),
    }
}

fn to_binary(
    scope: &mut Scope,
    name: &str,
    text: &ast::Expr,
    format: &ast::Expr,
    unreadable: Unreadable,
) -> Result<Value, String> {
    let function = match word(scope, name, format)?.as_deref() {
        None => return Ok(null()),
        Some("HEX") => ByteFunction::Unhex(unreadable),
        Some("BASE64") => ByteFunction::UnbaseStrictly(unreadable),
        Some("UTF-8" | "UTF8") => ByteFunction::Encode { charset: Charset::Utf8, checked: false },
        Some(_) if unreadable == Unreadable::Null => return Ok(null()),
        Some(_) => {
            return Err(format!("{name} with the format {format}; it takes 'hex', 'utf-8' or 'base64'"));
        }
    };
    of_text(scope, function, name, text)
}

/// A character set by its name; since Spark 4 there are seven, before it was any of Java's.
fn charset(scope: &mut Scope, name: &str, expr: &ast::Expr) -> Result<Option<Charset>, String> {
    since_3(scope.dialect)?;
    let Some(word) = word(scope, name, expr)? else { return Ok(None) };
    let found = match word.as_str() {
        "US-ASCII" => Some(Charset::Ascii),
        "ISO-8859-1" => Some(Charset::Latin1),
        "UTF-8" => Some(Charset::Utf8),
        "UTF-16" => Some(Charset::Utf16),
        "UTF-16BE" => Some(Charset::Utf16Be),
        "UTF-16LE" => Some(Charset::Utf16Le),
        "UTF-32" => Some(Charset::Utf32),
        _ if scope.dialect.ansi => None,
        "ASCII" | "ISO646-US" | "646" => Some(Charset::Ascii),
        "LATIN1" | "L1" | "ISO8859-1" | "ISO_8859-1" => Some(Charset::Latin1),
        "UTF8" => Some(Charset::Utf8),
        "UTF16" | "UTF_16" | "UNICODE" | "UNICODEBIG" => Some(Charset::Utf16),
        "UTF_32" => Some(Charset::Utf32),
        "UTF-32BE" => Some(Charset::Utf32Be),
        "UTF-32LE" => Some(Charset::Utf32Le),
        _ => None,
    };
    found.map(Some).ok_or_else(|| {
        format!(
            "{name} with the character set {expr}; read are US-ASCII, ISO-8859-1, UTF-8, UTF-16, UTF-16BE, UTF-16LE \
             and UTF-32"
        )
    })
}

fn encode(scope: &mut Scope, name: &str, text: &ast::Expr, set: &ast::Expr) -> Result<Value, String> {
    let found = charset(scope, name, set)?;
    let value = scope.value(text)?;
    let value = lossy(scope, name, value)?;
    let checked = scope.dialect.ansi;
    Ok(found.map_or_else(null, |charset| made(ByteFunction::Encode { charset, checked }, value)))
}

fn decode(scope: &mut Scope, name: &str, value: &ast::Expr, set: &ast::Expr) -> Result<Value, String> {
    let found = charset(scope, name, set)?;
    let value = scope.value(value)?;
    let shown = value.shown();
    let value = of(value).ok_or_else(|| format!("{name} of {shown}; it takes binary, so CAST it"))?;
    let checked = scope.dialect.ansi;
    Ok(match found {
        Some(charset) => answered(ByteFunction::Decode { charset, checked }, vec![value.expr]),
        None => Value::literal(Literal::Null(ColumnType::String), ColumnType::String),
    })
}

/// `decode(value, search, result, …, default)`: nulls are found too.
fn choose(scope: &mut Scope, name: &str, value: &ast::Expr, pairs: &[&ast::Expr]) -> Result<Value, String> {
    let version = scope.dialect.version;
    if !version.at_least(3, 2) {
        return Err(format!("{name} with results in a save of Spark {version}; it is read since 3.2"));
    }
    let (mut tests, mut values) = (Vec::new(), Vec::new());
    let (pairs, default) = pairs.as_chunks::<2>();
    for [search, result] in pairs {
        tests.push(scope.compare(Comparison::NullSafeEqual, value, search)?);
        values.push(scope.value(result)?);
    }
    values.push(match default.first() {
        Some(default) => scope.value(default)?,
        // A null of a text, which takes part in finding the type.
        None => Value::literal(Literal::Null(ColumnType::String), ColumnType::String),
    });
    scope.choose(tests, values, name)
}

/// A function of texts that Spark has of bytes too, where it is given them.
pub(super) fn of_bytes(
    scope: &Scope,
    function: TextFunction,
    name: &str,
    values: &[Value],
) -> Option<Result<Value, String>> {
    use TextFunction as Of;
    let binary = |at: usize| values.get(at).filter(|value| value.kind == Kind::Binary);
    let first = values.first()?;
    let whole = |function: ByteFunction| {
        let mut arguments = vec![peeled(first)?.expr];
        for (value, asked) in values.iter().zip(function.types()).skip(1) {
            match argument(value.clone(), &asked, scope.dialect, name) {
                Ok(value) => arguments.push(value.expr),
                Err(error) => return Some(Err(error)),
            }
        }
        Some(Ok(answered(function, arguments)))
    };
    match function {
        Of::Hex => whole(ByteFunction::Hex),
        Of::Md5 => whole(ByteFunction::Md5),
        Of::Sha1 => whole(ByteFunction::Sha1),
        Of::Sha2 => whole(ByteFunction::Sha2),
        Of::Crc32 => whole(ByteFunction::Crc32),
        Of::BitLength => whole(ByteFunction::BitLength),
        Of::OctetLength => Some(on_code(scope, Of::Length, name, &[peeled(first)?])),
        Of::Length => Some(on_code(scope, function, name, &[binary(0)?.clone()])),
        Of::Concat if values.iter().all(|value| value.kind == Kind::Binary) => {
            Some(on_code(scope, function, name, values))
        }
        Of::SubstringFrom | Of::Substring => {
            binary(0)?;
            Some(on_code(scope, function, name, values))
        }
        Of::StartsWith | Of::EndsWith | Of::Contains => {
            binary(0).or_else(|| binary(1))?;
            let values: Option<Vec<Value>> = values.iter().cloned().map(of).collect();
            Some(on_code(scope, function, name, &values?))
        }
        Of::PadStart | Of::PadEnd => {
            binary(0)?;
            if values.len() > 2 {
                binary(2)?;
            }
            let fill = Value { expr: Expr::Literal(Literal::String("\0".into())), kind: Kind::Binary };
            let values: Vec<Value> = values.iter().cloned().chain([fill]).take(3).collect();
            Some(since(scope, name, 3, 3).and_then(|()| on_code(scope, function, name, &values)))
        }
        Of::Overlay => {
            binary(0).or_else(|| binary(1))?;
            if binary(0).and(binary(1)).is_none() {
                return Some(Err(format!(
                    "{name} of binary and another type; CAST one to the type of the other"
                )));
            }
            let rest = Value::literal(Literal::Int(-1), ColumnType::Int);
            let values: Vec<Value> = values.iter().cloned().chain([rest]).take(4).collect();
            Some(on_code(scope, function, name, &values))
        }
        Of::Reverse if scope.dialect.ansi => {
            binary(0)?;
            Some(since(scope, name, 4, 3).and_then(|()| on_code(scope, function, name, values)))
        }
        _ => None,
    }
}

fn since(scope: &Scope, name: &str, major: u32, minor: u32) -> Result<(), String> {
    let version = scope.dialect.version;
    if version.at_least(major, minor) {
        return Ok(());
    }
    Err(format!(
        "{name} of binary in a save of Spark {version}; it is read in saves of {major}.{minor} and newer; CAST it AS STRING"
    ))
}

/// A function of the letters that stand for bytes.
fn on_code(scope: &Scope, function: TextFunction, name: &str, values: &[Value]) -> Result<Value, String> {
    let code = |value: &Value| match value.kind {
        Kind::Binary => Value::of(value.expr.clone(), ColumnType::String),
        _ => value.clone(),
    };
    let made = texts::of(scope, function, name, values.iter().map(code).collect())?;
    let kind = if function.answers() == ColumnType::String { Kind::Binary } else { made.kind };
    Ok(Value { expr: made.expr, kind })
}

/// The first bytes of a binary.
pub(super) fn left(scope: &Scope, name: &str, value: Value, count: Value) -> Result<Value, String> {
    let one = Value::literal(Literal::Int(1), ColumnType::Int);
    on_code(scope, TextFunction::Substring, name, &[value, one, count])
}

/// Values of a row hash, and which of them are bytes.
pub(super) fn hashed(values: Vec<Value>) -> (Vec<Expr>, Vec<bool>) {
    let values = values.into_iter().map(|value| match peeled(&value) {
        Some(binary) => (binary.expr, true),
        None => (value.expr, false),
    });
    values.unzip()
}
