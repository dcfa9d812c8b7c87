//! The shape of a forest: compact nodes, checked once when they are built.
//!
//! A node takes 16 bytes. Within a tree nodes lie breadth-first, so that the top levels share cache lines, and
//! two children lie side by side: the one for rows that fail the test first, the one for rows that pass it
//! second, which makes a step `first + pass`. A leaf tests against NaN, which nothing passes, and is its own
//! first child: a walk may go on past it for as long as other trees are deeper. The NaN's payload is the number
//! of the leaf.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::binned::Binned;
use super::halves::halves;
use super::sets::{SetRef, Sets};
use crate::error::BuildError;

/// A node of a tree as a reader hands it over; children are places in the same tree.
#[derive(Clone, Debug, PartialEq)]
pub enum TreeNode {
    /// The end of the way.
    Leaf,
    /// A fork.
    Branch {
        /// What sends a row left.
        test: Test,
        /// The child for rows that pass the test.
        left: usize,
        /// The child for rows that fail it.
        right: usize,
    },
}

/// What sends a row left.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// `x <= threshold`; a NaN goes right.
    AtMost {
        /// The place of x in the row.
        feature: usize,
        /// The threshold, not NaN.
        threshold: f64,
    },
    /// Whether x is one of some categories.
    Category {
        /// The place of x in the row.
        feature: usize,
        /// The categories.
        categories: Vec<u32>,
        /// Where these categories go; every other value, NaN too, goes to the other side.
        side: Side,
    },
}

/// The two ways from a fork.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// To the left child.
    Left,
    /// To the right child.
    Right,
}

/// A node as it is walked; see the module's description.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) threshold: f64,
    /// The slot of the feature; the highest bit tells a test of categories.
    pub(super) test: u32,
    /// The child for rows that fail the test; the other one follows.
    pub(super) first: u32,
}

const CATEGORY: u32 = 1 << 31;

/// A quiet NaN; the low 32 bits are free.
const LEAF: u64 = 0x7ff8_0000_0000_0000;

impl Node {
    fn leaf(number: u32, place: u32) -> Node {
        Node { threshold: f64::from_bits(LEAF | u64::from(number)), test: 0, first: place }
    }

    /// Whether this is a leaf. A threshold that is NaN is refused, and a category's node has none.
    pub(super) fn is_leaf(&self) -> bool {
        self.threshold.is_nan() && !self.is_category()
    }

    pub(super) fn is_category(&self) -> bool {
        self.test & CATEGORY != 0
    }

    /// The place of the feature among those that the forest reads.
    pub(super) fn slot(&self) -> usize {
        (self.test & !CATEGORY) as usize
    }

    /// The number of this leaf over the forest.
    pub(super) fn leaf_number(&self) -> usize {
        self.threshold.to_bits() as u32 as usize
    }
}

/// Where a tree lies in its forest.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tree {
    pub(super) root: u32,
    /// The steps from the root to the deepest leaf.
    pub(super) depth: u32,
    first_leaf: u32,
}

impl Tree {
    /// The number of its first leaf over the forest.
    #[inline]
    pub(super) fn first_leaf(&self) -> usize {
        self.first_leaf as usize
    }
}

/// The nodes of a forest, in the smallest form that holds them.
#[derive(Clone, Debug)]
pub(super) enum Nodes {
    /// Few thresholds a feature.
    Binned(Binned),
    /// Any thresholds.
    Thresholds(Vec<Node>),
    /// Some nodes test categories.
    Categories(Vec<Node>, Sets),
}

/// The shape of a forest.
#[derive(Clone, Debug)]
pub struct Trees {
    features: usize,
    /// The features that some node tests, ascending; a node holds the place of its feature in here.
    pub(super) read: Vec<u32>,
    pub(super) nodes: Nodes,
    pub(super) trees: Arc<[Tree]>,
    leaves: usize,
}

