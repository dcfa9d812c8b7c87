//! The closed set of operations that plans are made of, one a file.
//!
//! An operation is a value with its settled parameters. `output_types` checks the types that it is given while
//! a plan is built; `run` computes whole columns. An operation that drops rows says which rows to keep.

mod add;
mod apply_rules;
mod assemble;
mod average_vectors;
mod binarize;
mod bucketize;
mod cast;
mod center;
mod check_size;
mod cluster_tree;
mod clusters_of_numbers;
mod cosine;
mod count_text;
mod count_words;
mod decide;
mod divide;
mod dot_factors;
mod expand;
mod expression;
mod factorize;
mod forest;
mod forests_of_columns;
mod gaussian_classes;
mod hash_features;
mod hash_terms;
mod impute;
mod index_slots;
mod index_to_string;
mod interact;
mod interpolate;
mod largest_place;
mod linear;
mod linear_of_columns;
mod linear_of_numbers;
mod log_normalize;
mod mean;
mod min_max;
mod mixture;
mod multiples;
mod n_grams;
mod nearest_center;
mod numbers_row;
mod one_hot;
mod pack;
mod perceptron;
mod place_counts;
mod probability;
mod quick_centers;
mod recode;
mod remove_words;
mod require;
pub(crate) mod room;
mod row_hashes;
mod scale;
mod select_slots;
mod shape;
mod slot;
mod slotwise;
mod split_text;
mod string_index;
mod tile;
mod tokenize;
mod topics;
mod word_lists;

use std::fmt;

use arrow_buffer::BooleanBuffer;
use smallvec::{SmallVec, smallvec};

use crate::column::{Column, ColumnType};
use crate::error::OpError;
use crate::exactness::Exactness;
use crate::row::{MadeStep, RowType};

pub use add::Add;
pub use apply_rules::{ApplyRules, Items, Rule};
pub use assemble::{Assemble, SparseRule};
pub use average_vectors::AverageVectors;
pub use binarize::Binarize;
pub use bucketize::Bucketize;
pub use cast::Cast;
pub use check_size::CheckSize;
pub use cluster_tree::{ClusterNode, ClusterTree, Distance};
pub(crate) use clusters_of_numbers::ClusterModel;
pub use clusters_of_numbers::ClustersOfNumbers;
pub use cosine::Cosine;
pub use count_text::CountText;
pub(crate) use count_text::{TextSplit, WordCount};
pub use count_words::CountWords;
pub use decide::Decide;
pub use divide::Divide;
pub use dot_factors::{DotFactors, Factors};
pub use expand::Expand;
pub use expression::{
    Arithmetic, BitFunction, ByteFunction, CalendarInterval, Charset, CipherMode, Comparison, CountFunction,
    DateFunction, DatePart, DatePattern, DateUnit, DecimalArithmetic, DecimalPattern, DecimalRounding,
    EvalMode, Evaluate, Expr, Format, IntervalFunction, IntervalType, IntervalUnit, IntervalUnits, JsonPath,
    Keep, Like, ListFunction, Literal, MacDigest, Malformed, Mask, Matching, MathFunction, NumberFormat,
    Pattern, Printf, Regular, Rounding, RowHash, TextFunction, TimeUnit, Unreadable,
};
pub use factorize::Factorize;
pub use forest::{Forest, LeafSum, Side, Test, TreeNode, Trees, TreesBuilder};
pub use forests_of_columns::ForestsOfColumns;
pub use gaussian_classes::GaussianClasses;
pub use hash_features::HashFeatures;
pub use hash_terms::{HashTerms, TermHash};
pub use impute::Impute;
pub use index_slots::IndexSlots;
pub use index_to_string::IndexToString;
pub use interact::Interact;
pub use interpolate::Interpolate;
pub use largest_place::LargestPlace;
pub use linear::{Linear, Weights};
pub use linear_of_columns::LinearOfColumns;
pub(crate) use linear_of_columns::Part;
pub use linear_of_numbers::LinearOfNumbers;
pub use log_normalize::LogNormalize;
pub use mean::{Link, Mean, MeanRange};
pub use min_max::{MinMax, MinMaxForm};
pub use mixture::Mixture;
pub use multiples::Multiples;
pub use n_grams::NGrams;
pub use nearest_center::NearestCenter;
pub use one_hot::OneHot;
pub use pack::Pack;
pub use perceptron::Perceptron;
pub use probability::Probability;
pub use recode::Recode;
pub use remove_words::{RemoveWords, WordCase};
pub use require::Require;
pub use row_hashes::RowHashes;
pub use scale::Scale;
pub use select_slots::SelectSlots;
pub use shape::Shape;
pub use slot::Slot;
pub(crate) use slotwise::Slotwise;
pub use split_text::{Matches, SplitText};
pub use string_index::StringIndex;
pub use tokenize::Tokenize;
pub use topics::Topics;

