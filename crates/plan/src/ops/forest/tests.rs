//! Forests against a plain walk over the nodes as they were handed in.

use proptest::prelude::*;

use super::*;
use crate::column::{VectorBuilder, VectorColumn};
use crate::dot::{self, DotOrder};
use crate::exactness::Exactness;
use crate::ops::forest::trees::Nodes;

fn at_most(feature: usize, threshold: f64, left: usize, right: usize) -> TreeNode {
    TreeNode::Branch { test: Test::AtMost { feature, threshold }, left, right }
}

/// The leaf's place in `nodes`, found step by step.
fn reference(nodes: &[TreeNode], row: &[f64]) -> usize {
    let mut at = 0;
    while let TreeNode::Branch { test, left, right } = &nodes[at] {
        let goes_left = match test {
            Test::AtMost { feature, threshold } => row[*feature] <= *threshold,
            Test::Category { feature, categories, side } => {
                let inside = categories.iter().any(|&category| f64::from(category) == row[*feature]);
                inside == (*side == Side::Left)
            }
        };
        at = if goes_left { *left } else { *right };
    }
    at
}

/// Some trees, and for each the places of its leaves from left to right.
fn build(features: usize, trees: &[Vec<TreeNode>]) -> (Arc<Trees>, Vec<Vec<usize>>) {
    let mut builder = TreesBuilder::new(features);
    let leaves = trees.iter().map(|nodes| builder.add(nodes).unwrap()).collect();
    (Arc::new(builder.finish().unwrap()), leaves)
}

fn run(forest: &Forest, rows: &VectorColumn) -> Vec<u64> {
    let outputs = forest.run(rows.len(), &[&Column::Vector(rows.clone())]).ok().unwrap();
    match &outputs.columns[0] {
        Column::Vector(found) => {
            found.iter().flat_map(|row| row.unwrap().values().to_vec()).map(f64::to_bits).collect()
        }
        Column::Array(_) => {
            outputs.columns[0].as_doubles().unwrap().values().iter().map(|x| x.to_bits()).collect()
        }
    }
}

/// A tree of at most `2 * splits + 1` nodes in pre-order, as Spark saves it, from a list of random choices.
fn tree_of(choices: &[(usize, u8, f64)]) -> Vec<TreeNode> {
    let mut nodes = vec![TreeNode::Leaf];
    let mut leaves = vec![0];
    for &(feature, kind, value) in choices {
        let place = leaves.swap_remove((kind as usize * 7 + feature) % leaves.len());
        let (left, right) = (nodes.len(), nodes.len() + 1);
        let test = match kind {
            0..=3 => Test::AtMost { feature, threshold: value },
            _ => Test::Category {
                feature,
                categories: (0..u32::from(kind)).filter(|category| category % 3 != 1).collect(),
                side: if kind % 2 == 0 { Side::Left } else { Side::Right },
            },
        };
        nodes[place] = TreeNode::Branch { test, left, right };
        nodes.extend([TreeNode::Leaf, TreeNode::Leaf]);
        leaves.extend([left, right]);
    }
    nodes
}

const FEATURES: usize = 7;

fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => -3.0..3.0,
        4 => (0..8).prop_map(f64::from),
        1 => Just(f64::NAN),
        1 => Just(-0.0),
        1 => Just(f64::INFINITY),
        1 => Just(f64::NEG_INFINITY),
    ]
}

fn tree(kinds: u8) -> impl Strategy<Value = Vec<TreeNode>> {
    // Many values of rows are thresholds themselves.
    let threshold = prop_oneof![2 => -2.0..6.0, 2 => (0..6).prop_map(f64::from), 1 => Just(-0.0)];
    let splits = prop_oneof![4 => 0..25_usize, 1 => 25..120_usize];
    let choices = splits.prop_flat_map(move |splits| {
        prop::collection::vec((0..FEATURES, 0..kinds, threshold.clone()), splits)
    });
    choices.prop_map(|choices| tree_of(&choices))
}

