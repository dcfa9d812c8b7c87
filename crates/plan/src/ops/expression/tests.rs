//! Rows that need a part of an expression, and rows that do not.

use std::sync::Arc;

use arrow_array::Int32Array;
use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;

use super::*;

fn ints(values: &[Option<i32>]) -> Column {
    Column::Array(Arc::new(Int32Array::from(values.to_vec())))
}

fn literal(value: i32) -> Expr {
    Expr::Literal(Literal::Int(value))
}

fn divided(checked: bool) -> Expr {
    let (left, right) = (Box::new(literal(6)), Box::new(Expr::Input(0)));
    Expr::Arithmetic { operator: Arithmetic::Divide, left, right, mode: EvalMode::of(checked) }
}

fn compare(comparison: Comparison, value: i32) -> Expr {
    Expr::Compare { comparison, left: Box::new(Expr::Input(0)), right: Box::new(literal(value)) }
}

fn run(expr: Expr, column: &Column) -> Result<Vec<Option<i32>>, OpError> {
    let outputs = Evaluate { expr }.run(column.len(), &[column])?;
    Ok(outputs.columns[0].as_array().unwrap().as_primitive::<Int32Type>().iter().collect())
}

#[test]
fn a_branch_that_is_not_taken_cannot_fail() {
    let column = ints(&[Some(0), Some(4), None]);
    assert!(matches!(run(divided(true), &column), Err(OpError::Row(fault)) if fault.row == 0));
    assert_eq!(run(divided(false), &column).ok().unwrap(), [None, Some(1), None]);
    let case = Expr::Case {
        branches: vec![(compare(Comparison::Equal, 0), literal(-1))],
        otherwise: Box::new(divided(true)),
    };
    assert_eq!(run(case, &column).ok().unwrap(), [Some(-1), Some(1), None]);
    let decided = Expr::All(vec![
        Expr::Not(Box::new(compare(Comparison::Equal, 0))),
        Expr::Compare {
            comparison: Comparison::Equal,
            left: Box::new(divided(true)),
            right: Box::new(literal(1)),
        },
    ]);
    let kept = Keep { condition: decided }.run(3, &[&column]).ok().unwrap().keep.unwrap();
    assert_eq!(kept.iter().collect::<Vec<_>>(), [false, true, false]);
}

#[test]
fn an_error_is_raised_by_rows_that_need_it() {
    let raised = |message: Literal| {
        let message = Box::new(Expr::Literal(message));
        let raise = Expr::Raise { message, to: ColumnType::Int };
        let branches = vec![(compare(Comparison::Greater, 0), Expr::Input(0))];
        Expr::Case { branches, otherwise: Box::new(raise) }
    };
    let text = || Literal::String("too small".into());
    assert_eq!(run(raised(text()), &ints(&[Some(1), Some(2)])).ok().unwrap(), [Some(1), Some(2)]);
    let error = run(raised(text()), &ints(&[Some(1), None])).unwrap_err();
    assert!(matches!(error, OpError::Row(fault) if fault.row == 1 && fault.found.ends_with(": too small")));
    let error = run(raised(Literal::Null(ColumnType::String)), &ints(&[Some(0)])).unwrap_err();
    assert!(matches!(error, OpError::Row(fault) if fault.found.ends_with(": null")));
    let other = Expr::Raise { message: Box::new(literal(1)), to: ColumnType::Int };
    assert!(Evaluate { expr: other }.output_types(&[]).is_err());
}

#[test]
fn integers_wrap_or_fail_by_their_width() {
    let column = ints(&[Some(i32::MAX)]);
    let sum = |mode| {
        let (left, right) = (Box::new(Expr::Input(0)), Box::new(literal(1)));
        Expr::Arithmetic { operator: Arithmetic::Add, left, right, mode }
    };
    assert_eq!(run(sum(EvalMode::Legacy), &column).ok().unwrap(), [Some(i32::MIN)]);
    assert_eq!(run(sum(EvalMode::Try), &column).ok().unwrap(), [None]);
    assert!(run(sum(EvalMode::Ansi), &column).is_err());
    let least = ints(&[Some(i32::MIN)]);
    let absolute = |checked| Expr::Absolute { value: Box::new(Expr::Input(0)), checked };
    assert_eq!(run(absolute(false), &least).ok().unwrap(), [Some(i32::MIN)]);
    assert!(run(absolute(true), &least).is_err());
}

#[test]
fn types_are_settled_before_a_row_is_seen() {
    let mixed = Expr::Any(vec![Expr::Input(0)]);
    assert!(Evaluate { expr: mixed }.output_types(&[&ColumnType::Int]).is_err());
    assert!(Evaluate { expr: Expr::Input(0) }.output_types(&[&ColumnType::Vector]).is_err());
    assert!(Keep { condition: literal(1) }.output_types(&[]).is_err());
    let types = Evaluate { expr: divided(true) }.output_types(&[&ColumnType::Int]);
    assert_eq!(types.ok().unwrap(), [ColumnType::Int]);
}

#[test]
fn beside_a_null_nothing_fails() {
    let column = ints(&[None, Some(i32::MAX)]);
    let one = || Box::new(literal(1));
    let input = || Box::new(Expr::Input(0));
    let of = |operator, left, right| Expr::Arithmetic { operator, left, right, mode: EvalMode::Ansi };
    let fails = || Box::new(of(Arithmetic::Divide, one(), Box::new(literal(0))));
    let answers = |expr: Expr| run(expr, &ints(&[None])).map_err(|_| ());
    assert_eq!(answers(of(Arithmetic::Add, input(), fails())), Ok(vec![None]));
    assert_eq!(answers(of(Arithmetic::Add, fails(), input())), Err(()));
    assert_eq!(answers(of(Arithmetic::Divide, fails(), input())), Ok(vec![None]));
    assert_eq!(answers(of(Arithmetic::Divide, input(), fails())), Err(()));
    let sum = of(Arithmetic::Add, input(), one());
    assert!(matches!(run(sum, &column), Err(OpError::Row(fault)) if fault.row == 1));
    let less = |comparison| Expr::Compare { comparison, left: input(), right: fails() };
    let number = |expr| Expr::Case { branches: vec![(expr, literal(1))], otherwise: one() };
    assert_eq!(answers(number(less(Comparison::Less))), Ok(vec![Some(1)]));
    assert_eq!(answers(number(less(Comparison::NullSafeEqual))), Err(()));
}
