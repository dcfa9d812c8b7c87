//! The orders against what Spark's BLAS answers (`golden/blas`), and against sums written out plainly.

use proptest::prelude::*;

use super::*;
use crate::column::{Column, VectorColumn};
use crate::exactness::Exactness;
use crate::ops::{Op, Perceptron};

const ANSWERS: [(Exactness, &str); 3] = [
    (Exactness::Spark35, include_str!("../../../../golden/blas/spark-3.5.txt")),
    (Exactness::Spark4, include_str!("../../../../golden/blas/spark-4.txt")),
    (Exactness::Spark4Avx2, include_str!("../../../../golden/blas/spark-4-avx2.txt")),
];

/// The numbers that `golden/blas/Reference.java` multiplies.
fn values(count: usize, seed: i64) -> Vec<f64> {
    let value = |at: usize| ((at as i64 * 7919 + seed * 10473) % 10007 - 5003) as f64 / 97.0;
    (0..count).map(value).collect()
}

fn ours(exactness: Exactness, kind: &str, sizes: &[usize]) -> Vec<f64> {
    if let &[n] = sizes {
        return vec![DotOrder::of_vectors(exactness).dense(&values(n, 1), &values(n, 2))];
    }
    let (rows, columns) = (sizes[0], sizes[1]);
    let (matrix, vector, mut sums) = (values(rows * columns, 3), values(columns, 4), values(rows, 5));
    match kind {
        "rows" => {
            let order = DotOrder::of_rows(exactness);
            let products = matrix.chunks_exact(columns).map(|row| order.dense(row, &vector));
            sums.iter_mut().zip(products).for_each(|(sum, product)| *sum += product);
            sums
        }
        "columns" => {
            let by_row = (0..rows).flat_map(|row| matrix.iter().skip(row).step_by(rows).copied());
            columns::add(exactness, -1.0, &by_row.collect::<Vec<_>>(), &vector, &mut sums);
            sums
        }
        _ => {
            let network = Perceptron::new(vec![columns, rows], [matrix, sums].concat()).unwrap();
            let mut op = Op::from(network);
            op.set_exactness(exactness);
            let row = Column::Vector(VectorColumn::from_block(1, columns, vector));
            let outputs = op.run(1, &[&row]).ok().unwrap();
            outputs.columns[0].as_vectors().unwrap().get(0).unwrap().values().to_vec()
        }
    }
}

#[test]
fn products_have_the_bits_of_sparks_blas() {
    for (exactness, answers) in ANSWERS {
        let mut lines = 0;
        for line in answers.lines() {
            let mut words = line.split(' ');
            let kind = words.next().unwrap();
            let sizes: Vec<usize> = words
                .by_ref()
                .take(if kind == "vectors" { 1 } else { 2 })
                .map(|word| word.parse().unwrap())
                .collect();
            let spark: Vec<u64> = words.map(|word| u64::from_str_radix(word, 16).unwrap()).collect();
            let ours: Vec<u64> = ours(exactness, kind, &sizes).into_iter().map(f64::to_bits).collect();
            assert_eq!(ours, spark, "{exactness}: {kind} {sizes:?}");
            lines += 1;
        }
        assert!(lines > 200, "{exactness}: {lines} products");
    }
}

/// Lane by lane: the lane `at` has the places `at`, `at + lanes` and so on.
fn by_lanes(a: &[f64], b: &[f64], lanes: usize, fused_tail: bool) -> f64 {
    let whole = a.len() / lanes * lanes;
    let mut sum = 0.0;
    for lane in 0..lanes {
        let mut own = 0.0;
        for at in (lane..whole).step_by(lanes) {
            own = a[at].mul_add(b[at], own);
        }
        sum += own;
    }
    for at in whole..a.len() {
        sum = if fused_tail { a[at].mul_add(b[at], sum) } else { sum + a[at] * b[at] };
    }
    sum
}

