//! Few bytes that ask for much memory or time.

use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, BooleanArray, Int64Array, MapArray, StringArray, StructArray, new_null_array,
};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{DataType, Field};
use serde_json::json;

use crate::attempt::attempt;
use crate::columns::written;
use crate::golden::Save;
use crate::made::{doubles, edited, feature, ints, lists, named, structs, with_data, zero_matrix, zeros};

/// What a save says that stands for too much.
const TOO_LARGE: &str = "the sizes in this save are too large";

fn idf(size: i32) -> Save {
    with_data("feature.IDFModel", json!({"inputCol": "a", "outputCol": "b"}), &[("idf", zeros(size, 1))])
}

#[test]
fn a_sparse_vector_says_any_size_in_a_word() {
    attempt(&idf(1 << 20)).assert_opens();
    for size in [1 << 25, i32::MAX] {
        attempt(&idf(size)).assert_says(TOO_LARGE);
        let params = json!({"inputCol": "a", "outputCol": "b", "withMean": true});
        let columns = [("std", zeros(size, 1)), ("mean", zeros(size, 1))];
        attempt(&with_data("feature.StandardScalerModel", params, &columns)).assert_says(TOO_LARGE);
        let columns = [("clusterIdx", ints(vec![0, 1])), ("clusterCenter", zeros(size, 2))];
        attempt(&with_data("clustering.KMeansModel", json!({}), &columns)).assert_says(TOO_LARGE);
        let columns = [("coefficients", zeros(size, 1)), ("intercept", doubles(vec![1.0]))];
        attempt(&with_data("regression.LinearRegressionModel", json!({}), &columns)).assert_opens();
    }
    attempt(&idf(-1)).assert_says("a sparse vector without size");
}

#[test]
fn the_stages_of_a_save_share_what_they_may_ask_for() {
    attempt(&Save::pipeline((0..20).map(|_| idf(1 << 23)))).assert_says(TOO_LARGE);
    let vector = json!({"type": 0, "size": 1 << 23, "indices": [], "values": []});
    let params = json!({"inputCol": "a", "outputCol": "b", "scalingVec": vector});
    let products = (0..20).map(|_| feature("ElementwiseProduct", params.clone()));
    attempt(&Save::pipeline(products)).assert_says(TOO_LARGE);
}

#[test]
fn matrices_say_any_size_in_two_words() {
    let logistic = |rows: i32, cols: i32| {
        let columns: [(&str, ArrayRef); 5] = [
            ("numClasses", ints(vec![rows])),
            ("numFeatures", ints(vec![cols])),
            ("interceptVector", zeros(rows, 1)),
            ("coefficientMatrix", zero_matrix(rows, cols)),
            ("isMultinomial", Arc::new(BooleanArray::from(vec![true]))),
        ];
        with_data("classification.LogisticRegressionModel", json!({}), &columns)
    };
    let projection = |rows, cols| {
        let params = json!({"inputCol": "a", "outputCol": "b"});
        with_data("feature.PCAModel", params, &[("pc", zero_matrix(rows, cols))])
    };
    let bayes = |rows, cols| {
        let columns = [("pi", zeros(rows, 1)), ("theta", zero_matrix(rows, cols))];
        with_data("classification.NaiveBayesModel", json!({}), &columns)
    };
    // What stays sparse takes no more than was saved.
    attempt(&logistic(8192, 8192)).assert_opens();
    attempt(&bayes(8192, 8192)).assert_opens();
    for (rows, cols) in [(1 << 15, 1 << 15), (i32::MAX, 0), (i32::MAX, i32::MAX)] {
        attempt(&projection(rows, cols)).assert_says(TOO_LARGE);
    }
    for (rows, cols) in [(i32::MAX, 0), (i32::MAX, i32::MAX)] {
        attempt(&logistic(rows, cols)).assert_says(TOO_LARGE);
        attempt(&bayes(rows, cols)).assert_says(TOO_LARGE);
    }
    attempt(&projection(0, i32::MAX)).assert_says("1048577 pointers");
    attempt(&projection(-1, 1)).assert_says("negative number of rows");
}

