//! Real Spark reads what `firesteel score` wrote.

use std::process::Command;

use crate::{churn, firesteel, succeed};

/// Checks, in PySpark: vectors are vectors again, answers equal Spark's, attributes and types are there.
const CHECK: &str = r#"
import sys
from pyspark.ml.linalg import DenseVector, VectorUDT
from pyspark.sql import SparkSession

spark = (SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    .config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1").getOrCreate())
ours = spark.read.parquet(sys.argv[1])
theirs = spark.read.parquet(sys.argv[2])
fields = ours.schema.fields
assert [f.name for f in fields] == theirs.columns, ours.columns
assert [f.dataType for f in fields] == [f.dataType for f in theirs.schema.fields], ours.schema
assert isinstance(ours.schema["probability"].dataType, VectorUDT)
assert ours.schema["probability"].metadata == {"ml_attr": {"num_attrs": 2}}, ours.schema["probability"].metadata
assert isinstance(ours.first()["probability"], DenseVector)
mine, wanted = ours.orderBy("customer_id").collect(), theirs.orderBy("customer_id").collect()
assert mine == wanted, next((a, b) for a, b in zip(mine, wanted) if a != b)
again = spark.read.json(sys.argv[3])
assert again.count() == 20000 and again.schema["prediction"].dataType.typeName() == "double", again.schema
print("same", len(mine))
spark.stop()
"#;

#[test]
fn spark_reads_vectors_again() {
    for variable in ["FIRESTEEL_PYTHON_SPARK3", "FIRESTEEL_PYTHON_SPARK4"] {
        let Some(python) = std::env::var_os(variable) else {
            println!("skipped: {variable} is not set (`cargo xtask test` sets it)");
            continue;
        };
        let folder = tempfile::tempdir().unwrap();
        let (parquet, json) = (folder.path().join("scored.parquet"), folder.path().join("scored.json"));
        for out in [&parquet, &json] {
            succeed(
                firesteel().arg("score").args([churn("model"), churn("rows.parquet")]).arg("-o").arg(out),
            );
        }
        let mut check = Command::new(python);
        check.args(["-c", CHECK]).args([&parquet, &churn("expected.parquet"), &json]);
        let output = succeed(check.env("SPARK_LOCAL_IP", "127.0.0.1"));
        assert_eq!(crate::stdout(&output).trim(), "same 20000");
    }
}
