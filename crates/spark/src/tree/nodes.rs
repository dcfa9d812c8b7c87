//! The nodes of trees as Spark's `NodeData` and `SplitData` (`ml/tree/treeModels.scala`) hold them, checked and
//! turned into what a plan walks.
//!
//! A tree's nodes are numbered from 0 in pre-order, so children have higher numbers than their parent; a leaf's
//! children are -1. A split whose `numCategories` is -1 sends `x <= threshold` left. Any other tests categories:
//! Spark keeps the smaller side only, so a value that is no known category goes right when the left categories
//! are at most half of all (`numCategories / 2`), and left otherwise (`CategoricalSplit.shouldGoLeft`).

use arrow_buffer::ScalarBuffer;
use firesteel_plan::ops::{Side, Test, TreeNode};

use crate::data::{Lists, Values};
use crate::error::LoadError;

/// The nodes of all trees of a model, row by row as the part files have them.
pub(super) struct NodeTable {
    /// The tree of each node; none where the model is a single tree.
    pub(super) trees: Option<ScalarBuffer<i32>>,
    pub(super) ids: ScalarBuffer<i32>,
    pub(super) lefts: ScalarBuffer<i32>,
    pub(super) rights: ScalarBuffer<i32>,
    pub(super) features: ScalarBuffer<i32>,
    /// The threshold alone, or the left categories.
    pub(super) values: Lists<f64>,
    pub(super) categories: ScalarBuffer<i32>,
}

impl NodeTable {
    /// The table in columns of which `column` knows each by name.
    pub(super) fn read<'a>(
        trees: Option<ScalarBuffer<i32>>,
        column: impl Fn(&str) -> Result<Values<'a>, LoadError>,
    ) -> Result<NodeTable, LoadError> {
        let split = column("split")?;
        Ok(NodeTable {
            trees,
            ids: column("id")?.int_buffer()?,
            lefts: column("leftChild")?.int_buffer()?,
            rights: column("rightChild")?.int_buffer()?,
            features: split.field("featureIndex")?.int_buffer()?,
            values: split.field("leftCategoriesOrThreshold")?.double_lists()?,
            categories: split.field("numCategories")?.int_buffer()?,
        })
    }

    /// The rows of each tree, trees and nodes in order; refuses gaps and repetitions.
    pub(super) fn by_tree(&self) -> Result<Vec<Vec<usize>>, String> {
        let key = |row: usize| (self.trees.as_ref().map_or(0, |trees| trees[row]), self.ids[row]);
        let mut rows: Vec<usize> = (0..self.ids.len()).collect();
        rows.sort_unstable_by_key(|&row| key(row));
        let mut trees: Vec<Vec<usize>> = Vec::new();
        for row in rows {
            let (tree, id) = key(row);
            if usize::try_from(tree) == Ok(trees.len()) {
                trees.push(Vec::new());
            }
            let last = trees.len().checked_sub(1).filter(|&last| usize::try_from(tree) == Ok(last));
            let nodes = last.and_then(|last| trees.get_mut(last));
            let nodes = nodes.ok_or_else(|| format!("tree {tree} without a tree before it"))?;
            if usize::try_from(id) != Ok(nodes.len()) {
                return Err(format!("tree {tree} has a node {id} where node {} is due", nodes.len()));
            }
            nodes.push(row);
        }
        Ok(trees)
    }

    /// The nodes of the tree in these rows.
    pub(super) fn nodes(&self, rows: &[usize]) -> Result<Vec<TreeNode>, String> {
        let mut nodes = Vec::with_capacity(rows.len());
        for (id, &row) in rows.iter().enumerate() {
            nodes.push(self.node(id, row, rows.len()).map_err(|why| format!("node {id} {why}"))?);
        }
        Ok(nodes)
    }

    fn node(&self, id: usize, row: usize, count: usize) -> Result<TreeNode, String> {
        if self.lefts[row] == -1 {
            return Ok(TreeNode::Leaf);
        }
        let child = |number: i32| {
            let child = usize::try_from(number).ok().filter(|&child| child > id && child < count);
            child.ok_or_else(|| format!("has child {number}, expected one of {}..{count}", id + 1))
        };
        let (left, right) = (child(self.lefts[row])?, child(self.rights[row])?);
        Ok(TreeNode::Branch { test: self.test(row)?, left, right })
    }

    fn test(&self, row: usize) -> Result<Test, String> {
        let (number, values) = (self.features[row], self.values.get(row));
        let feature =
            usize::try_from(number).map_err(|_| format!("tests feature {number}, expected one from 0 on"))?;
        match (self.categories[row], values) {
            (-1, &[threshold]) => Ok(Test::AtMost { feature, threshold }),
            (-1, _) => Err(format!("has {} thresholds, expected one", values.len())),
            (count, left) => {
                let count = u32::try_from(count).map_err(|_| format!("has {count} categories"))?;
                categories(feature, count, left)
            }
        }
    }
}