#[test]
fn part_files_share_what_they_may_announce() {
    let nulls = new_null_array(&DataType::Float64, 4_000_000);
    let file = written(&named(&[("labels", nulls)]));
    let mut save = feature("StringIndexerModel", json!({"inputCol": "a", "outputCol": "b"}));
    for part in 0..100 {
        save = save.with(&format!("data/part-{part:05}.parquet"), file.clone());
    }
    attempt(&save).assert_says("announce too many values");
}

/// More columns than any table has.
const MANY: usize = 100_000;

#[test]
fn columns_without_end_take_time_in_proportion() {
    let names: Vec<String> = (0..MANY).map(|at| format!("c{at}")).collect();
    let others: Vec<String> = names.iter().map(|name| format!("{name}_")).collect();
    attempt(&feature("Interaction", json!({"inputCols": names, "outputCol": "y"})));
    let assembler = feature("VectorAssembler", json!({"inputCols": names, "outputCol": "y"}));
    let hint = feature("VectorSizeHint", json!({"inputCol": "y", "size": MANY}));
    attempt(&Save::pipeline([assembler, hint])).assert_opens();
    let params = json!({"inputCols": names, "outputCols": others, "threshold": 0.5});
    attempt(&feature("Binarizer", params)).assert_opens();
    let params = json!({"inputCols": vec!["real"; MANY], "categoricalCols": names, "outputCol": "y"});
    attempt(&feature("FeatureHasher", params)).assert_opens();
    for selected in [vec!["*"; MANY].join(","), names.join(",")] {
        let statement = format!("SELECT {selected} FROM __THIS__");
        attempt(&feature("SQLTransformer", json!({"statement": statement})));
    }
}

/// As many slots as have attributes.
const SLOTS: usize = 1 << 16;

fn hint(column: &str, size: usize) -> Save {
    let params = json!({"inputCol": column, "size": size, "handleInvalid": "optimistic"});
    feature("VectorSizeHint", params)
}

fn assembler(inputs: &[&str], output: &str) -> Save {
    let params = json!({"inputCols": inputs, "outputCol": output, "handleInvalid": "keep"});
    feature("VectorAssembler", params)
}

#[test]
fn names_of_slots_that_are_long_or_many_are_forgotten() {
    let long = "n".repeat(100_000);
    attempt(&Save::pipeline([hint(&long, SLOTS), assembler(&[&long], "y")])).assert_opens();
    let names: Vec<String> = (0..=60).map(|at| format!("x{at}")).collect();
    let stages = names.windows(2).map(|pair| assembler(&[&pair[0]], &pair[1]));
    attempt(&Save::pipeline([hint("x0", SLOTS)].into_iter().chain(stages))).assert_opens();
    let names: Vec<String> = (0..SLOTS).map(|at| format!("x_{at}")).collect();
    let slicer = feature("VectorSlicer", json!({"inputCol": "y", "outputCol": "z", "names": names}));
    attempt(&Save::pipeline([hint("x", SLOTS), assembler(&["x"], "y"), slicer])).assert_opens();
}

#[test]
fn names_that_double_with_every_replacement_are_refused() {
    let text = |texts: Vec<&str>| -> ArrayRef { Arc::new(StringArray::from(texts)) };
    let field = |name: &str, nullable| Arc::new(Field::new(name, DataType::Utf8, nullable));
    let (keys, values) =
        ((field("key", false), text(vec!["a"; 60])), (field("value", true), text(vec!["aa"; 60])));
    let entries = StructArray::from(vec![keys, values]);
    let entries_field = Arc::new(Field::new("entries", entries.data_type().clone(), false));
    let map = MapArray::new(entries_field, OffsetBuffer::from_lengths([60]), entries, None, false);
    let columns = [("vectorCol", text(vec!["y"])), ("prefixesToRewrite", Arc::new(map) as ArrayRef)];
    let rewriter = with_data("feature.VectorAttributeRewriter", json!({}), &columns);
    let save = Save::pipeline([hint("a", 3), assembler(&["a"], "y"), rewriter]);
    attempt(&save).assert_says("new names of slots");
}

#[test]
fn vectors_that_double_with_every_stage_end_in_an_error() {
    let names: Vec<String> = (0..=31).map(|at| format!("x{at}")).collect();
    let doubled = || names.windows(2).map(|pair| assembler(&[&pair[0], &pair[0]], &pair[1]));
    let save = |stages| Save::pipeline([hint("x0", 1)].into_iter().chain(doubled().take(stages)));
    attempt(&save(16)).assert_opens();
    attempt(&save(31)).assert_says("would have 2147483648 slots");
}