/// Rows, each with whether it is stored as sparse.
fn rows() -> impl Strategy<Value = Vec<(bool, Vec<f64>)>> {
    let row = (any::<bool>(), prop::collection::vec(prop_oneof![2 => Just(0.0), 3 => value()], FEATURES));
    // Few rows, and more than one block of those that are taken through planes.
    prop_oneof![3 => prop::collection::vec(row.clone(), 0..200), 1 => prop::collection::vec(row, 500..700)]
}

fn column(rows: &[(bool, Vec<f64>)], all_dense: bool) -> VectorColumn {
    let mut builder = VectorBuilder::default();
    for (sparse, row) in rows {
        if *sparse && !all_dense {
            let active = row.iter().enumerate().filter(|(_, value)| **value != 0.0);
            let (indices, values): (Vec<u32>, Vec<f64>) =
                active.map(|(at, value)| (at as u32, *value)).unzip();
            builder.push_sparse(row.len(), &indices, &values);
        } else {
            builder.push_dense(row);
        }
    }
    builder.finish()
}

/// Compares every answer of a forest with the reference, bit for bit; a tree's leaves are of so many `kinds` at most.
fn check(trees: &[Vec<TreeNode>], rows: &[(bool, Vec<f64>)], all_dense: bool, kinds: usize) {
    let (made, leaves) = build(FEATURES, trees);
    let rows_in = column(rows, all_dense);
    let worth =
        |tree: usize, node: usize, at: usize| (tree * 31 + node * 7 % kinds * 5 + at) as f64 / 9.0 - 11.0;
    let table = |width: usize| -> Arc<[f64]> {
        let all = leaves.iter().enumerate();
        all.flat_map(|(tree, leaves)| leaves.iter().map(move |&node| (tree, node)))
            .flat_map(|(tree, node)| (0..width).map(move |at| worth(tree, node, at)))
            .collect()
    };
    let ends: Vec<Vec<usize>> =
        rows.iter().map(|(_, row)| trees.iter().map(|nodes| reference(nodes, row)).collect()).collect();

    for width in [2, 3] {
        let sum = LeafSum { values: table(width), width, start: 0.5, divisor: 3.0, shape: Shape::Vector };
        let expected: Vec<u64> = ends
            .iter()
            .flat_map(|ends| {
                (0..width).map(|at| {
                    let worths = ends.iter().enumerate().map(|(tree, &node)| worth(tree, node, at));
                    (worths.fold(0.5, |sum, worth| sum + worth) / 3.0).to_bits()
                })
            })
            .collect();
        assert_eq!(run(&Forest::sum(Arc::clone(&made), sum).unwrap(), &rows_in), expected, "{width} values");
    }

    let weights: Vec<f64> = (0..trees.len()).map(|tree| 1.0 / (tree + 1) as f64).collect();
    for exactness in [Exactness::Fast, Exactness::Spark35, Exactness::Spark4, Exactness::Spark4Avx2] {
        let expected: Vec<u64> = ends
            .iter()
            .map(|ends| {
                let values = ends.iter().enumerate().map(|(tree, &node)| worth(tree, node, 0));
                let values: Vec<f64> = values.collect();
                let products: Vec<f64> = values.iter().zip(&weights).map(|(value, by)| value * by).collect();
                match DotOrder::of_vectors(exactness) {
                    DotOrder::Fast => dot::dense(&products, &vec![1.0; products.len()]).to_bits(),
                    order => order.dense(&values, &weights).to_bits(),
                }
            })
            .collect();
        let forest = Forest::weighted(Arc::clone(&made), table(1).to_vec(), weights.clone(), Shape::Scalar);
        let mut forest = forest.unwrap();
        forest.set_exactness(exactness);
        assert_eq!(run(&forest, &rows_in), expected, "{exactness}");
    }

    let number =
        |tree: usize, node: usize| leaves[tree].iter().position(|&leaf| leaf == node).unwrap() as f64;
    let expected: Vec<u64> = ends
        .iter()
        .flat_map(|ends| ends.iter().enumerate().map(|(tree, &node)| number(tree, node).to_bits()))
        .collect();
    assert_eq!(run(&Forest::leaves(made, Shape::Vector).unwrap(), &rows_in), expected);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn thresholds_alone_answer_as_the_plain_walk(
        trees in prop::collection::vec(tree(4), 1..80),
        rows in rows(),
        all_dense in any::<bool>(),
        kinds in prop_oneof![Just(usize::MAX), 1..9_usize],
    ) {
        check(&trees, &rows, all_dense, kinds);
    }

    #[test]
    fn categories_answer_as_the_plain_walk(
        trees in prop::collection::vec(tree(12), 1..80), rows in rows(), all_dense in any::<bool>(),
    ) {
        check(&trees, &rows, all_dense, usize::MAX);
    }
}

