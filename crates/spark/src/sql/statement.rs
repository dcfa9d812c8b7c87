//! Reads a statement: `SELECT … FROM __THIS__ WHERE …`, and nothing else.
//!
//! The text is bounded before it is parsed: its length, how deep its parts lie in each other, and how many words stand
//! on the way to the innermost of them, since a chain of operators becomes a tree as deep as the chain is long.

use super::grammar::Grammar;
use sqlparser::ast::{
    Expr, GroupByExpr, Query, Select, SelectItem, SetExpr, TableFactor, TableWithJoins,
    WildcardAdditionalOptions,
};
use sqlparser::parser::{Parser, ParserOptions};
use sqlparser::tokenizer::{Token, Tokenizer};

/// The name that stands for the rows.
const THIS: &str = "__THIS__";

/// The longest statement that is read, in bytes.
const MAX_BYTES: usize = 1 << 16;
/// How deep brackets and the like may lie in each other.
const MAX_DEPTH: usize = 40;
/// How many words may stand on the way to the innermost part of an expression.
const MAX_WORDS: usize = 1000;

/// A statement that was read.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    /// What is selected, in order.
    pub(crate) items: Vec<Item>,
    /// The condition that rows must meet.
    pub(crate) filter: Option<Expr>,
    /// The name of the rows, by which a column may be called.
    pub(crate) table: String,
}

/// One part of what is selected.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    /// All columns.
    All,
    /// An expression and its name, where it has one.
    One { expr: Expr, name: Option<String> },
}

impl Statement {
    /// Reads a statement, or says what of it is not read.
    pub(crate) fn parse(text: &str) -> Result<Statement, String> {
        let mut parser = Parser::new(&Grammar)
            .with_recursion_limit(MAX_DEPTH)
            .with_options(ParserOptions::new().with_unescape(false))
            .with_tokens(tokens(text)?);
        let query = parser.parse_query().map_err(|error| error.to_string())?;
        if parser.peek_token_ref().token != Token::EOF {
            return Err(format!("'{}' behind the statement", parser.peek_token_ref().token));
        }
        let select = only_select(*query)?;
        let table = this(select.from)?;
        let items = select.projection.into_iter().map(item).collect::<Result<_, _>>()?;
        Ok(Statement { items, filter: select.selection, table })
    }
}

/// The tokens with two signs for `~~`, which Spark has twice and another dialect as an operator of its own.
fn single_tildes(tokens: Vec<Token>) -> Vec<Token> {
    let mut single = Vec::with_capacity(tokens.len());
    for token in tokens {
        match token {
            Token::DoubleTilde => single.extend([Token::Tilde, Token::Tilde]),
            other => single.push(other),
        }
    }
    single
}

/// The tokens of a statement of bounded size.
fn tokens(text: &str) -> Result<Vec<Token>, String> {
    if text.len() > MAX_BYTES {
        return Err(format!("a statement of {} bytes; at most {MAX_BYTES} are read", text.len()));
    }
    let tokens =
        Tokenizer::new(&Grammar, text).with_unescape(false).tokenize().map_err(|error| error.to_string())?;
    let mut tokens = with_suffixes(single_tildes(tokens));
    let mut words = vec![0_usize];
    let mut number_before = false;
    for token in &mut tokens {
        // A number with a suffix comes as a word, which the parser would take for a name.
        if let Token::Word(word) = token
            && word.quote_style.is_none()
            && word.value.starts_with(|letter: char| letter.is_ascii_digit() || letter == '.')
        {
            *token = Token::Number(word.value.clone(), false);
        }
        match token {
            Token::Word(_) | Token::Number(..) if number_before => {
                return Err(format!("'{token}' right behind a number"));
            }
            Token::LParen | Token::LBracket | Token::LBrace => {
                *words.last_mut().unwrap_or(&mut 0) += 1;
                words.push(0);
            }
            Token::RParen | Token::RBracket | Token::RBrace if words.len() > 1 => drop(words.pop()),
            Token::Comma => *words.last_mut().unwrap_or(&mut 0) = 0,
            Token::Whitespace(_) => {}
            _ => *words.last_mut().unwrap_or(&mut 0) += 1,
        }
        number_before = matches!(token, Token::Number(..));
        if words.len() > MAX_DEPTH || words.iter().sum::<usize>() > MAX_WORDS {
            return Err(format!(
                "an expression of more than {MAX_WORDS} words, or with brackets more than {MAX_DEPTH} deep"
            ));
        }
    }
    Ok(tokens)
}

