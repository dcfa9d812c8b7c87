//! Computes the constant parts of expressions once, when a plan is made; see [`crate::ops::Expr`].

use std::sync::Arc;

use super::cut::with_nodes;
use crate::graph::{Graph, Node};
use crate::ops::{Evaluate, Keep, Op};

/// `graph` with constants in place of what comes to them.
pub(super) fn rewrite(graph: &Graph) -> Option<Graph> {
    let mut changed = false;
    let nodes = graph.nodes.iter().map(|node| {
        let op: Option<Op> = match &*node.op {
            Op::Evaluate(evaluate) => evaluate.expr.folded().map(|expr| Evaluate { expr }.into()),
            Op::Keep(keep) => keep.condition.folded().map(|condition| Keep { condition }.into()),
            _ => None,
        };
        changed |= op.is_some();
        op.map_or_else(|| node.clone(), |op| Node { op: Arc::new(op), ..node.clone() })
    });
    let nodes = nodes.collect();
    changed.then(|| with_nodes(graph, nodes, graph.outputs.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::{Arithmetic, EvalMode, Expr, Literal};
    use crate::passes::random;
    use crate::*;

    #[test]
    fn constants_are_computed_once_and_answers_stay() {
        let number = |value| Box::new(Expr::Literal(Literal::Double(value)));
        let arithmetic =
            |operator, left, right| Expr::Arithmetic { operator, left, right, mode: EvalMode::Legacy };
        let constant = arithmetic(Arithmetic::Add, number(0.1), number(0.2));
        let expr = arithmetic(Arithmetic::Multiply, Box::new(Expr::Input(0)), Box::new(constant));
        let graph = random::graph_of(&[Evaluate { expr }.into()]);
        let [before, after] = random::plans(&graph, rewrite).unwrap();
        assert!(before.to_string().contains("5 operations") && after.to_string().contains("3 operations"));
        let batch = Batch::new(3, vec![Column::from_doubles(vec![1.0, -2.5, f64::NAN])]);
        let [found, expected] = random::answers(&[after, before], &batch);
        assert_eq!(found, expected);
        assert!(rewrite(&rewrite(&graph).unwrap()).is_none());
    }
}
