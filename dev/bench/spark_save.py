"""Reads what Spark saved, so that peers can be given the very same model: trees, scalers, coefficients, vocabularies."""

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq


def stage(model, place):
    """The folder of a pipeline's stage."""
    return next(Path(model, "stages").glob(f"{place}_*"))


def stages(model):
    """The short class names of a pipeline's stages."""
    folders = sorted(Path(model, "stages").iterdir(), key=lambda folder: int(folder.name.split("_")[0]))
    metadata = [json.loads(next((folder / "metadata").glob("part-*")).read_text()) for folder in folders]
    return [one["class"].rsplit(".", 1)[1] for one in metadata]


def data(folder, name="data"):
    """The one table of a stage's data."""
    return pq.read_table([str(part) for part in sorted(Path(folder, name).glob("*.parquet"))])


def disk_bytes(model):
    """How many bytes a save has in its Parquet files."""
    return sum(file.stat().st_size for file in Path(model).rglob("*.parquet"))


class Trees:
    """A forest or boosted trees, node by node, sorted by tree and node.

    `value` is what a leaf adds: the share of class 1 of a forest's leaf, or a boosted tree's weighted prediction.
    """

    def __init__(self, model):
        names = stages(model)
        folder = stage(model, len(names) - 1)
        table = data(folder)
        nodes = table["nodeData"].combine_chunks()
        self.tree = table["treeID"].to_numpy()
        number = lambda name: nodes.field(name).to_numpy(zero_copy_only=False)
        self.node, self.left, self.right = number("id"), number("leftChild"), number("rightChild")
        split = nodes.field("split")
        self.feature = split.field("featureIndex").to_numpy(zero_copy_only=False)
        thresholds = split.field("leftCategoriesOrThreshold")
        self.inner = self.left >= 0
        if (split.field("numCategories").to_numpy(zero_copy_only=False)[self.inner] >= 0).any():
            raise ValueError("categorical splits are not given to peers")
        self.threshold = np.zeros(len(self.tree))
        self.threshold[self.inner] = thresholds.filter(self.inner_mask()).flatten().to_numpy()
        self.boosted = "GBT" in names[-1]
        if self.boosted:
            weights = data(folder, "treesMetadata").sort_by("treeID")["weights"].to_numpy()
            self.value = number("prediction") * weights[self.tree]
        else:
            stats = nodes.field("impurityStats")
            stats = stats.flatten().to_numpy().reshape(len(self.tree), -1)
            self.value = stats[:, 1] / stats.sum(axis=1)
        order = np.lexsort((self.node, self.tree))
        for name in ("tree", "node", "left", "right", "feature", "inner", "threshold", "value"):
            setattr(self, name, getattr(self, name)[order])
        starts = np.flatnonzero(np.diff(self.tree, prepend=-1))
        self.bounds = list(zip(starts, [*starts[1:], len(self.tree)], strict=True))
        self.count = len(self.bounds)

    def inner_mask(self):
        import pyarrow as pa

        return pa.array(self.inner)

    def sizes(self, features):
        """What makes a forest large: trees, nodes, and how many thresholds a feature has."""
        pairs = np.unique(np.column_stack([self.feature[self.inner], self.threshold[self.inner]]), axis=0)
        thresholds = np.bincount(pairs[:, 0].astype(int), minlength=features)
        return {
            "trees": self.count,
            "nodes": len(self.tree),
            "thresholds a feature": f"{thresholds.min()} to {thresholds.max()}",
        }

    def probability(self, raw):
        """The probability of class 1, of the sum over all trees."""
        return 1 / (1 + np.exp(-2 * raw)) if self.boosted else raw / self.count

    def lightgbm_text(self, features):
        """This model as LightGBM writes its own."""
        lines = ["tree", "version=v4", "num_class=1", "num_tree_per_iteration=1", "label_index=0"]
        lines += [f"max_feature_idx={features - 1}", "objective=regression"]
        lines += ["feature_names=" + " ".join(f"f{at}" for at in range(features))]
        lines += ["feature_infos=" + " ".join(["[-1e300:1e300]"] * features)]
        trees = ["\n".join(self.lightgbm_tree(at, slice(*bounds))) + "\n" for at, bounds in enumerate(self.bounds)]
        lines += ["tree_sizes=" + " ".join(str(len(tree)) for tree in trees), "", ""]
        end = ["end of trees", "", "feature_importances:", "", "parameters:", "[boosting: gbdt]", "end of parameters"]
        return "\n".join(lines) + "".join(trees) + "\n".join([*end, "", "pandas_categorical:null", ""])

    def lightgbm_tree(self, at, part):
        inner = self.inner[part]
        # A node's own number, and its place among the inner nodes or, as the complement, among the leaves.
        place = np.where(inner, np.cumsum(inner) - 1, ~(np.cumsum(~inner) - 1))
        of = np.zeros(self.node[part].max() + 1, dtype=np.int64)
        of[self.node[part]] = place
        words = lambda values: " ".join(map(repr, values.tolist()))
        inners, leaves = int(inner.sum()), int((~inner).sum())
        return [
            f"Tree={at}",
            f"num_leaves={leaves}",
            "num_cat=0",
            "split_feature=" + words(self.feature[part][inner]),
            "split_gain=" + words(np.ones(inners, dtype=int)),
            "threshold=" + words(self.threshold[part][inner]),
            "decision_type=" + words(np.full(inners, 2)),
            "left_child=" + words(of[self.left[part][inner]]),
            "right_child=" + words(of[self.right[part][inner]]),
            "leaf_value=" + words(self.value[part][~inner]),
            "leaf_weight=" + words(np.ones(leaves, dtype=int)),
            "leaf_count=" + words(np.ones(leaves, dtype=int)),
            "internal_value=" + words(np.zeros(inners, dtype=int)),
            "internal_weight=" + words(np.zeros(inners, dtype=int)),
            "internal_count=" + words(np.ones(inners, dtype=int)),
            "is_linear=0",
            "shrinkage=1",
            "",
            "",
        ]

    def onnx(self, features):
        """This model as an ONNX TreeEnsembleRegressor, which has floats of 32 bits."""
        import onnx
        from onnx import TensorProto, helper

        leaf = ~self.inner
        attributes = {
            "nodes_treeids": self.tree.tolist(),
            "nodes_nodeids": self.node.tolist(),
            "nodes_featureids": np.where(leaf, 0, self.feature).tolist(),
            "nodes_values": self.threshold.tolist(),
            "nodes_modes": ["LEAF" if one else "BRANCH_LEQ" for one in leaf],
            "nodes_truenodeids": np.where(leaf, 0, self.left).tolist(),
            "nodes_falsenodeids": np.where(leaf, 0, self.right).tolist(),
            "target_treeids": self.tree[leaf].tolist(),
            "target_nodeids": self.node[leaf].tolist(),
            "target_ids": [0] * int(leaf.sum()),
            "target_weights": self.value[leaf].tolist(),
        }
        node = helper.make_node(
            "TreeEnsembleRegressor", ["X"], ["Y"], domain="ai.onnx.ml", n_targets=1, aggregate_function="SUM", **attributes
        )
        inputs = [helper.make_tensor_value_info("X", TensorProto.FLOAT, [None, features])]
        outputs = [helper.make_tensor_value_info("Y", TensorProto.FLOAT, [None, 1])]
        graph = helper.make_graph([node], "trees", inputs, outputs)
        versions = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)]
        return helper.make_model(graph, opset_imports=versions, ir_version=9)