/// A number with an exponent and a suffix, as `1e3D`, comes as two tokens.
fn with_suffixes(tokens: Vec<Token>) -> Vec<Token> {
    let mut joined: Vec<Token> = Vec::with_capacity(tokens.len());
    for token in tokens {
        match (joined.last_mut(), &token) {
            (Some(Token::Number(number, _)), Token::Word(word))
                if word.quote_style.is_none() && matches!(word.value.as_str(), "D" | "d" | "F" | "f") =>
            {
                number.push_str(&word.value);
            }
            _ => joined.push(token),
        }
    }
    joined
}

/// The one `SELECT` of a query that has no more than that.
fn only_select(query: Query) -> Result<Select, String> {
    let clauses = [
        (query.with.is_some(), "WITH"),
        (query.order_by.is_some(), "ORDER BY"),
        (query.limit_clause.is_some(), "LIMIT"),
        (query.fetch.is_some(), "FETCH"),
        (!query.locks.is_empty() || query.for_clause.is_some(), "FOR"),
        (query.settings.is_some(), "SETTINGS"),
        (query.format_clause.is_some(), "FORMAT"),
        (!query.pipe_operators.is_empty(), "|>"),
    ];
    refuse(&clauses)?;
    let select = match *query.body {
        SetExpr::Select(select) => *select,
        SetExpr::SetOperation { op, .. } => return Err(clause(&op.to_string())),
        SetExpr::Values(_) => return Err(clause("VALUES")),
        _ => return Err("a statement other than SELECT".to_owned()),
    };
    let grouped = match &select.group_by {
        GroupByExpr::All(_) => true,
        GroupByExpr::Expressions(by, modifiers) => !by.is_empty() || !modifiers.is_empty(),
    };
    let clauses = [
        (select.distinct.is_some(), "DISTINCT"),
        (select.select_modifiers.is_some() || select.value_table_mode.is_some(), "SELECT AS"),
        (select.top.is_some(), "TOP"),
        (select.exclude.is_some(), "EXCLUDE"),
        (select.into.is_some(), "INTO"),
        (!select.lateral_views.is_empty(), "LATERAL VIEW"),
        (select.prewhere.is_some(), "PREWHERE"),
        (!select.connect_by.is_empty(), "CONNECT BY"),
        (grouped, "GROUP BY"),
        (select.having.is_some(), "HAVING"),
        (!select.cluster_by.is_empty(), "CLUSTER BY"),
        (!select.distribute_by.is_empty(), "DISTRIBUTE BY"),
        (!select.sort_by.is_empty(), "SORT BY"),
        (!select.named_window.is_empty(), "WINDOW"),
        (select.qualify.is_some(), "QUALIFY"),
        (select.projection.is_empty(), "FROM without SELECT"),
    ];
    refuse(&clauses)?;
    Ok(select)
}

fn refuse(clauses: &[(bool, &str)]) -> Result<(), String> {
    match clauses.iter().find(|(found, _)| *found) {
        Some((_, name)) => Err(clause(name)),
        None => Ok(()),
    }
}

fn clause(name: &str) -> String {
    format!("the clause {name}")
}

/// The name of the one table, which must be the rows.
fn this(from: Vec<TableWithJoins>) -> Result<String, String> {
    let [TableWithJoins { relation, joins }] = from.as_slice() else {
        return Err(format!("FROM {} tables", from.len()));
    };
    if !joins.is_empty() {
        return Err(clause("JOIN"));
    }
    let mut plain = relation.clone();
    let alias = match &mut plain {
        TableFactor::Table { alias, .. } => alias.take(),
        TableFactor::Derived { .. } => return Err("a sub-query".to_owned()),
        _ => None,
    };
    if plain.to_string() != THIS {
        return Err(format!("FROM {plain}"));
    }
    match alias {
        None => Ok(THIS.to_owned()),
        Some(alias) if alias.columns.is_empty() => Ok(alias.name.value),
        Some(alias) => Err(format!("names of columns in {alias}")),
    }
}