fn one_tree() -> Vec<TreeNode> {
    vec![at_most(1, 0.5, 1, 4), at_most(0, -1.0, 2, 3), TreeNode::Leaf, TreeNode::Leaf, TreeNode::Leaf]
}

#[test]
fn leaves_are_numbered_from_the_left() {
    let (trees, leaves) = build(2, &[one_tree()]);
    assert_eq!(leaves, [[2, 3, 4]]);
    assert_eq!((trees.nodes(), trees.leaves(), trees.depth(), trees.features()), (5, 3, 2, 2));
    let rows = VectorColumn::from_block(4, 2, vec![-2.0, 0.5, 0.0, 0.0, -2.0, 0.6, 0.0, f64::NAN]);
    let found = run(&Forest::leaves(trees, Shape::Scalar).unwrap(), &rows);
    assert_eq!(found, [0.0, 1.0, 2.0, 2.0].map(f64::to_bits));
}

/// A tree that is one chain, with as many thresholds as nodes.
fn chain(splits: usize) -> Vec<TreeNode> {
    let mut nodes: Vec<TreeNode> = Vec::new();
    for at in 0..splits {
        nodes.extend([at_most(0, -(at as f64), 2 * at + 2, 2 * at + 1), TreeNode::Leaf]);
    }
    nodes.push(TreeNode::Leaf);
    nodes
}

#[test]
fn few_thresholds_are_binned_and_many_are_not() {
    for (splits, binned) in [(1, true), (64, true), (65, true), (254, true), (255, false)] {
        let nodes = chain(splits);
        let (trees, _) = build(1, std::slice::from_ref(&nodes));
        assert_eq!(matches!(trees.nodes, Nodes::Binned(_)), binned, "{splits} thresholds");
        let values: Vec<f64> =
            (0..=splits).flat_map(|at| [-(at as f64), 0.5 - at as f64]).chain([f64::NAN]).collect();
        let order = |leaf: usize| if leaf == nodes.len() - 1 { 0 } else { (nodes.len() - leaf) / 2 };
        let expected: Vec<u64> =
            values.iter().map(|&x| (order(reference(&nodes, &[x])) as f64).to_bits()).collect();
        let rows = VectorColumn::from_block(values.len(), 1, values.clone());
        assert_eq!(run(&Forest::leaves(trees, Shape::Scalar).unwrap(), &rows), expected);
    }
}

/// A chain of `length` forks, each with a bush of `splits` at its side.
fn comb(length: usize, splits: usize) -> Vec<TreeNode> {
    let mut nodes = Vec::new();
    for fork in 0..length {
        let (at, bush) = (nodes.len(), tree_of(&vec![(1, 0, fork as f64); splits]));
        nodes.push(at_most(fork % 3, fork as f64 / 2.0, at + 1, at + 1 + bush.len()));
        nodes.extend(bush.into_iter().map(|node| match node {
            TreeNode::Branch { test, left, right } => {
                TreeNode::Branch { test, left: left + at + 1, right: right + at + 1 }
            }
            leaf => leaf,
        }));
    }
    nodes.push(TreeNode::Leaf);
    nodes
}

