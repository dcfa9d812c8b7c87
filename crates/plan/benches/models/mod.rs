//! Models like those that people save, and rows for them: for the benchmark of the passes and the count of allocations.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;

use arrow_array::{Float64Array, Int32Array};
use firesteel_plan::ops::*;
use firesteel_plan::*;

/// Distinct rows, more than a processor learns by heart.
pub(crate) const ROWS: usize = 10_000;

pub(crate) const COLUMNS: [&str; 4] = ["age", "income", "tenure", "credit"];

/// Numbers that look random and are the same each time.
pub(crate) struct Numbers(u64);

impl Numbers {
    pub(crate) fn new(seed: u64) -> Numbers {
        Numbers(seed)
    }

    /// A number from 0 up to 1.
    pub(crate) fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A whole number below `count`.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        (self.next() * count as f64) as usize
    }
}

/// Two columns of ints and two of doubles.
pub(crate) fn rows() -> Vec<Column> {
    let mut numbers = Numbers::new(7);
    let mut ints = |from: f64, to: f64| {
        let values = (0..ROWS).map(|_| (from + numbers.next() * (to - from)) as i32);
        Column::Array(Arc::new(values.collect::<Int32Array>()))
    };
    let (age, tenure) = (ints(18.0, 80.0), ints(0.0, 120.0));
    let mut doubles = |scale: f64| {
        let values = (0..ROWS).map(|_| Some(numbers.next() * scale));
        Column::Array(Arc::new(values.collect::<Float64Array>()))
    };
    let (income, credit) = (doubles(200_000.0), doubles(1.0));
    vec![age, income, tenure, credit]
}

/// The example's pipeline: four columns assembled and scaled, a random forest of `trees` trees of depth 10, its
/// probability and class. Each of `copies` assembles and scales by itself.
pub(crate) fn forests(trees: usize, copies: usize) -> Result<Model, Box<dyn Error>> {
    let ints = ["age", "tenure"].map(|name| (name.to_owned(), ColumnType::Int));
    let mut builder = Builder::new(BTreeMap::from(ints));
    for copy in 0..copies {
        builder.stage(StageInfo { place: copy.to_string(), ..StageInfo::default() });
        let columns = COLUMNS.map(|name| builder.doubles(name, true));
        let [age, income, tenure, credit] = columns;
        let inputs = [&age?, &income?, &tenure?, &credit?];
        let assemble = Assemble {
            handle_invalid: HandleInvalid::Error,
            sizes: vec![Some(1); COLUMNS.len()],
            rule: SparseRule::Ratio,
        };
        let features = builder.apply(assemble.into(), &inputs)?;
        let factor = [1.0 / 18.1, 1.0 / 51_234.5, 1.0 / 34.9, 1.0 / 0.29];
        let shift = [49.0, 99_000.0, 60.0, 0.5];
        let scale = Scale { shift: Some(shift.into()), factor: Some(factor.into()) };
        let scaled = builder.apply(scale.into(), &[&features])?;
        let raw = builder.apply(forest(trees, copy)?.into(), &[&scaled])?;
        let probability = builder.apply(Probability::Normalize.into(), &[&raw])?;
        let class = builder.apply(Decide::Largest.into(), &[&probability])?;
        builder.bind(&format!("probability{copy}"), probability)?;
        builder.bind(&format!("prediction{copy}"), class)?;
    }
    Ok(builder.finish(ModelInfo::default())?)
}