/// The test that sends the categories `left` of `count` left.
fn categories(feature: usize, count: u32, left: &[f64]) -> Result<Test, String> {
    let category = |&value: &f64| {
        let category = value as u32;
        let known = f64::from(category) == value && category < count;
        known
            .then_some(category)
            .ok_or_else(|| format!("sends category {value} left, expected whole ones below {count}"))
    };
    let mut categories: Vec<u32> = left.iter().map(category).collect::<Result<_, _>>()?;
    if left.len() <= count as usize / 2 {
        return Ok(Test::Category { feature, categories, side: Side::Left });
    }
    categories.sort_unstable();
    let others = (0..count).filter(|category| categories.binary_search(category).is_err());
    Ok(Test::Category { feature, categories: others.collect(), side: Side::Right })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A node: id, left and right child, feature, values, number of categories.
    type Row = (i32, i32, i32, i32, &'static [f64], i32);

    fn leaf(id: i32) -> Row {
        (id, -1, -1, -1, &[], -1)
    }

    fn fork(left: i32, right: i32, feature: i32, values: &'static [f64], categories: i32) -> Row {
        (0, left, right, feature, values, categories)
    }

    fn table(rows: &[Row]) -> NodeTable {
        NodeTable {
            trees: None,
            ids: rows.iter().map(|row| row.0).collect(),
            lefts: rows.iter().map(|row| row.1).collect(),
            rights: rows.iter().map(|row| row.2).collect(),
            features: rows.iter().map(|row| row.3).collect(),
            values: rows.iter().map(|row| row.4.to_vec()).collect(),
            categories: rows.iter().map(|row| row.5).collect(),
        }
    }

    fn nodes(rows: &[Row]) -> Result<Vec<TreeNode>, String> {
        let table = table(rows);
        let trees = table.by_tree()?;
        table.nodes(&trees[0])
    }

    #[test]
    fn rows_in_any_order_make_the_same_tree() {
        let rows = [leaf(2), (0, 1, 2, 3, &[0.5], -1), leaf(1)];
        let test = Test::AtMost { feature: 3, threshold: 0.5 };
        let expected = [TreeNode::Branch { test, left: 1, right: 2 }, TreeNode::Leaf, TreeNode::Leaf];
        assert_eq!(nodes(&rows), Ok(expected.to_vec()));
    }

    #[test]
    fn trees_are_told_apart() {
        let mut both = table(&[leaf(0), leaf(1), leaf(0)]);
        both.trees = Some(vec![1, 0, 0].into());
        assert_eq!(both.by_tree(), Ok(vec![vec![2, 1], vec![0]]));
        both.trees = Some(vec![2, 0, 0].into());
        assert!(both.by_tree().unwrap_err().contains("tree 2 without"));
        both.trees = Some(vec![-1, 0, 0].into());
        assert!(both.by_tree().unwrap_err().contains("tree -1 without"));
    }

    #[test]
    fn the_smaller_side_is_kept() {
        let split = |left: &[f64], count| categories(0, count, left);
        let of = |categories: &[u32], side| {
            Ok(Test::Category { feature: 0, categories: categories.to_vec(), side })
        };
        assert_eq!(split(&[1.0, 0.0], 4), of(&[1, 0], Side::Left));
        assert_eq!(split(&[1.0, 0.0], 5), of(&[1, 0], Side::Left));
        assert_eq!(split(&[2.0, 0.0, 1.0], 5), of(&[3, 4], Side::Right));
        assert_eq!(split(&[0.0], 1), of(&[], Side::Right));
        assert_eq!(split(&[], 0), of(&[], Side::Left));
    }

    #[test]
    fn hostile_nodes_are_refused() {
        let cases: [(&str, Vec<Row>); 14] = [
            ("node 1 where node 0 is due", vec![leaf(1)]),
            ("node -1 where node 0 is due", vec![leaf(-1), leaf(0)]),
            ("node 0 where node 1 is due", vec![leaf(0), leaf(0)]),
            ("node 7 where node 1 is due", vec![leaf(0), leaf(7)]),
            ("child 0, expected one of 1..3", vec![fork(0, 2, 0, &[1.0], -1), leaf(1), leaf(2)]),
            ("child 9, expected one of 1..3", vec![fork(1, 9, 0, &[1.0], -1), leaf(1), leaf(2)]),
            ("child -1, expected", vec![fork(1, -1, 0, &[1.0], -1), leaf(1), leaf(2)]),
            ("child -2147483648, expected", vec![fork(i32::MIN, 2, 0, &[1.0], -1), leaf(1), leaf(2)]),
            ("feature -1, expected", vec![fork(1, 2, -1, &[1.0], -1), leaf(1), leaf(2)]),
            ("2 thresholds, expected one", vec![fork(1, 2, 0, &[1.0, 2.0], -1), leaf(1), leaf(2)]),
            ("0 thresholds, expected one", vec![fork(1, 2, 0, &[], -1), leaf(1), leaf(2)]),
            ("has -2 categories", vec![fork(1, 2, 0, &[1.0], -2), leaf(1), leaf(2)]),
            ("category 3 left", vec![fork(1, 2, 0, &[3.0], 3), leaf(1), leaf(2)]),
            ("category 0.5 left", vec![fork(1, 2, 0, &[0.5], 3), leaf(1), leaf(2)]),
        ];
        for (why, rows) in cases {
            let found = nodes(&rows).unwrap_err();
            assert!(found.contains(why), "{found} does not say {why}");
        }
        assert!(categories(0, 3, &[f64::NAN]).is_err());
        assert!(categories(0, 3, &[-1.0]).is_err());
    }
}
