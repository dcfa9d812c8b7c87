//! Nodes that are no tree, and trees of any depth.

use std::sync::Arc;

use arrow_array::{ArrayRef, StringArray};
use serde_json::json;

use crate::attempt::{Outcome, attempt};
use crate::columns::written;
use crate::made::{doubles, ints, lists, named, structs, with_data};

/// A node: its number, its children, the feature that it tests, its threshold or categories, and their count.
type Node = (i32, i32, i32, i32, Vec<f64>, i32);

fn leaf(id: i32) -> Node {
    (id, -1, -1, -1, Vec::new(), -1)
}

fn fork(id: i32, left: i32, right: i32) -> Node {
    (id, left, right, 0, vec![0.5], -1)
}

/// The columns of these nodes as Spark saves them.
fn columns(nodes: &[Node]) -> Vec<(&'static str, ArrayRef)> {
    let split = structs(&[
        ("featureIndex", ints(nodes.iter().map(|node| node.3).collect())),
        (
            "leftCategoriesOrThreshold",
            lists(
                nodes.iter().map(|node| node.4.len()),
                doubles(nodes.iter().flat_map(|node| node.4.clone()).collect()),
            ),
        ),
        ("numCategories", ints(nodes.iter().map(|node| node.5).collect())),
    ]);
    vec![
        ("id", ints(nodes.iter().map(|node| node.0).collect())),
        ("prediction", doubles(vec![1.0; nodes.len()])),
        ("impurity", doubles(vec![0.0; nodes.len()])),
        ("impurityStats", lists(vec![2; nodes.len()], doubles(vec![1.0; 2 * nodes.len()]))),
        ("gain", doubles(vec![0.0; nodes.len()])),
        ("leftChild", ints(nodes.iter().map(|node| node.1).collect())),
        ("rightChild", ints(nodes.iter().map(|node| node.2).collect())),
        ("split", split),
    ]
}

/// A single tree of these nodes.
fn tree(nodes: &[Node]) -> Outcome {
    let class = "classification.DecisionTreeClassificationModel";
    let save = with_data(class, json!({}), &columns(nodes));
    let about = json!({"class": format!("org.apache.spark.ml.{class}"), "uid": "tree", "sparkVersion": "3.5.9",
        "paramMap": {}, "numFeatures": 3, "numClasses": 2});
    attempt(&save.with("metadata/part-00000", about.to_string()))
}

/// A forest, its nodes with the numbers of their trees.
fn forest(trees: &[i32], nodes: &[Node], weights: &[i32]) -> Outcome {
    let class = "classification.RandomForestClassificationModel";
    let data = [("treeID", ints(trees.to_vec())), ("nodeData", structs(&columns(nodes)))];
    let save = with_data(class, json!({}), &data);
    let texts: ArrayRef = Arc::new(StringArray::from(vec!["{}"; weights.len()]));
    let about = [
        ("treeID", ints(weights.to_vec())),
        ("metadata", texts),
        ("weights", doubles(vec![1.0; weights.len()])),
    ];
    let save = save.with("treesMetadata/part-00000.parquet", written(&named(&about)));
    let about = json!({"class": format!("org.apache.spark.ml.{class}"), "uid": "forest", "sparkVersion": "3.5.9",
        "paramMap": {}, "numFeatures": 3, "numClasses": 2, "numTrees": weights.len()});
    attempt(&save.with("metadata/part-00000", about.to_string()))
}

#[test]
fn children_that_make_no_tree_are_refused() {
    tree(&[fork(0, 1, 2), leaf(1), leaf(2)]).assert_opens();
    for (nodes, words) in [
        (vec![], "0 trees"),
        (vec![fork(0, 0, 0)], "has child 0"),
        (vec![fork(0, 1, 1), leaf(1)], "two ways lead"),
        (vec![fork(0, 1, 2), fork(1, 0, 2), leaf(2)], "has child 0"),
        (vec![fork(0, 1, 9), leaf(1), leaf(2)], "has child 9"),
        (vec![fork(0, 1, i32::MAX), leaf(1)], "has child 2147483647"),
        (vec![fork(0, 1, -2), leaf(1)], "has child -2"),
        (vec![fork(0, 1, 2), leaf(1), leaf(1)], "where node 2 is due"),
        (vec![fork(0, 1, 2), leaf(1), leaf(3)], "where node 2 is due"),
        (vec![leaf(0), leaf(1)], "no way leads"),
        (vec![leaf(-1)], "where node 0 is due"),
        (vec![leaf(i32::MAX)], "where node 0 is due"),
    ] {
        tree(&nodes).assert_says(words);
    }
}

#[test]
fn tests_of_what_is_not_there_are_refused() {
    let with = |feature: i32, values: Vec<f64>, categories: i32| {
        tree(&[(0, 1, 2, feature, values, categories), leaf(1), leaf(2)])
    };
    with(3, vec![0.5], -1).assert_says("feature 3");
    with(-1, vec![0.5], -1).assert_says("feature -1");
    with(i32::MAX, vec![0.5], -1).assert_says("feature 2147483647");
    with(0, vec![f64::NAN], -1).assert_says("NaN");
    with(0, vec![], -1).assert_says("0 thresholds");
    with(0, vec![0.5, 0.7], -1).assert_says("2 thresholds");
    with(0, vec![1.0], -2).assert_says("-2 categories");
    with(0, vec![3.0], 3).assert_says("category 3");
    with(0, vec![0.5], 3).assert_says("category 0.5");
    with(0, vec![f64::INFINITY], i32::MAX).assert_says("category inf");
    with(0, vec![f64::from(i32::MAX - 1)], i32::MAX);
    with(0, vec![0.0; 100_000], 3);
}

#[test]
fn trees_of_any_depth_are_walked() {
    // Each fork has a leaf on one side: as deep as there are forks.
    let depth = 100_000;
    let forks = (0..depth).flat_map(|at| [fork(2 * at, 2 * at + 1, 2 * at + 2), leaf(2 * at + 1)]);
    let nodes: Vec<Node> = forks.chain([leaf(2 * depth)]).collect();
    tree(&nodes).assert_opens();
}

#[test]
fn trees_that_are_not_numbered_one_after_another_are_refused() {
    let nodes = [leaf(0), leaf(0)];
    forest(&[0, 1], &nodes, &[0, 1]).assert_opens();
    forest(&[0, 2], &nodes, &[0, 1]).assert_says("tree 2");
    forest(&[-1, 0], &nodes, &[0, 1]).assert_says("tree -1");
    forest(&[0, 0], &nodes, &[0]).assert_says("tree 0 has a node 0");
    forest(&[0, 1], &nodes, &[0]).assert_says("2 trees");
    forest(&[0, 1], &nodes, &[0, i32::MAX]).assert_says("tree 2147483647");
    forest(&[0, 1], &nodes, &[0, 0]).assert_says("tree 0 where tree 1");
    forest(&[], &[], &[]).assert_says("trees");
    let many: Vec<i32> = (0..100_000).collect();
    forest(&many, &vec![leaf(0); many.len()], &many).assert_opens();
}