#[test]
fn trees_higher_than_their_codes_are_sliced_too() {
    for (length, splits, sliced) in
        [(1, 0, true), (13, 1, true), (20, 4, true), (40, 9, true), (65, 0, false)]
    {
        let trees = [comb(length, splits), one_tree()];
        let (made, _) = build(FEATURES, &trees);
        assert!(matches!(made.nodes, Nodes::Binned(_)));
        assert_eq!(
            Sliced::of(&made, None).is_some(),
            sliced,
            "a chain of {length} forks with bushes of {splits}"
        );
        let rows: Vec<(bool, Vec<f64>)> = (0..200)
            .map(|row| (false, (0..FEATURES).map(|at| ((row * 7 + at * 3) % 90) as f64 / 3.0).collect()))
            .collect();
        [usize::MAX, 3].into_iter().for_each(|kinds| check(&trees, &rows, true, kinds));
    }
}

#[test]
fn a_forest_that_two_threads_make_answers_as_the_plain_walk() {
    let mixed = |at: usize| at.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
    let choice =
        |at: usize| (mixed(at) % FEATURES, (mixed(at) / 7 % 4) as u8, (mixed(at) / 31 % 90) as f64 / 3.0);
    // The trees differ in size, so that the two halves need different numbers of planes.
    let trees: Vec<Vec<TreeNode>> = (0..51)
        .map(|tree| tree_of(&(0..7 * (tree + 1)).map(|at| choice(tree * 1000 + at)).collect::<Vec<_>>()))
        .collect();
    let (made, _) = build(FEATURES, &trees);
    assert!(made.nodes() > 1 << 14);
    let values = vec![0.5; made.leaves()];
    assert!(Sliced::of(&made, None).is_some());
    // Nothing is to be told apart.
    assert_eq!(Sliced::of(&made, Some(Worth::Values(&values, 1))).unwrap().selections(), 0);
    let rows: Vec<(bool, Vec<f64>)> = (0..200)
        .map(|row| (false, (0..FEATURES).map(|at| (mixed(row * 10 + at) % 95) as f64 / 3.0).collect()))
        .collect();
    [usize::MAX, 3].into_iter().for_each(|kinds| check(&trees, &rows, true, kinds));
}

#[test]
fn rows_that_are_put_in_order_answer_as_the_plain_walk() {
    let mixed = |at: usize| at.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
    let value = |at: usize| match mixed(at) % 40 {
        0 => f64::NAN,
        1..=4 => f64::from(mixed(at) as u32 % 7),
        _ => (mixed(at) % 1000) as f64 / 30.0,
    };
    // More keys than there are slots, as many and fewer; one chunk of rows, and two of which the last is small.
    for (features, trees, rows) in [(1, 5, 5000), (4, 9, 5200), (FEATURES, 21, 6000), (FEATURES, 2, 16_900)] {
        let choice = |at: usize| (mixed(at) % features, 0, (mixed(at) / 31 % 90) as f64 / 3.0);
        let trees: Vec<Vec<TreeNode>> = (0..trees)
            .map(|tree| tree_of(&(0..9 * (tree + 1)).map(|at| choice(tree * 1000 + at)).collect::<Vec<_>>()))
            .collect();
        let rows: Vec<(bool, Vec<f64>)> = (0..rows)
            .map(|row| (row % 3 == 0, (0..FEATURES).map(|at| value(row * FEATURES + at)).collect()))
            .collect();
        check(&trees, &rows, false, usize::MAX);
        check(&trees, &rows, true, 3);
    }
}

