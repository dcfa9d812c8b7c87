//! Lets forests read columns straight where a vector is assembled, and scaled, for forests alone.
//!
//! A scaler before a forest becomes part of its thresholds. A test `f(x) <= t` of a function that never descends is
//! the test `x <= u`, where `u` is the largest double with `f(u) <= t`. It is found by search over all doubles with the
//! scaler's own arithmetic, so that no rounding changes a branch. A slot whose function descends or is constant
//! (a factor that is not above zero) keeps its forest as it is, unless the forest does not read the slot.
//!
//! Casts of numbers to doubles that nothing else reads are done on the way.
//!
//! The new operation stands where the vector was assembled, whose errors are the only ones there are: the vectors have the
//! size that the scalers expect, and every slot that the forests test.

use std::sync::Arc;

use super::fused::fused;
use crate::column::ColumnType;
use crate::graph::{Graph, Node, Slot};
use crate::ops::{Cast, Forest, ForestsOfColumns, Op, Slotwise};

/// Forests with more nodes are not copied for other thresholds: their trees take far longer than a scaler.
const MOST_NODES: usize = 1 << 20;

/// `graph` with forests that read columns straight.
pub(super) fn rewrite(graph: &Graph) -> Option<Graph> {
    fused(graph, |graph, types, place| {
        fuse(graph, types, &graph.nodes[place]).map(|fused| (fused.node, fused.absorbed))
    })
}

struct Fused {
    node: Node,
    /// The places of the nodes that it stands for, but for its own.
    absorbed: Vec<usize>,
}

/// What stands in place of `node` and all that reads it, if that is an `Assemble` of doubles for forests alone.
fn fuse(graph: &Graph, types: &[ColumnType], node: &Node) -> Option<Fused> {
    let (Op::Assemble(assemble), [assembled]) = (&*node.op, &node.outputs[..]) else { return None };
    let width = node.inputs.len();
    if width == 0 || node.inputs.iter().any(|&slot| types[slot] != ColumnType::Double) {
        return None;
    }
    let (mut forests, mut outputs, mut absorbed) = (Vec::new(), Vec::new(), Vec::new());
    let mut vectors: Vec<(Slot, Vec<&dyn Slotwise>)> = vec![(*assembled, Vec::new())];
    while let Some((vector, way)) = vectors.pop() {
        if graph.is_output(vector) {
            return None;
        }
        for (place, reader) in graph.readers(vector) {
            let [output] = reader.outputs[..] else { return None };
            absorbed.push(place);
            match &*reader.op {
                Op::Forest(forest) => {
                    forests.push(before(forest, &way, width)?);
                    outputs.push(output);
                }
                op => {
                    let step = op.slotwise().filter(|step| step.size().is_none_or(|size| size == width))?;
                    vectors.push((output, way.iter().copied().chain([step]).collect()));
                }
            }
        }
    }
    if forests.is_empty() {
        return None;
    }
    let mut inputs = node.inputs.clone();
    for slot in &mut inputs {
        if let Some((place, before_cast)) = cast_alone(graph, *slot) {
            absorbed.push(place);
            *slot = before_cast;
        }
    }
    let op = Arc::new(ForestsOfColumns::new(assemble.clone(), forests).into());
    Some(Fused { node: Node { op, inputs, outputs, ..node.clone() }, absorbed })
}

/// The place and the input of the cast to doubles that makes the column in `slot`, if only one operation reads it.
fn cast_alone(graph: &Graph, slot: Slot) -> Option<(usize, Slot)> {
    let (place, node) = graph.nodes.iter().enumerate().find(|(_, node)| node.outputs.contains(&slot))?;
    let alone = graph.readers(slot).count() == 1 && !graph.is_output(slot);
    match (&*node.op, &node.inputs[..]) {
        (Op::Cast(Cast { to: ColumnType::Double }), &[input]) if alone => Some((place, input)),
        _ => None,
    }
}

/// The forest that answers for vectors of `width` what `forest` answers for them after all steps of the way.
fn before(forest: &Forest, way: &[&dyn Slotwise], width: usize) -> Option<Forest> {
    if forest.features() > width {
        return None;
    }
    if way.is_empty() {
        return Some(forest.clone());
    }
    if forest.nodes() > MOST_NODES {
        return None;
    }
    forest.map_thresholds(|slot, threshold| {
        let ascends = way.iter().all(|step| step.ascends(slot));
        let at = |x| way.iter().fold(x, |x, step| step.at(slot, x));
        if ascends { largest(at, threshold) } else { None }
    })
}

