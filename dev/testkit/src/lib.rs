//! What tests share: Spark's answers as values, their comparison, and the golden and live runners.

pub mod compare;
pub mod golden;
pub mod live;
pub mod score;
pub mod shrink;
pub mod value;