#[test]
fn a_single_value_keeps_its_sign() {
    let (trees, _) = build(1, &[vec![TreeNode::Leaf]]);
    let sum =
        LeafSum { values: Arc::from([-0.0]), width: 1, start: -0.0, divisor: 1.0, shape: Shape::Scalar };
    let forest = Forest::sum(trees, sum).unwrap();
    assert_eq!(run(&forest, &VectorColumn::from_block(1, 1, vec![3.0])), [(-0.0_f64).to_bits()]);
}

#[test]
fn a_long_chain_is_walked_to_its_end() {
    let splits = 5000;
    let (trees, _) = build(1, &[chain(splits)]);
    assert_eq!(trees.depth(), splits);
    let rows = VectorColumn::from_block(2, 1, vec![-1e9, 0.5]);
    let found = run(&Forest::leaves(trees, Shape::Scalar).unwrap(), &rows);
    assert_eq!(found, [0.0, splits as f64].map(f64::to_bits));
}

#[test]
fn what_is_no_tree_is_refused() {
    let leaf = || TreeNode::Leaf;
    let cases: [(&str, Vec<TreeNode>); 9] = [
        ("a tree of 0 nodes", vec![]),
        ("names node 9", vec![at_most(0, 1.0, 1, 9), leaf()]),
        ("names node", vec![at_most(0, 1.0, 1, usize::MAX), leaf()]),
        ("two ways lead to node 0", vec![at_most(0, 1.0, 1, 0), leaf()]),
        ("two ways lead to node 1", vec![at_most(0, 1.0, 1, 1), leaf()]),
        ("two ways lead to node 1", vec![at_most(0, 1.0, 1, 2), leaf(), at_most(0, 1.0, 1, 3), leaf()]),
        ("no way leads to node 1", vec![leaf(), leaf()]),
        ("node 0: tests feature 2, expected one below 2", vec![at_most(2, 1.0, 1, 2), leaf(), leaf()]),
        ("node 0: the threshold is NaN", vec![at_most(0, f64::NAN, 1, 2), leaf(), leaf()]),
    ];
    for (why, nodes) in cases {
        let found = TreesBuilder::new(2).add(&nodes).unwrap_err().to_string();
        assert!(found.contains(why), "{found} does not say {why}");
    }
    assert!(TreesBuilder::new(2).finish().is_err());
}

#[test]
fn answers_that_do_not_fit_are_refused() {
    let (trees, _) = build(2, &[one_tree(), one_tree()]);
    let sum = |values: usize, width| {
        let values = vec![0.0; values].into();
        let sum = LeafSum { values, width, start: 0.0, divisor: 1.0, shape: Shape::Scalar };
        Forest::sum(Arc::clone(&trees), sum)
    };
    assert!(sum(6, 1).is_ok() && sum(5, 1).is_err() && sum(12, 2).is_err());
    let weighted = |values: usize, weights: usize| {
        Forest::weighted(Arc::clone(&trees), vec![0.0; values], vec![1.0; weights], Shape::Scalar)
    };
    assert!(weighted(6, 2).is_ok() && weighted(5, 2).is_err() && weighted(6, 1).is_err());
    assert!(Forest::leaves(Arc::clone(&trees), Shape::Scalar).is_err());
    assert!(Forest::leaves(trees, Shape::Mirrored).is_err());
}

#[test]
fn rows_too_short_and_nulls_are_row_errors() {
    let (trees, _) = build(2, &[one_tree()]);
    let forest = Forest::leaves(trees, Shape::Scalar).unwrap();
    let mut rows = VectorBuilder::default();
    rows.push_dense(&[1.0, 2.0]);
    rows.push_null();
    let short = VectorColumn::from_block(1, 1, vec![0.0]);
    for (rows, row, expected) in [(rows.finish(), 1, "a vector"), (short, 0, "a vector of size 2")] {
        let Err(OpError::Row(fault)) = forest.run(rows.len(), &[&Column::Vector(rows)]) else {
            panic!("a row error")
        };
        assert_eq!((fault.row, fault.expected.as_str()), (row, expected));
    }
}