/// The largest x for which `of(x) <= most`, where `of` never descends; `None` if there is none.
fn largest(of: impl Fn(f64) -> f64, most: f64) -> Option<f64> {
    let fits = |place: u64| of(at_place(place)) <= most;
    let (mut low, mut high) = (place(f64::NEG_INFINITY), place(f64::INFINITY));
    if !fits(low) {
        return None;
    }
    while low < high {
        let middle = high - (high - low) / 2;
        if fits(middle) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    Some(at_place(low))
}

const SIGN: u64 = 1 << 63;

/// The place of a double among all doubles in ascending order.
fn place(x: f64) -> u64 {
    let bits = x.to_bits();
    if bits & SIGN == 0 { bits | SIGN } else { !bits }
}

/// The double at a place.
fn at_place(place: u64) -> f64 {
    f64::from_bits(if place & SIGN == 0 { !place } else { place & !SIGN })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use std::collections::BTreeMap;

    use crate::ops::{Assemble, HandleInvalid, Scale, Shape, SparseRule, Test, TreeNode, TreesBuilder};
    use crate::passes::{cut, random};
    use crate::*;

    #[test]
    fn forests_of_columns_change_no_answer() {
        random::compare(rewrite);
    }

    proptest! {
        #[test]
        fn the_largest_is_the_border(shift in -1e3..1e3, factor in 1e-6..1e6, threshold in -1e4..1e4) {
            let scale = Scale { shift: Some([shift].into()), factor: Some([factor].into()) };
            let found = largest(|x| scale.at(0, x), threshold).unwrap();
            prop_assert!(scale.at(0, found) <= threshold && scale.at(0, found.next_up()) > threshold);
        }
    }

    /// A column, scaled, and a tree that splits where `x` comes to lie.
    fn split_at(x: f64, scale: Scale) -> Graph {
        let mut builder = Builder::new(BTreeMap::new());
        builder.stage(StageInfo::default());
        let column = builder.doubles("x", true).unwrap();
        let handle_invalid = HandleInvalid::Keep;
        let assemble = Assemble { handle_invalid, sizes: vec![Some(1)], rule: SparseRule::Ratio };
        let vector = builder.apply(assemble.into(), &[&column]).unwrap();
        let test = Test::AtMost { feature: 0, threshold: scale.at(0, x) };
        let scaled = builder.apply(scale.into(), &[&vector]).unwrap();
        let mut trees = TreesBuilder::new(1);
        trees.add(&[TreeNode::Branch { test, left: 1, right: 2 }, TreeNode::Leaf, TreeNode::Leaf]).unwrap();
        let forest = Forest::leaves(Arc::new(trees.finish().unwrap()), Shape::Scalar).unwrap();
        let leaf = builder.apply(forest.into(), &[&scaled]).unwrap();
        builder.bind("leaf", leaf).unwrap();
        cut(&builder.finish(ModelInfo::default()).unwrap().graph, &["leaf"]).unwrap()
    }

    proptest! {
        #[test]
        fn neighbours_of_a_border_stay_on_their_side(
            x in prop_oneof![-1e3..1e3, Just(0.0), any::<f64>().prop_filter("a number", |x| !x.is_nan())],
            shift in prop_oneof![Just(0.0), -1e3..1e3],
            factor in prop_oneof![4 => 1e-3..1e3, 1 => -3.0..3.0, 1 => Just(0.0), 1 => any::<f64>()],
        ) {
            let scale = Scale { shift: Some([shift].into()), factor: Some([factor].into()) };
            prop_assume!(!scale.at(0, x).is_nan());
            let plans = random::plans(&split_at(x, scale), rewrite);
            prop_assert_eq!(plans.is_some(), factor > 0.0 && factor.is_finite());
            if let Some(plans) = plans {
                let near = [x.next_down().next_down(), x.next_down(), x, x.next_up(), x.next_up().next_up()];
                let far = [-x, 0.0, -0.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MIN, f64::MAX];
                let values: Vec<f64> = near.into_iter().chain(far).collect();
                let batch = Batch::new(values.len(), vec![Column::from_doubles(values)]);
                let [before, after] = random::answers(&plans, &batch);
                prop_assert_eq!(before, after);
            }
        }
    }

    #[test]
    fn places_follow_the_order_of_doubles() {
        let ascending = [f64::NEG_INFINITY, f64::MIN, -1.0, -1e-320, -0.0, 0.0, 1e-320, 1.0, f64::INFINITY];
        assert!(ascending.map(place).is_sorted_by(|a, b| a < b));
        assert!(ascending.iter().all(|&x| at_place(place(x)).to_bits() == x.to_bits()));
    }

    #[test]
    fn a_border_may_lie_at_either_end_or_nowhere() {
        assert_eq!(largest(|x| x * 2.0, f64::INFINITY), Some(f64::INFINITY));
        assert_eq!(largest(|x| x * 2.0, f64::NEG_INFINITY), Some((f64::MIN / 2.0).next_down()));
        assert_eq!(largest(|_| 0.5, 0.25), None);
        assert_eq!(largest(|_| 0.5, 0.5), Some(f64::INFINITY));
    }
}