/// Two columns as one-hot vectors beside two numbers, a logistic regression over them, its probability and class.
pub(crate) fn categories() -> Result<Model, Box<dyn Error>> {
    let ints = ["age", "tenure"].map(|name| (name.to_owned(), ColumnType::Int));
    let mut builder = Builder::new(BTreeMap::from(ints));
    builder.stage(StageInfo::default());
    let [age, income, tenure, credit] = COLUMNS.map(|name| builder.doubles(name, true));
    let (age, income, tenure, credit) = (age?, income?, tenure?, credit?);
    let one_hot = |categories| OneHot { categories, drop_last: true, keep: false };
    let ages = builder.apply(one_hot(100).into(), &[&age])?;
    let tenures = builder.apply(one_hot(120).into(), &[&tenure])?;
    let sizes = vec![Some(99), Some(119), Some(1), Some(1)];
    let width = sizes.iter().flatten().sum();
    let assemble = Assemble { handle_invalid: HandleInvalid::Error, sizes, rule: SparseRule::Ratio };
    let features = builder.apply(assemble.into(), &[&ages, &tenures, &income, &credit])?;
    let mut numbers = Numbers::new(11);
    let weights = Weights::dense(1, width, (0..width).map(|_| numbers.next() - 0.5).collect())?;
    let linear = Linear::new(weights, vec![0.25], Shape::Mirrored)?;
    let raw = builder.apply(linear.into(), &[&features])?;
    let probability = builder.apply(Probability::Logistic { factor: 1.0 }.into(), &[&raw])?;
    let class = builder.apply(Decide::Above(0.5).into(), &[&probability])?;
    builder.bind("probability", probability)?;
    builder.bind("prediction", class)?;
    Ok(builder.finish(ModelInfo::default())?)
}

/// The four columns assembled and scaled.
pub(crate) fn scaled() -> Result<(Builder, Col), Box<dyn Error>> {
    let ints = ["age", "tenure"].map(|name| (name.to_owned(), ColumnType::Int));
    let mut builder = Builder::new(BTreeMap::from(ints));
    builder.stage(StageInfo::default());
    let [age, income, tenure, credit] = COLUMNS.map(|name| builder.doubles(name, true));
    let sizes = vec![Some(1); COLUMNS.len()];
    let assemble = Assemble { handle_invalid: HandleInvalid::Error, sizes, rule: SparseRule::Ratio };
    let features = builder.apply(assemble.into(), &[&age?, &income?, &tenure?, &credit?])?;
    let factor = [1.0 / 18.1, 1.0 / 51_234.5, 1.0 / 34.9, 1.0 / 0.29];
    let scaled = builder.apply(Scale { shift: None, factor: Some(factor.into()) }.into(), &[&features])?;
    Ok((builder, scaled))
}

/// Four columns assembled and scaled, a logistic regression over them, its probability and class.
pub(crate) fn numbers() -> Result<Model, Box<dyn Error>> {
    let (mut builder, scaled) = scaled()?;
    let weights = Weights::dense(1, COLUMNS.len(), vec![0.5, -0.25, 1.5, -2.0])?;
    let linear = Linear::new(weights, vec![0.25], Shape::Mirrored)?;
    let raw = builder.apply(linear.into(), &[&scaled])?;
    let probability = builder.apply(Probability::Logistic { factor: 1.0 }.into(), &[&raw])?;
    let class = builder.apply(Decide::Above(0.5).into(), &[&probability])?;
    builder.bind("probability", probability)?;
    builder.bind("prediction", class)?;
    Ok(builder.finish(ModelInfo::default())?)
}

fn forest(trees: usize, seed: usize) -> Result<Forest, BuildError> {
    let mut numbers = Numbers::new(seed as u64);
    let mut builder = TreesBuilder::new(COLUMNS.len());
    for _ in 0..trees {
        let mut nodes = Vec::new();
        for place in 0..(1 << 11) - 1 {
            nodes.push(if place >= (1 << 10) - 1 {
                TreeNode::Leaf
            } else {
                // Each feature has some 30 thresholds, as Spark bins them.
                let threshold = (numbers.below(30) as f64 - 15.0) / 9.0;
                let test = Test::AtMost { feature: numbers.below(COLUMNS.len()), threshold };
                TreeNode::Branch { test, left: 2 * place + 1, right: 2 * place + 2 }
            });
        }
        builder.add(&nodes)?;
    }
    let trees = Arc::new(builder.finish()?);
    let values = (0..trees.leaves()).flat_map(|_| {
        let share = numbers.next();
        [share, 1.0 - share]
    });
    let sum = LeafSum { values: values.collect(), width: 2, start: 0.0, divisor: 1.0, shape: Shape::Vector };
    Forest::sum(trees, sum)
}