#[test]
fn vectors_of_any_announced_size_take_what_they_hold() {
    attempt(&Save::pipeline([hint("x", i32::MAX as usize), assembler(&["x"], "y")])).assert_opens();
}

#[test]
fn more_categories_than_models_are_refused() {
    let labels = json!({"ml_attr": {"type": "nominal", "num_vals": 1_000_000_000_000_u64}});
    let models = edited("OneVsRestModel", |about| about["labelMetadata"] = labels.to_string().into());
    let interaction = feature("Interaction", json!({"inputCols": ["prediction"], "outputCol": "i"}));
    attempt(&Save::pipeline([models, interaction])).assert_says("labelMetadata");
}

#[test]
fn item_sets_that_stand_twice_are_refused() {
    let set: Vec<i32> = (0..64).collect();
    let without = |item: &i32| set.iter().copied().filter(|other| other != item).collect();
    let mut sets: Vec<Vec<i32>> = set.iter().map(without).collect();
    sets.extend(vec![set.clone(); 20_000]);
    let frequencies: ArrayRef = Arc::new(Int64Array::from(vec![1; sets.len()]));
    let columns = [("items", lists(sets.iter().map(Vec::len), ints(sets.concat()))), ("freq", frequencies)];
    attempt(&with_data("fpm.FPGrowthModel", json!({}), &columns)).assert_says("a set stands twice");
}

#[test]
fn patterns_of_many_stages_are_refused() {
    let params =
        |at| json!({"inputCol": "x", "outputCol": format!("y{at}"), "pattern": "[\\p{L}\\p{N}]{1,99}"});
    let stages = |count| Save::pipeline((0..count).map(|at| feature("RegexTokenizer", params(at))));
    attempt(&stages(2)).assert_opens();
    attempt(&stages(60)).assert_says("regular expressions that take less");
    attempt(&feature("RegexTokenizer", json!({"inputCol": "x", "pattern": "(?:a{1000}){1000}"})))
        .assert_says("'pattern'");
}

#[test]
fn answers_of_many_numbers_are_made_for_few_rows() {
    let many = edited("AFTSurvivalRegressionModel", |about| {
        about["paramMap"]["quantileProbabilities"] = json!(vec![0.5; 100_000]);
        about["paramMap"]["quantilesCol"] = json!("quantiles");
    });
    attempt(&many).assert_opens();
}

#[test]
fn categories_of_a_slot_may_be_of_any_size() {
    let map = |keys: ArrayRef, values: ArrayRef| -> ArrayRef {
        let count = keys.len();
        let fields = vec![
            (Arc::new(Field::new("key", keys.data_type().clone(), false)), keys),
            (Arc::new(Field::new("value", values.data_type().clone(), true)), values),
        ];
        let entries = StructArray::from(fields);
        let field = Arc::new(Field::new("entries", entries.data_type().clone(), false));
        Arc::new(MapArray::new(field, OffsetBuffer::from_lengths([count]), entries, None, false))
    };
    let categories = map(ints(vec![i32::MAX - 1]), map(doubles(vec![0.0]), ints(vec![-7])));
    let params = json!({"inputCol": "a", "outputCol": "b", "handleInvalid": "keep"});
    let columns = [("numFeatures", ints(vec![i32::MAX])), ("categoryMaps", categories)];
    attempt(&with_data("feature.VectorIndexerModel", params, &columns)).assert_opens();
    let sizes = lists([1], ints(vec![i32::MAX]));
    let params = json!({"inputCols": ["a"], "outputCols": ["b"]});
    attempt(&with_data("feature.OneHotEncoderModel", params, &[("categorySizes", sizes)])).assert_opens();
    let params = json!({"inputCol": "a", "outputCol": "b", "numFeatures": i32::MAX});
    attempt(&feature("HashingTF", params)).assert_opens();
    let vector = structs(&[("x", ints(vec![1]))]);
    let params = json!({"inputCol": "a", "outputCol": "b"});
    attempt(&with_data("feature.IDFModel", params, &[("idf", vector)])).assert_says("'idf'");
}
