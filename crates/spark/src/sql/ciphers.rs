//! AES. What is encrypted without the bytes that stand in front is another text at each run.

use firesteel_plan::ops::{ByteFunction, CipherMode, Expr, Literal, Unreadable};
use sqlparser::ast;

use super::binaries::{null, of, of_binary, word};
use super::scope::Scope;
use super::value::{Kind, Value};

/// The functions here, or `None` for another name.
pub(super) fn function(
    scope: &mut Scope,
    name: &str,
    arguments: &[&ast::Expr],
) -> Option<Result<Value, String>> {
    let unreadable = if name.starts_with("try_") { Unreadable::Null } else { Unreadable::Error };
    Some(match (name, arguments) {
        ("aes_encrypt", [message, key, more @ ..]) if more.len() <= 4 => {
            encrypt(scope, name, message, key, more)
        }
        ("aes_decrypt" | "try_aes_decrypt", [bytes, key, more @ ..]) if more.len() <= 3 => {
            decrypt(scope, name, [bytes, key], more, unreadable)
        }
        _ => return None,
    })
}

fn encrypt(
    scope: &mut Scope,
    name: &str,
    message: &ast::Expr,
    key: &ast::Expr,
    more: &[&ast::Expr],
) -> Result<Value, String> {
    let mut arguments = vec![of_binary(scope, name, message)?.expr, of_binary(scope, name, key)?.expr];
    let Some(mode) = mode(scope, name, more)? else { return Ok(null()) };
    let first = bytes_or_none(scope, name, more.get(2).copied())?;
    let none = matches!(&first, Expr::Literal(Literal::String(text)) if text.is_empty());
    if mode != CipherMode::Ecb && none {
        return Err(format!(
            "{name} without an initialization vector, which is new at each run; give it one as the fifth argument"
        ));
    }
    arguments.push(first);
    arguments.push(bytes_or_none(scope, name, more.get(3).copied())?);
    Ok(Value { expr: Expr::Bytes { function: ByteFunction::Encrypt(mode), arguments }, kind: Kind::Binary })
}

fn decrypt(
    scope: &mut Scope,
    name: &str,
    [bytes, key]: [&ast::Expr; 2],
    more: &[&ast::Expr],
    unreadable: Unreadable,
) -> Result<Value, String> {
    let mut arguments = vec![of_binary(scope, name, bytes)?.expr, of_binary(scope, name, key)?.expr];
    let Some(mode) = mode(scope, name, more)? else { return Ok(null()) };
    arguments.push(bytes_or_none(scope, name, more.get(2).copied())?);
    let function = ByteFunction::Decrypt { mode, unreadable };
    Ok(Value { expr: Expr::Bytes { function, arguments }, kind: Kind::Binary })
}

/// The mode and the padding that stand in the statement; `None` if one is null.
fn mode(scope: &mut Scope, name: &str, more: &[&ast::Expr]) -> Result<Option<CipherMode>, String> {
    let mut of = |at: usize, default: &str| match more.get(at) {
        Some(written) => word(scope, name, written),
        None => Ok(Some(default.to_owned())),
    };
    let (mode, padding) = (of(0, "GCM")?, of(1, "DEFAULT")?);
    let (Some(mode), Some(padding)) = (mode, padding) else { return Ok(None) };
    Ok(Some(match (mode.as_str(), padding.as_str()) {
        ("ECB", "PKCS" | "DEFAULT") => CipherMode::Ecb,
        ("CBC", "PKCS" | "DEFAULT") => CipherMode::Cbc,
        ("GCM", "NONE" | "DEFAULT") => CipherMode::Gcm,
        _ => {
            return Err(format!(
                "{name} by {mode} with the padding {padding}; it takes GCM with NONE, and CBC and ECB with PKCS, or DEFAULT"
            ));
        }
    }))
}

/// Bytes, or none where they are left out.
fn bytes_or_none(scope: &mut Scope, name: &str, bytes: Option<&ast::Expr>) -> Result<Expr, String> {
    let Some(bytes) = bytes else { return Ok(Expr::Literal(Literal::String("".into()))) };
    let value = scope.value(bytes)?;
    if matches!(&value.expr, Expr::Literal(Literal::String(text)) if text.is_empty()) {
        return Ok(value.expr);
    }
    let shown = value.shown();
    let bytes =
        of(value).ok_or_else(|| format!("{name} of {shown}; it takes string or binary, so CAST it"))?;
    Ok(bytes.expr)
}
