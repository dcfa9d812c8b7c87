//! The leaf of a tree of clusters that a row falls into: Spark's `BisectingKMeansModel`.
//!
//! From the root on, the child with the nearest centre is taken, the first of equals
//! (`mllib/clustering/BisectingKMeans.scala`, `ClusteringTreeNode.predict`).

use std::fmt;
use std::sync::Arc;

use arrow_array::Int32Array;

use super::center::{Center, norm};
use super::scale::expect_vector;
use super::{Mismatch, Operation, Outputs, expect_types, vectors};
use crate::column::{Column, ColumnType, VectorRef};
use crate::dot::{self, DotOrder};
use crate::error::{BuildError, OpError};
use crate::exactness::Exactness;
use crate::row::{MadeStep, RowStep, RowType};

/// How far a row is from a centre.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distance {
    /// The squared length of the difference.
    Euclidean,
    /// One less the cosine of the angle; a row without length is an error.
    Cosine,
}

/// A node of a tree of clusters.
#[derive(Clone, Debug)]
pub struct ClusterNode<'a> {
    /// The centre.
    pub center: VectorRef<'a>,
    /// The length of the centre.
    pub norm: f64,
    /// The places of the nodes below, each after this one; a leaf has none.
    pub children: Vec<usize>,
    /// The cluster, for a leaf.
    pub cluster: i32,
}

/// The leaf of a tree of clusters that a row falls into, an int.
#[derive(Clone, Debug)]
pub struct ClusterTree {
    size: usize,
    nodes: Arc<[Node]>,
    distance: Distance,
    /// Whether NaN is further than every number, or never compared, so that it stays if it stands first.
    nan_is_far: bool,
    order: DotOrder,
}

#[derive(Clone, Debug)]
struct Node {
    center: Center,
    children: Vec<usize>,
    cluster: i32,
}

impl ClusterTree {
    /// A tree of `nodes`, the root first. `nan_is_far` says whether a distance that is NaN is further than every
    /// number, as since Scala 2.13, or keeps its place if it stands first.
    pub fn new(
        nodes: &[ClusterNode<'_>],
        distance: Distance,
        nan_is_far: bool,
    ) -> Result<ClusterTree, BuildError> {
        let invalid = |reason: String| BuildError::Invalid(reason);
        let Some(size) = nodes.first().map(|root| root.center.size()) else {
            return Err(invalid("no clusters, expected one at least".to_owned()));
        };
        let lowest = if distance == Distance::Cosine { f64::MIN_POSITIVE } else { 0.0 };
        let mut made = Vec::with_capacity(nodes.len());
        for (at, node) in nodes.iter().enumerate() {
            if node.center.size() != size {
                let found = node.center.size();
                return Err(invalid(format!(
                    "centre {at} has size {found}, expected {size} as the first has"
                )));
            }
            if node.norm.is_nan() || node.norm < lowest {
                return Err(invalid(format!(
                    "centre {at} has the length {}, expected a positive one",
                    node.norm
                )));
            }
            if !node.children.iter().all(|&child| child > at && child < nodes.len()) {
                return Err(invalid(format!("cluster {at} has children that do not come after it")));
            }
            let center = Center { norm: node.norm, ..Center::new(&node.center) };
            made.push(Node { center, children: node.children.clone(), cluster: node.cluster });
        }
        Ok(ClusterTree { size, nodes: made.into(), distance, nan_is_far, order: DotOrder::default() })
    }

    /// The cluster of `point`; `None` where its length is NaN, or zero and an angle is asked for.
    fn cluster(&self, point: VectorRef<'_>) -> Option<i32> {
        let length = norm(point.values());
        if length.is_nan() || (self.distance == Distance::Cosine && length <= 0.0) {
            return None;
        }
        let mut node = self.nodes.first()?;
        while let Some((&first, others)) = node.children.split_first() {
            let mut best = (first, self.distance(first, point, length));
            for &child in others {
                let distance = self.distance(child, point, length);
                if distance < best.1 || (self.nan_is_far && best.1.is_nan() && !distance.is_nan()) {
                    best = (child, distance);
                }
            }
            node = self.nodes.get(best.0)?;
        }
        Some(node.cluster)
    }

    fn distance(&self, node: usize, point: VectorRef<'_>, length: f64) -> f64 {
        let center = &self.nodes[node].center;
        match self.distance {
            Distance::Euclidean => center.squared_distance(point, length),
            Distance::Cosine => {
                let dot = match point {
                    VectorRef::Dense(values) => self.order.dense(&center.values, values),
                    VectorRef::Sparse { indices, values, .. } => dot::sparse(indices, values, &center.values),
                };
                1.0 - dot / center.norm / length
            }
        }
    }
}

impl Operation for ClusterTree {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::Vector])?;
        Ok(vec![ColumnType::Int])
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let expected = match self.distance {
            Distance::Euclidean => "a vector without NaN",
            Distance::Cosine => "a vector with a length, without NaN",
        };
        let mut clusters = Vec::with_capacity(rows);
        for (at, row) in vectors(inputs[0])?.iter().enumerate() {
            let row = expect_vector(inputs[0], at, row, Some(self.size))?;
            clusters.push(self.cluster(row).ok_or_else(|| OpError::value(inputs[0], at, 0, expected))?);
        }
        Ok(Column::Array(Arc::new(Int32Array::from(clusters))).into())
    }

    fn row_step(&self, inputs: &[RowType]) -> Option<MadeStep> {
        (inputs == [RowType::Vector(self.size)])
            .then(|| -> MadeStep { (Box::new(self.clone()), RowType::Number) })
    }

    fn set_exactness(&mut self, exactness: Exactness) {
        self.order = DotOrder::of_vectors(exactness);
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cluster tree [{} nodes of size {}, {:?}]", self.nodes.len(), self.size, self.distance)
    }
}

