//! `BisectingKMeansModel`: the leaf of a tree of centres, an int.
//!
//! From the root on, the nearer child is taken, the first of equals, by the `distanceMeasure` that stands in
//! `data/metadata` (Euclidean where none does), and by the centres' lengths as they were saved. The save has a row
//! for each node in `data/data`, in any order: leaves have numbers from 0 on, which are the predictions. Parameters
//! that count: the columns. A row with NaN, and for `cosine` one without length, is an error. Spark's
//! `ml/clustering/BisectingKMeans.scala` and `mllib/clustering/BisectingKMeansModel.scala`.

use std::collections::HashMap;

use firesteel_plan::ops::{ClusterNode, ClusterTree, Distance};
use firesteel_plan::{Attributes, BuildError, Builder};

use crate::attributes;
use crate::data::ModelData;
use crate::error::LoadError;
use crate::metadata::read_object;
use crate::param::Param;
use crate::saved::Saved;
use crate::stage::{Stage, StageSpec};

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.clustering.BisectingKMeansModel",
    since: "2.0.0",
    load: BisectingKMeans::load,
};

struct BisectingKMeans {
    features_column: String,
    prediction_column: String,
    features: usize,
    clusters: usize,
    tree: ClusterTree,
    attributes: Attributes,
}

impl BisectingKMeans {
    fn load(saved: &Saved) -> Result<Box<dyn Stage>, LoadError> {
        let about = read_object(saved.bundle(), "data/metadata").map_err(|why| saved.error(why))?;
        let refused = |reason: &str| saved.bad_data("data/metadata", reason);
        let root = about.get("rootId").and_then(i32::from_json);
        let root = root.ok_or_else(|| refused("there is no whole number 'rootId'"))?;
        let distance = match about.get("distanceMeasure").map(|value| value.as_str()) {
            None | Some(Some("euclidean")) => Distance::Euclidean,
            Some(Some("cosine")) => Distance::Cosine,
            Some(_) => return Err(refused("'distanceMeasure' is neither euclidean nor cosine")),
        };
        let data = saved.data("data/data")?;
        let centers = data.column("center")?.bounded_rows()?;
        let (order, children) = walk(&data, root)?;
        let (numbers, norms) = (data.column("index")?.ints()?, data.column("norm")?.doubles()?);
        let mut nodes = Vec::with_capacity(order.len());
        for (&row, children) in order.iter().zip(children) {
            let center = centers.get(row).ok_or_else(|| data.error("a centre is null"))?;
            nodes.push(ClusterNode { center, norm: norms[row], children, cluster: numbers[row] });
        }
        let clusters = nodes.iter().filter(|node| node.children.is_empty()).count();
        let tree = ClusterTree::new(&nodes, distance, saved.version().at_least(4, 0));
        Ok(Box::new(BisectingKMeans {
            features_column: saved.param_or("featuresCol", "features".to_owned())?,
            prediction_column: saved.param_or("predictionCol", "prediction".to_owned())?,
            features: nodes.first().map_or(0, |node| node.center.size()),
            clusters,
            tree: tree.map_err(|why| data.error(why))?,
            attributes: attributes::category(saved, clusters),
        }))
    }
}

/// The rows of the nodes below the root, each before its children, and for each the places of its children.
fn walk(data: &ModelData<'_>, root: i32) -> Result<(Vec<usize>, Vec<Vec<usize>>), LoadError> {
    let numbers = data.column("index")?.ints()?;
    let children = data.column("children")?.int_lists()?;
    let rows: HashMap<i32, usize> = numbers.iter().enumerate().map(|(row, &number)| (number, row)).collect();
    if rows.len() != numbers.len() {
        return Err(data.error("two nodes have the same number"));
    }
    let find = |number: i32| {
        rows.get(&number).copied().ok_or_else(|| data.error(format!("there is no node {number}")))
    };
    let mut order = vec![find(root)?];
    let mut places = Vec::with_capacity(numbers.len());
    let mut at = 0;
    while let Some(&row) = order.get(at) {
        let below = children.get(row);
        if below.is_empty() != (numbers[row] >= 0) {
            return Err(data.error(format!("node {} has {} children", numbers[row], below.len())));
        }
        places.push((order.len()..order.len() + below.len()).collect());
        if order.len() + below.len() > numbers.len() {
            return Err(data.error("the nodes are not a tree: one is the child of several"));
        }
        for &child in below {
            order.push(find(child)?);
        }
        at += 1;
    }
    Ok((order, places))
}

impl Stage for BisectingKMeans {
    fn expect(&self, builder: &mut Builder) {
        builder.expect_size(&self.features_column, self.features);
    }

    fn lower(&self, builder: &mut Builder) -> Result<(), BuildError> {
        builder.fact("clusters", self.clusters);
        builder.fact("features", self.features);
        let features = builder.vectors(&self.features_column)?;
        if self.prediction_column.is_empty() {
            return Ok(());
        }
        let cluster = builder.apply(self.tree.clone().into(), &[&features])?;
        builder.bind(&self.prediction_column, cluster.with_attributes(self.attributes.clone()))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{Save, golden};

    const CASE: &str = "BisectingKMeansModel";

    #[test]
    fn every_version_has_its_clusters() {
        for version in ["2.4.8", "3.0.3", "3.5.9", "4.3.0"] {
            let model = golden(CASE, version);
            assert_eq!(model.stages()[0].facts[0], ("clusters".to_owned(), "3".to_owned()));
            assert_eq!(model.signature().inputs[0].size, Some(4));
        }
    }

    #[test]
    fn a_tree_that_cannot_be_read_is_refused() {
        let refused = |line: &str| {
            let save = Save::golden(CASE, "3.5.9").with("data/metadata/part-", line.as_bytes());
            save.open(&[]).unwrap_err().to_string()
        };
        assert!(refused(r#"{"rootId":-7}"#).contains("there is no node -7"));
        assert!(refused(r#"{"rootId":"x"}"#).contains("'rootId'"));
        assert!(refused(r#"{"rootId":-1,"distanceMeasure":"taxi"}"#).contains("'distanceMeasure'"));
        assert!(refused("[]").contains("expected a JSON object"));
        let lost = Save::golden(CASE, "3.5.9").without("data/metadata").open(&[]).unwrap_err().to_string();
        assert!(lost.contains("'data/metadata/part-*'"), "{lost}");
    }
}