fn item(item: SelectItem) -> Result<Item, String> {
    match item {
        SelectItem::UnnamedExpr(expr) => Ok(Item::One { expr, name: None }),
        SelectItem::ExprWithAlias { expr, alias } => Ok(Item::One { expr, name: Some(alias.value) }),
        SelectItem::Wildcard(options) if is_plain(&options) => Ok(Item::All),
        other => Err(format!("'{other}'")),
    }
}

fn is_plain(options: &WildcardAdditionalOptions) -> bool {
    options.to_string().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_tildes_are_two_operators() {
        let found = tokens("~~a").unwrap();
        assert_eq!(found.iter().filter(|token| **token == Token::Tilde).count(), 2, "{found:?}");
        assert!(!found.contains(&Token::DoubleTilde), "{found:?}");
    }

    fn refused(text: &str) -> String {
        Statement::parse(text).unwrap_err()
    }

    #[test]
    fn a_select_from_this_is_read() {
        let statement =
            Statement::parse("SELECT *, t.a + 1 AS `b c`, d FROM __THIS__ AS t WHERE a > 0").unwrap();
        assert_eq!((statement.items.len(), statement.table.as_str()), (3, "t"));
        assert!(statement.filter.is_some() && matches!(statement.items[0], Item::All));
    }

    #[test]
    fn numbers_keep_their_suffix() {
        let statement = Statement::parse("SELECT 1e3D AS a, 2.5F AS b FROM __THIS__").unwrap();
        assert_eq!(statement.items.len(), 2);
        assert!(refused("SELECT 1e3x AS a FROM __THIS__").contains("right behind a number"));
    }

    #[test]
    fn other_clauses_are_named() {
        let cases = [
            ("SELECT a FROM __THIS__ GROUP BY a", "GROUP BY"),
            ("SELECT DISTINCT a FROM __THIS__", "DISTINCT"),
            ("SELECT a FROM __THIS__ ORDER BY a", "ORDER BY"),
            ("SELECT a FROM __THIS__ LIMIT 3", "LIMIT"),
            ("SELECT a FROM __THIS__ HAVING a > 1", "HAVING"),
            ("SELECT a FROM __THIS__ UNION SELECT a FROM __THIS__", "UNION"),
            ("SELECT a FROM __THIS__ JOIN b ON true", "JOIN"),
            ("SELECT a FROM __THIS__, b", "2 tables"),
            ("SELECT a FROM (SELECT a FROM __THIS__)", "a sub-query"),
            ("WITH t AS (SELECT 1) SELECT a FROM __THIS__", "WITH"),
            ("SELECT a FROM other", "FROM other"),
            ("SELECT a FROM __THIS__ LATERAL VIEW explode(a) t AS b", "LATERAL VIEW"),
            ("SELECT * EXCEPT (a) FROM __THIS__", "EXCEPT"),
            ("SELECT a FROM __THIS__; DROP TABLE b", "behind the statement"),
            ("DELETE FROM __THIS__", ""),
            ("", ""),
        ];
        for (text, part) in cases {
            let error = refused(text);
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn hostile_statements_are_refused_quickly() {
        let deep = |open: &str, close: &str, times: usize| {
            format!("SELECT {}1{} AS a FROM __THIS__", open.repeat(times), close.repeat(times))
        };
        for text in [
            deep("(", ")", 5_000),
            deep("abs(", ")", 5_000),
            deep("- ", "", 30_000),
            deep("NOT ", "", 15_000),
            deep("CASE WHEN ", " THEN 1 END", 2_000),
            deep("1 + ", "", 15_000),
            deep("a.", "", 30_000),
            deep("", "[1]", 5_000),
            format!("SELECT {} FROM __THIS__", "x".repeat(1 << 17)),
            "SELECT 'a".to_owned(),
            "SELECT /* a".to_owned(),
        ] {
            Statement::parse(&text).unwrap_err();
        }
        // As deep as it may be.
        Statement::parse(&deep("1 + ", "", 450)).unwrap();
    }
}