impl Trees {
    /// The trees whose nodes `nodes_of` gives, the root first, `nodes` in all trees, over rows of `features` values; and
    /// the places of each tree's leaves in its nodes, from left to right. Refuses whatever is no tree. Two threads make a
    /// large forest.
    pub fn build(
        features: usize,
        trees: usize,
        nodes: usize,
        nodes_of: impl Fn(usize) -> Result<Vec<TreeNode>, String> + Sync,
    ) -> Result<(Trees, Vec<Vec<usize>>), BuildError> {
        let made = |range: Range<usize>| {
            let mut builder = TreesBuilder::new(features);
            let mut leaves = Vec::with_capacity(range.len());
            // What is reserved for all trees is written to for these alone.
            builder.reserve(nodes);
            for tree in range {
                let wrong = |why: String| BuildError::Invalid(format!("tree {tree}: {why}"));
                let nodes = nodes_of(tree).map_err(wrong)?;
                leaves.push(builder.add(&nodes).map_err(|why| wrong(why.to_string()))?);
            }
            Ok::<_, BuildError>((builder, leaves))
        };
        let (first, second) = halves(trees, nodes, made);
        // The forms of the trees take the place of what they are made of.
        drop(nodes_of);
        let (mut builder, mut leaves) = first?;
        if let Some(second) = second {
            let (others, leaves_of_others) = second?;
            builder.append(others)?;
            leaves.extend(leaves_of_others);
        }
        Ok((builder.finish()?, leaves))
    }

    /// The number of trees.
    pub fn len(&self) -> usize {
        self.trees.len()
    }

    /// Whether there is no tree, which [`TreesBuilder::finish`] refuses.
    pub fn is_empty(&self) -> bool {
        self.trees.is_empty()
    }

    /// The number of nodes, leaves included.
    pub fn nodes(&self) -> usize {
        match &self.nodes {
            Nodes::Binned(nodes) => nodes.nodes(),
            Nodes::Thresholds(nodes) | Nodes::Categories(nodes, _) => nodes.len(),
        }
    }

    /// The number of leaves.
    pub fn leaves(&self) -> usize {
        self.leaves
    }

    /// The steps from a root to the deepest leaf.
    pub fn depth(&self) -> usize {
        self.trees.iter().map(|tree| tree.depth as usize).max().unwrap_or(0)
    }

    /// The size of the rows.
    pub fn features(&self) -> usize {
        self.features
    }

    /// The number of the first leaf of a tree.
    pub(super) fn first_leaf(&self, tree: usize) -> usize {
        self.trees[tree].first_leaf()
    }
}

/// Builds [`Trees`] tree by tree, and refuses whatever is no tree.
#[derive(Debug)]
pub struct TreesBuilder {
    features: usize,
    read: BTreeSet<u32>,
    nodes: Vec<Node>,
    trees: Vec<Tree>,
    sets: Sets,
    leaves: usize,
}

impl TreesBuilder {
    /// A builder for trees over rows of `features` values.
    pub fn new(features: usize) -> TreesBuilder {
        let (read, nodes, trees, sets) = (BTreeSet::new(), Vec::new(), Vec::new(), Sets::default());
        TreesBuilder { features, read, nodes, trees, sets, leaves: 0 }
    }

    /// Makes room for this many nodes.
    pub fn reserve(&mut self, nodes: usize) {
        self.nodes.reserve(nodes);
    }

    /// Adds a tree, whose root is the first node; answers its leaves' places in `nodes`, from left to right.
    pub fn add(&mut self, nodes: &[TreeNode]) -> Result<Vec<usize>, BuildError> {
        let base = self.nodes.len();
        check_nodes(base + nodes.len())?;
        let leaves = leaves_of(nodes)?;
        let mut numbers = vec![0; nodes.len()];
        for (number, &leaf) in leaves.iter().enumerate() {
            numbers[leaf] = (self.leaves + number) as u32;
        }
        let mut order = Vec::with_capacity(nodes.len());
        order.push(0);
        let (mut depth, mut level_end) = (0, 1);
        for place in 0..nodes.len() {
            if place == level_end {
                depth += 1;
                level_end = order.len();
            }
            let node = match &nodes[order[place]] {
                TreeNode::Leaf => Node::leaf(numbers[order[place]], (base + place) as u32),
                TreeNode::Branch { test, left, right } => {
                    let first = base + order.len();
                    order.extend([*right, *left]);
                    self.branch(test, first as u32).map_err(|why| at_node(order[place], why))?
                }
            };
            self.nodes.push(node);
        }
        self.trees.push(Tree { root: base as u32, depth, first_leaf: self.leaves as u32 });
        self.leaves += leaves.len();
        Ok(leaves)
    }