/// What a stage does with a value that it cannot take; Spark's `handleInvalid`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandleInvalid {
    /// The row is an error.
    Error,
    /// The row is dropped.
    Skip,
    /// The value becomes a category of its own, or NaN.
    Keep,
}

/// What an operation computed.
pub(crate) struct Outputs {
    pub(crate) columns: SmallVec<[Column; 1]>,
    /// The rows to keep; `None` when all stay.
    pub(crate) keep: Option<BooleanBuffer>,
}

impl From<Column> for Outputs {
    fn from(column: Column) -> Outputs {
        Outputs { columns: smallvec![column], keep: None }
    }
}

/// A type that an operation does not take.
pub(crate) struct Mismatch {
    pub(crate) input: usize,
    pub(crate) expected: String,
}

/// What every operation can do.
pub(crate) trait Operation: fmt::Debug {
    /// The types of the columns that it makes from columns of these types.
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch>;

    /// Computes its columns; `inputs` have the types it was built for, and `rows` rows.
    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError>;

    /// What does the same to one row, whose inputs are of these types; `None` where it takes columns.
    fn row_step(&self, _inputs: &[RowType]) -> Option<MadeStep> {
        None
    }

    /// Whether it may drop rows.
    fn drops_rows(&self) -> bool {
        false
    }

    /// Whether no later filter may run before it: Spark computes a column as late as it can, but for the functions that
    /// it declares not deterministic. Only errors show the difference.
    fn holds_filters(&self) -> bool {
        false
    }

    /// Whether a null that goes in comes out as a null.
    fn passes_nulls(&self) -> bool {
        false
    }

    /// Makes what it makes once, when it is first needed.
    fn prepare(&self) {}

    /// Says whose bits its answers have; most operations have but one way to compute them.
    fn set_exactness(&mut self, _exactness: Exactness) {}

    /// The numbers that a row of its answer has, if the model alone says how many and it may say many. The executor
    /// holds rows to what there is room for before it runs.
    fn width(&self, _inputs: usize) -> usize {
        0
    }

    /// Its name and the size of its parameters, for `inspect --plan`.
    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
}

/// Names every operation once; the enum, its dispatch and its conversions follow.
macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        /// One operation of a plan.
        #[derive(Clone, Debug)]
        pub enum Op {
            $($(#[$doc])* $name($name),)+
        }

        impl Op {
            fn operation_mut(&mut self) -> &mut dyn Operation {
                match self {
                    $(Op::$name(op) => op,)+
                }
            }

            fn operation(&self) -> &dyn Operation {
                match self {
                    $(Op::$name(op) => op,)+
                }
            }
        }

        $(impl From<$name> for Op {
            fn from(op: $name) -> Op {
                Op::$name(op)
            }
        })+
    };
}