#[test]
fn only_the_features_on_the_way_must_be_there() {
    let deeper =
        vec![at_most(0, 0.5, 1, 2), TreeNode::Leaf, at_most(3, 0.5, 3, 4), TreeNode::Leaf, TreeNode::Leaf];
    let (trees, _) = build(5, &[deeper]);
    let forest = Forest::leaves(trees, Shape::Scalar).unwrap();
    let column = |rows: &[&[f64]]| {
        let mut builder = VectorBuilder::default();
        rows.iter().for_each(|row| builder.push_dense(row));
        builder.push_sparse(1, &[], &[]);
        builder.finish()
    };
    let rows = column(&[&[0.5], &[1.0, 0.0, 0.0, 0.5], &[1.0, 0.0, 0.0, 9.0, 1.0, 1.0]]);
    assert_eq!(run(&forest, &rows), [0.0, 1.0, 2.0, 0.0].map(f64::to_bits));
    let short = Column::Vector(column(&[&[0.5], &[0.6, 0.0, 0.0]]));
    let Err(OpError::Row(fault)) = forest.run(3, &[&short]) else { panic!("a row error") };
    assert_eq!((fault.row, fault.expected.as_str()), (1, "a vector of size 5"));
}

#[test]
fn selections_are_made_when_many_rows_come_and_clones_share_them() {
    let (trees, _) = build(FEATURES, &[one_tree()]);
    let forest = Forest::leaves(trees, Shape::Vector).unwrap();
    let moved = forest.map_thresholds(|_, threshold| Some(threshold + 1.0)).unwrap();
    let few = VectorColumn::from_block(3, FEATURES, vec![0.5; 3 * FEATURES]);
    run(&forest, &few);
    assert!(forest.sliced.get().is_none());
    let many = VectorColumn::from_block(500, FEATURES, vec![0.5; 500 * FEATURES]);
    run(&moved, &many);
    assert!(std::ptr::eq(forest.sliced().unwrap(), moved.sliced().unwrap()));
    let (trees, _) = build(FEATURES, &[one_tree()]);
    let prepared = Forest::leaves(trees, Shape::Vector).unwrap();
    prepared.prepare();
    assert!(prepared.sliced.get().is_some());
}

#[test]
fn trees_that_two_threads_build_are_those_of_one() {
    let leaf = |_: usize| Ok(vec![TreeNode::Leaf]);
    let category = Test::Category { feature: 1, categories: vec![2, 70], side: Side::Right };
    let of_categories =
        vec![TreeNode::Branch { test: category, left: 1, right: 2 }, TreeNode::Leaf, TreeNode::Leaf];
    let shapes = [one_tree(), of_categories, vec![TreeNode::Leaf]];
    for shapes in [&shapes[..], &shapes[..1]] {
        let nodes = |tree: usize| Ok(shapes[tree % shapes.len()].clone());
        let [one, two] = [0, 1 << 14].map(|said| Trees::build(FEATURES, 7, said, nodes).unwrap());
        assert_eq!(one.1, two.1);
        assert_eq!((one.0.leaves(), one.0.depth()), (two.0.leaves(), two.0.depth()));
        let values = (0..300 * FEATURES).map(|at| (at * 37 % 91) as f64).collect();
        let rows = VectorColumn::from_block(300, FEATURES, values);
        let [one, two] =
            [one.0, two.0].map(|trees| run(&Forest::leaves(Arc::new(trees), Shape::Vector).unwrap(), &rows));
        assert_eq!(one, two);
    }
    let why = |error: BuildError| error.to_string();
    assert!(why(Trees::build(1, 0, 1 << 14, leaf).unwrap_err()).contains("no trees"));
    let bad = |tree: usize| if tree == 5 { Err("is odd".to_owned()) } else { leaf(tree) };
    assert_eq!(why(Trees::build(1, 7, 1 << 14, bad).unwrap_err()), "tree 5: is odd");
}