/// A row of a matrix with its columns one after another; `fused` as all rows of Spark 3.5 are, and most of Spark 4.
fn by_columns(row: &[f64], vector: &[f64], factor: f64, start: f64, fused: bool) -> f64 {
    let mut sum = start;
    let mut at = 0;
    while at + 4 <= row.len() {
        let x: Vec<f64> = vector[at..at + 4].iter().map(|x| factor * x).collect();
        let a = &row[at..at + 4];
        sum = if fused {
            x[0].mul_add(a[0], x[1].mul_add(a[1], x[2].mul_add(a[2], x[3].mul_add(a[3], sum))))
        } else {
            sum + (x[0] * a[0] + x[1] * a[1] + x[2] * a[2] + x[3] * a[3])
        };
        at += 4;
    }
    for at in at..row.len() {
        let x = factor * vector[at];
        sum = if fused { x.mul_add(row[at], sum) } else { sum + x * row[at] };
    }
    sum
}

proptest! {
    #[test]
    fn dot_products_are_added_lane_by_lane(pairs in prop::collection::vec((-1e3..1e3, -1e3..1e3), 0..70)) {
        let (a, b): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
        let bits = |order: DotOrder| order.dense(&a, &b).to_bits();
        prop_assert_eq!(bits(DotOrder::of_vectors(Exactness::Spark35)), by_lanes(&a, &b, 4, true).to_bits());
        prop_assert_eq!(bits(DotOrder::of_rows(Exactness::Spark35)), by_lanes(&a, &b, 1, true).to_bits());
        prop_assert_eq!(bits(DotOrder::of_vectors(Exactness::Spark4)), by_lanes(&a, &b, 8, false).to_bits());
        prop_assert_eq!(bits(DotOrder::of_rows(Exactness::Spark4)), by_lanes(&a, &b, 8, false).to_bits());
        prop_assert_eq!(bits(DotOrder::of_vectors(Exactness::Spark4Avx2)), by_lanes(&a, &b, 4, false).to_bits());
        prop_assert_eq!(bits(DotOrder::of_rows(Exactness::Spark4Avx2)), by_lanes(&a, &b, 4, false).to_bits());
        prop_assert_eq!(DotOrder::of_vectors(Exactness::Fast), DotOrder::Fast);
        let scale: f64 = a.iter().zip(&b).map(|(x, y)| (x * y).abs()).sum();
        for order in [DotOrder::FusedFours, DotOrder::Fused, DotOrder::FusedLanes, DotOrder::FusedAvx2Lanes] {
            prop_assert!((order.dense(&a, &b) - DotOrder::Fast.dense(&a, &b)).abs() <= 1e-13 * scale);
        }
    }

    #[test]
    fn columns_are_added_four_at_a_time(
        (width, matrix, vector) in (1_usize..20).prop_flat_map(|width| {
            let numbers = |count| prop::collection::vec(-1e3..1e3, count);
            (Just(width), (0_usize..20).prop_flat_map(move |rows| numbers(rows * width)), numbers(width))
        }),
        factor in prop_oneof![Just(1.0), Just(-1.0)],
    ) {
        let rows = matrix.len() / width;
        for (exactness, lanes) in [(Exactness::Spark35, 1), (Exactness::Spark4, 8), (Exactness::Spark4Avx2, 4)] {
            let mut sums = values(rows, 5);
            columns::add(exactness, factor, &matrix, &vector, &mut sums);
            for (at, (row, start)) in matrix.chunks_exact(width).zip(values(rows, 5)).enumerate() {
                let fused = at < rows / lanes * lanes;
                let expected = by_columns(row, &vector, factor, start, fused);
                prop_assert_eq!(sums[at].to_bits(), expected.to_bits());
            }
        }
    }
}

proptest! {
    #[test]
    fn zeros_may_be_left_out_of_a_dense_product(
        terms in prop::collection::vec((prop_oneof![2 => Just(0.0), 3 => -1e3..1e3, 1 => -1e-300..1e-300], -1e3..1e3), 0..40),
    ) {
        let (row, weights): (Vec<f64>, Vec<f64>) = terms.into_iter().unzip();
        let active = row.iter().enumerate().filter(|(_, value)| **value != 0.0);
        let active: Vec<(u32, f64)> = active.map(|(place, value)| (place as u32, *value)).collect();
        prop_assert_eq!(dense_active(&active, &weights).to_bits(), dense(&row, &weights).to_bits());
    }
}
