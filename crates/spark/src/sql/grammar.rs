//! Spark's own grammar where it differs from the one that the parser has for Databricks: the operators `div`, `<<`, `>>`
//! and `>>>`, `~`, which binds more closely than `*` as the minus sign does, `ceil` and `floor`, which are functions as
//! others are, literals of `timestamp_ltz`, and intervals.

use std::any::TypeId;

use sqlparser::ast::{BinaryOperator, DataType, Expr, Ident, ObjectName, TypedString, UnaryOperator};
use sqlparser::dialect::{DatabricksDialect, Dialect, Precedence};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;

use super::interval_literals;

/// Shifts bind more closely than `&`, and less than `+`.
const SHIFT: u8 = 25;

/// Spark's other name of the type `timestamp`, which the parser does not have.
pub(super) const ZONED: &str = "timestamp_ltz";

/// The name of a call of `ceil` or `floor` that is next. The parser has forms of its own for them, whose digits have no sign.
fn rounding(parser: &Parser) -> Option<Ident> {
    let Token::Word(word) = &parser.peek_token_ref().token else { return None };
    let called = parser.peek_nth_token_ref(1).token == Token::LParen;
    (called && matches!(word.keyword, Keyword::CEIL | Keyword::FLOOR)).then(|| Ident::new(word.value.clone()))
}

/// The name of a literal of the type `timestamp_ltz` that is next, as `TIMESTAMP_LTZ '2020-01-01'`.
fn zoned(parser: &Parser) -> Option<Ident> {
    let Token::Word(word) = &parser.peek_token_ref().token else { return None };
    let text = matches!(
        parser.peek_nth_token_ref(1).token,
        Token::SingleQuotedString(_) | Token::DoubleQuotedString(_)
    );
    (text && word.value.eq_ignore_ascii_case(ZONED)).then(|| Ident::new(ZONED))
}

/// The grammar of statements.
#[derive(Debug)]
pub(super) struct Grammar;

impl Dialect for Grammar {
    fn dialect(&self) -> TypeId {
        TypeId::of::<DatabricksDialect>()
    }

    fn is_delimited_identifier_start(&self, letter: char) -> bool {
        DatabricksDialect.is_delimited_identifier_start(letter)
    }

    fn identifier_quote_style(&self, identifier: &str) -> Option<char> {
        DatabricksDialect.identifier_quote_style(identifier)
    }

    fn is_identifier_start(&self, letter: char) -> bool {
        DatabricksDialect.is_identifier_start(letter)
    }

    fn is_identifier_part(&self, letter: char) -> bool {
        DatabricksDialect.is_identifier_part(letter)
    }

    fn supports_numeric_prefix(&self) -> bool {
        true
    }

    fn supports_select_wildcard_except(&self) -> bool {
        true
    }

    fn supports_nested_comments(&self) -> bool {
        true
    }

    fn supports_bang_not_operator(&self) -> bool {
        true
    }

    fn supports_string_literal_backslash_escape(&self) -> bool {
        true
    }

    fn supports_filter_during_aggregation(&self) -> bool {
        true
    }

    fn require_interval_qualifier(&self) -> bool {
        true
    }

    fn allow_extract_custom(&self) -> bool {
        true
    }

    fn supports_interval_options(&self) -> bool {
        true
    }

    fn parse_prefix(&self, parser: &mut Parser) -> Option<Result<Expr, ParserError>> {
        if let Some(interval) = interval_literals::parse(parser) {
            return Some(interval);
        }
        if let Some(name) = rounding(parser) {
            parser.advance_token();
            return Some(parser.parse_function(ObjectName::from(vec![name])));
        }
        if let Some(name) = zoned(parser) {
            parser.advance_token();
            let data_type = DataType::Custom(ObjectName::from(vec![name]), Vec::new());
            let typed = |value| TypedString { data_type, value, uses_odbc_syntax: false };
            return Some(parser.parse_value().map(|value| Expr::TypedString(typed(value))));
        }
        if !parser.consume_token(&Token::Tilde) {
            return None;
        }
        let inner = parser.parse_subexpr(self.prec_value(Precedence::MulDivModOp)).map(Box::new);
        Some(inner.map(|expr| Expr::UnaryOp { op: UnaryOperator::BitwiseNot, expr }))
    }

    fn parse_infix(
        &self,
        parser: &mut Parser,
        left: &Expr,
        precedence: u8,
    ) -> Option<Result<Expr, ParserError>> {
        let op = if parser.parse_keyword(Keyword::DIV) {
            BinaryOperator::MyIntegerDivide
        } else if parser.consume_token(&Token::ShiftLeft) {
            BinaryOperator::PGBitwiseShiftLeft
        } else if parser.consume_tokens(&[Token::ShiftRight, Token::Gt]) {
            BinaryOperator::Custom(">>>".to_owned())
        } else if parser.consume_token(&Token::ShiftRight) {
            BinaryOperator::PGBitwiseShiftRight
        } else {
            return None;
        };
        let left = Box::new(left.clone());
        let right = parser.parse_subexpr(precedence).map(Box::new);
        Some(right.map(|right| Expr::BinaryOp { left, op, right }))
    }

    fn get_next_precedence(&self, parser: &Parser) -> Option<Result<u8, ParserError>> {
        match parser.peek_token_ref().token {
            Token::ShiftLeft | Token::ShiftRight => Some(Ok(SHIFT)),
            _ => None,
        }
    }
}