/// A dense row that has a place in the tree.
impl RowStep for ClusterTree {
    fn run(&mut self, inputs: &[f64], out: &mut [f64]) -> bool {
        self.cluster(VectorRef::Dense(inputs)).is_some_and(|cluster| {
            out.fill(f64::from(cluster));
            true
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::VectorColumn;

    fn node<'a>(center: &'a [f64], children: &[usize], cluster: i32) -> ClusterNode<'a> {
        let norm = norm(center);
        ClusterNode { center: VectorRef::Dense(center), norm, children: children.to_vec(), cluster }
    }

    fn run(tree: &ClusterTree, values: Vec<f64>) -> Result<Vec<i32>, OpError> {
        let rows = values.len() / 2;
        let column = Column::Vector(VectorColumn::from_block(rows, 2, values));
        let outputs = tree.run(rows, &[&column])?;
        let array = outputs.columns[0].as_array().unwrap();
        Ok(array.as_any().downcast_ref::<Int32Array>().unwrap().values().to_vec())
    }

    #[test]
    fn each_step_takes_the_nearer_child() {
        let nodes = [
            node(&[0.5, 0.5], &[1, 2], -1),
            node(&[-1.0, 0.0], &[], 0),
            node(&[2.0, 0.0], &[3, 4], -2),
            node(&[2.0, 1.0], &[], 1),
            node(&[2.0, -1.0], &[], 2),
        ];
        let tree = ClusterTree::new(&nodes, Distance::Euclidean, true).unwrap();
        let rows = vec![-5.0, 0.0, 0.5, 9.0, 3.0, -0.1, 2.0, 0.0];
        assert_eq!(run(&tree, rows).ok(), Some(vec![0, 0, 2, 1]));
        assert!(run(&tree, vec![f64::NAN, 0.0]).is_err());
    }

    #[test]
    fn angles_need_a_length() {
        let nodes = [node(&[1.0, 1.0], &[1, 2], -1), node(&[1.0, 0.0], &[], 0), node(&[0.0, 1.0], &[], 1)];
        let tree = ClusterTree::new(&nodes, Distance::Cosine, true).unwrap();
        assert_eq!(run(&tree, vec![9.0, 8.0, 0.1, 0.2]).ok(), Some(vec![0, 1]));
        assert!(run(&tree, vec![0.0, 0.0]).is_err());
    }

    #[test]
    fn trees_that_cannot_be_walked_are_refused() {
        let refused = |nodes: &[ClusterNode<'_>]| ClusterTree::new(nodes, Distance::Euclidean, true).is_err();
        assert!(refused(&[]));
        assert!(refused(&[node(&[0.0], &[0], -1)]));
        assert!(refused(&[node(&[0.0], &[1], -1)]));
        assert!(refused(&[node(&[0.0], &[1], -1), node(&[0.0, 1.0], &[], 0)]));
        assert!(refused(&[node(&[f64::NAN], &[], 0)]));
    }
}