    /// Adds the trees of `other`, which is over as many features, behind its own.
    fn append(&mut self, other: TreesBuilder) -> Result<(), BuildError> {
        let base = self.nodes.len();
        check_nodes(base + other.nodes.len())?;
        let sets = self.sets.append(&other.sets)?;
        self.nodes.extend(other.nodes.iter().map(|node| {
            let threshold = if node.is_leaf() {
                Node::leaf(self.leaves as u32 + node.leaf_number() as u32, 0).threshold
            } else if node.is_category() {
                set_of(node).moved(sets).to_threshold()
            } else {
                node.threshold
            };
            Node { threshold, test: node.test, first: base as u32 + node.first }
        }));
        self.trees.extend(other.trees.iter().map(|tree| Tree {
            root: base as u32 + tree.root,
            depth: tree.depth,
            first_leaf: self.leaves as u32 + tree.first_leaf,
        }));
        self.read.extend(&other.read);
        self.leaves += other.leaves;
        Ok(())
    }

    /// A fork's node; its slot is the feature itself until [`finish`](Self::finish).
    fn branch(&mut self, test: &Test, first: u32) -> Result<Node, BuildError> {
        let (Test::AtMost { feature, .. } | Test::Category { feature, .. }) = test;
        let slot = u32::try_from(*feature).ok().filter(|&slot| *feature < self.features && slot < CATEGORY);
        let Some(slot) = slot else {
            let features = self.features;
            return Err(BuildError::Invalid(format!(
                "tests feature {feature}, expected one below {features}"
            )));
        };
        self.read.insert(slot);
        match test {
            Test::AtMost { threshold, .. } if threshold.is_nan() => {
                Err(BuildError::Invalid("the threshold is NaN, expected a number".to_owned()))
            }
            Test::AtMost { threshold, .. } => Ok(Node { threshold: *threshold, test: slot, first }),
            Test::Category { categories, side, .. } => {
                let set = self.sets.add(categories, *side == Side::Right)?;
                Ok(Node { threshold: set.to_threshold(), test: slot | CATEGORY, first })
            }
        }
    }

    /// The forest; it must have a tree.
    pub fn finish(self) -> Result<Trees, BuildError> {
        let TreesBuilder { features, read, mut nodes, trees, sets, leaves } = self;
        if trees.is_empty() {
            return Err(BuildError::Invalid("no trees, expected one at least".to_owned()));
        }
        let read: Vec<u32> = read.into_iter().collect();
        for node in nodes.iter_mut().filter(|node| !node.is_leaf()) {
            let slot = read.partition_point(|&feature| (feature as usize) < node.slot());
            node.test = node.test & CATEGORY | slot as u32;
        }
        let nodes = match Binned::of(&nodes, read.len(), &trees) {
            Some(binned) => Nodes::Binned(binned),
            None => {
                nodes.shrink_to_fit();
                match nodes.iter().any(Node::is_category) {
                    true => Nodes::Categories(nodes, sets),
                    false => Nodes::Thresholds(nodes),
                }
            }
        };
        Ok(Trees { features, read, nodes, trees: trees.into(), leaves })
    }
}

/// Refuses more nodes than can be numbered.
fn check_nodes(nodes: usize) -> Result<(), BuildError> {
    match nodes < CATEGORY as usize {
        true => Ok(()),
        false => Err(BuildError::Invalid(format!("more than {CATEGORY} nodes, which no forest may have"))),
    }
}

/// The set that a node tests.
pub(super) fn set_of(node: &Node) -> SetRef {
    SetRef::from_threshold(node.threshold)
}

/// The leaves of a tree from left to right; refuses nodes that are no tree.
fn leaves_of(nodes: &[TreeNode]) -> Result<Vec<usize>, BuildError> {
    let mut seen = vec![false; nodes.len()];
    let mut leaves = Vec::new();
    let mut stack = vec![0];
    while let Some(at) = stack.pop() {
        match seen.get_mut(at) {
            None => {
                let found = nodes.len();
                return Err(BuildError::Invalid(format!(
                    "a tree of {found} nodes names node {at}, which it lacks"
                )));
            }
            Some(true) => {
                return Err(BuildError::Invalid(format!(
                    "two ways lead to node {at} of a tree, expected one"
                )));
            }
            Some(seen) => *seen = true,
        }
        match &nodes[at] {
            TreeNode::Leaf => leaves.push(at),
            TreeNode::Branch { left, right, .. } => stack.extend([*right, *left]),
        }
    }
    match seen.iter().position(|seen| !seen) {
        None => Ok(leaves),
        Some(at) => Err(BuildError::Invalid(format!("no way leads to node {at} of a tree, expected one"))),
    }
}

fn at_node(node: usize, why: BuildError) -> BuildError {
    match why {
        BuildError::Invalid(why) => BuildError::Invalid(format!("node {node}: {why}")),
        other => other,
    }
}