operations! {
    /// Converts between types.
    Cast,
    /// Puts numbers and vectors side by side into one vector.
    Assemble,
    /// Shifts and multiplies each slot of a vector.
    Scale,
    /// Brings each slot of a vector into a range.
    MinMax,
    /// Divides the slots of a vector.
    Divide,
    /// Picks slots of a vector.
    SelectSlots,
    /// Lets vectors of one size through.
    CheckSize,
    /// All products of the slots of a vector up to some degree.
    Expand,
    /// Products of every slot of one column with every slot of the others.
    Interact,
    /// The discrete cosine transform of a vector.
    Cosine,
    /// 1 for numbers above a threshold, else 0.
    Binarize,
    /// The bucket that a number falls in.
    Bucketize,
    /// Puts a number in place of missing ones.
    Impute,
    /// The index of a string among labels.
    StringIndex,
    /// The label at an index.
    IndexToString,
    /// Category indices in place of the values of some slots.
    IndexSlots,
    /// A category index as a sparse vector.
    OneHot,
    /// The number that stands for a number.
    Recode,
    /// Splits text into words.
    Tokenize,
    /// Splits text by a regular expression.
    SplitText,
    /// Joins neighbouring words.
    NGrams,
    /// Leaves words out of lists.
    RemoveWords,
    /// Counts the words of a vocabulary.
    CountWords,
    /// Counts the words that texts are split into.
    CountText,
    /// The average of the vectors of words.
    AverageVectors,
    /// Counts terms at the places that their hashes give.
    HashTerms,
    /// Columns added up at the places that hashes of their names give.
    HashFeatures,
    /// Hashes of a vector by which near ones meet.
    RowHashes,
    /// The leaves that a row falls into.
    Forest,
    /// Forests that read columns of doubles.
    ForestsOfColumns,
    /// Dot products with rows of weights.
    Linear,
    /// Dot products of numbers and categories.
    LinearOfColumns,
    /// Linear scores of columns of numbers.
    LinearOfNumbers,
    /// A linear score plus a score for each pair of features.
    Factorize,
    /// Log-likelihoods of classes with independent Gaussian features.
    GaussianClasses,
    /// Takes the logarithm of the sum of exponentials off a vector.
    LogNormalize,
    /// Passes vectors on whose values a model can take.
    Require,
    /// Adds columns of doubles.
    Add,
    /// The mean of a generalized linear model.
    Mean,
    /// A number times each of some factors.
    Multiples,
    /// A step-wise linear function.
    Interpolate,
    /// The value at one place of a vector.
    Slot,
    /// Class probabilities from raw predictions.
    Probability,
    /// A class from raw predictions or probabilities.
    Decide,
    /// The place of the largest value of a vector.
    LargestPlace,
    /// The nearest of some centres.
    NearestCenter,
    /// The probability of each Gaussian of a mixture.
    Mixture,
    /// Cluster models of columns of numbers.
    ClustersOfNumbers,
    /// The share of each topic in a document.
    Topics,
    /// The leaf of a tree of clusters.
    ClusterTree,
    /// A feed-forward network.
    Perceptron,
    /// Doubles side by side as a dense vector.
    Pack,
    /// The product of two rows of factors.
    DotFactors,
    /// What rules add to a list of items.
    ApplyRules,
    /// An expression over columns.
    Evaluate,
    /// Keeps the rows for which a condition is true.
    Keep,
}

impl Op {
    pub(crate) fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        self.operation().output_types(inputs)
    }

    pub(crate) fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        self.operation().run(rows, inputs)
    }

    pub(crate) fn row_step(&self, inputs: &[RowType]) -> Option<MadeStep> {
        self.operation().row_step(inputs)
    }

    pub(crate) fn prepare(&self) {
        self.operation().prepare();
    }

    pub(crate) fn set_exactness(&mut self, exactness: Exactness) {
        self.operation_mut().set_exactness(exactness);
    }

    pub(crate) fn drops_rows(&self) -> bool {
        self.operation().drops_rows()
    }

    pub(crate) fn holds_filters(&self) -> bool {
        self.operation().holds_filters()
    }

    pub(crate) fn width(&self, inputs: usize) -> usize {
        self.operation().width(inputs)
    }

    pub(crate) fn passes_nulls(&self) -> bool {
        self.operation().passes_nulls()
    }
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.operation().describe(f)
    }
}

/// Checks that there are as many inputs as `expected`, each of the type at its place.
pub(crate) fn expect_types(inputs: &[&ColumnType], expected: &[ColumnType]) -> Result<(), Mismatch> {
    let places = inputs.len().max(expected.len());
    let wrong = (0..places).find(|&at| inputs.get(at).copied() != expected.get(at));
    match wrong {
        None => Ok(()),
        Some(input) => {
            let expected =
                expected.get(input).map_or_else(|| "no further column".to_owned(), ToString::to_string);
            Err(Mismatch { input, expected })
        }
    }
}

/// The doubles of `column`; types were settled when the plan was built.
pub(crate) fn doubles(column: &Column) -> Result<&arrow_array::Float64Array, OpError> {
    column.as_doubles().ok_or_else(|| OpError::Internal("a column of doubles was promised".to_owned()))
}

/// The strings of `column`; types were settled when the plan was built.
pub(crate) fn strings(column: &Column) -> Result<&arrow_array::StringArray, OpError> {
    column.as_strings().ok_or_else(|| OpError::Internal("a column of strings was promised".to_owned()))
}

/// The vectors of `column`; types were settled when the plan was built.
pub(crate) fn vectors(column: &Column) -> Result<&crate::VectorColumn, OpError> {
    column.as_vectors().ok_or_else(|| OpError::Internal("a column of vectors was promised".to_owned()))
}
