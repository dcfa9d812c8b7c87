//! Every level against plain words.

use proptest::prelude::*;

use super::*;
use crate::ops::forest::sliced::{BinTest, Form, ONE, Run, Sliced, TreeProgram};
use crate::ops::forest::trees::{Nodes, Test, TreeNode, TreesBuilder};

/// The levels that this processor has.
fn levels() -> Vec<Level> {
    let mut levels = vec![Level::Portable];
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        levels.push(Level::Avx2);
    }
    if Level::detect() != Level::Portable {
        levels.push(Level::detect());
    }
    levels
}

fn value() -> impl Strategy<Value = f64> {
    prop_oneof![4 => (-4..5).prop_map(f64::from), 1 => Just(f64::NAN), 1 => Just(-0.0), 1 => any::<f64>()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_level_counts_what_a_value_is_beyond(
        values in prop::collection::vec(value(), STRIPE),
        thresholds in prop::collection::vec(-4.0..5.0, 0..70),
    ) {
        let mut thresholds = thresholds;
        thresholds.sort_by(f64::total_cmp);
        let values: [f64; STRIPE] = values.try_into().unwrap();
        let at_most = |x: &f64| thresholds.iter().filter(|&threshold| x <= threshold).count();
        let bin = |x: &f64| (1 + thresholds.len() - at_most(x)) as u8;
        let expected: Vec<u8> = values.iter().map(bin).collect();
        for level in levels() {
            let mut found = [0; STRIPE];
            count_beyond(level, &values, &thresholds, &mut found);
            prop_assert_eq!(&found[..], &expected[..], "{:?}", level);
            let mut row = [0; 9];
            count_row(level, &values[..9], &vec![thresholds.clone(); 9], &mut row);
            prop_assert_eq!(&row[..], &expected[..9], "{:?}", level);
        }
    }

    #[test]
    fn every_level_makes_the_same_planes_and_codes(
        bins in prop::collection::vec(prop::collection::vec(0..9_u8, BLOCK), 3),
        selections in prop::collection::vec(
            prop_oneof![
                ((10..16_u16, 2..10_u16), prop::collection::vec(0..16_u16, 2)).prop_map(|to| (Form::One, to)),
                ((10..16_u16, 2..10_u16), prop::collection::vec(0..16_u16, 4)).prop_map(|to| (Form::Left, to)),
                ((10..16_u16, 2..10_u16), prop::collection::vec(0..16_u16, 4)).prop_map(|to| (Form::Right, to)),
                ((10..16_u16, 2..10_u16), prop::collection::vec(0..16_u16, 6)).prop_map(|to| (Form::Both, to)),
            ],
            0..40,
        ),
        rows in 1..=BLOCK,
    ) {
        let bins: Vec<[u8; BLOCK]> = bins.into_iter().map(|bins| bins.try_into().unwrap()).collect();
        let tests: Vec<BinTest> = (0..8).map(|at| BinTest { slot: at % 3, bin: at }).collect();
        let runs: Vec<Run> = selections.iter().map(|&(form, _)| Run { form, count: 1 }).collect();
        let places: Vec<u16> =
            selections.iter().flat_map(|(_, ((to, test), rest))| [*to, *test].into_iter().chain(rest.clone())).collect();
        let roots = [3, 11, 10, 1, 0, 15, 4, 12, 13, 5, 14];
        let mut expected: [u16; BLOCK] = [0; BLOCK];
        for (row, expected) in expected.iter_mut().enumerate() {
            let mut bits = [false; 16];
            bits[usize::from(ONE)] = true;
            for (at, test) in tests.iter().enumerate() {
                bits[Sliced::plane_of(at)] = bins[usize::from(test.slot)][row] <= test.bin;
            }
            for (form, ((to, test), rest)) in &selections {
                let bit = |at: usize| bits[usize::from(rest[at])];
                let chosen = |at: usize| if bit(at) { bit(at + 1) } else { bit(at + 2) };
                let (passes, fails) = match form {
                    Form::One => (bit(0), bit(1)),
                    Form::Left => (chosen(0), bit(3)),
                    Form::Right => (bit(0), chosen(1)),
                    Form::Both => (chosen(0), chosen(3)),
                };
                bits[usize::from(*to)] = if bits[usize::from(*test)] { passes } else { fails };
            }
            *expected = roots.iter().enumerate().map(|(bit, &root)| u16::from(bits[root as usize]) << bit).sum();
        }
        for level in levels() {
            let mut planes = Planes::of(level, 16);
            planes.test(&tests, &bins, rows);
            planes.select(&TreeProgram { planes: 16, runs: &runs, places: &places, roots: &[], leaf_of: &[] });
            let mut found = [0; BLOCK];
            planes.codes(&roots, &mut found);
            prop_assert_eq!(&found[..rows], &expected[..rows], "{:?}", level);
        }
    }
}

/// A tree of random forks over some slots, of which each tests one of 9 thresholds.
fn random_tree(random: &mut impl FnMut(usize) -> usize, slots: usize, splits: usize) -> Vec<TreeNode> {
    let mut nodes = vec![TreeNode::Leaf];
    let mut leaves = vec![0];
    for _ in 0..splits {
        let place = leaves.swap_remove(random(leaves.len()));
        let test = Test::AtMost { feature: random(slots), threshold: random(9) as f64 };
        nodes[place] = TreeNode::Branch { test, left: nodes.len(), right: nodes.len() + 1 };
        leaves.extend([nodes.len(), nodes.len() + 1]);
        nodes.extend([TreeNode::Leaf, TreeNode::Leaf]);
    }
    nodes
}

/// The leaf that a row comes to by its own way, counted in the tree.
fn way(nodes: &[TreeNode], leaves: &[usize], row: &[f64]) -> usize {
    let mut at = 0;
    while let TreeNode::Branch { test: Test::AtMost { feature, threshold }, left, right } = &nodes[at] {
        at = if row[*feature] <= *threshold { *left } else { *right };
    }
    leaves.iter().position(|&leaf| leaf == at).unwrap()
}

#[test]
fn every_level_finds_the_same_leaves_on_pages() {
    let mut state = 1_u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let shapes =
        [(70, 0), (70, 1), (70, 31), (4, 400), (16, 400), (30, 400), (64, 400), (70, 400), (200, 400)];
    for (slots, splits) in shapes {
        let trees: Vec<_> = (0..37).map(|_| random_tree(&mut random, slots, splits)).collect();
        let mut builder = TreesBuilder::new(slots);
        let leaves: Vec<_> = trees.iter().map(|nodes| builder.add(nodes).unwrap()).collect();
        let made = builder.finish().unwrap();
        let Nodes::Binned(nodes) = &made.nodes else { panic!("not over bins") };
        let rows: Vec<Vec<f64>> =
            (0..50).map(|_| (0..slots).map(|_| random(11) as f64 - 1.0).collect()).collect();
        for level in levels() {
            let mut walk = PageWalk::of(level, &nodes.pages);
            for row in &rows {
                let mut bins = [0; 256];
                let read: Vec<f64> = made.read.iter().map(|&feature| row[feature as usize]).collect();
                nodes.bins(level, &read, &mut bins[..read.len()]);
                let found: Vec<u32> =
                    walk.run(&nodes.pages, nodes.slots(), &bins).flatten().copied().collect();
                for (tree, (nodes, leaves)) in trees.iter().zip(&leaves).enumerate() {
                    let expected = made.first_leaf(tree) + way(nodes, leaves, row);
                    assert_eq!(found[tree] as usize, expected, "{level:?}, {slots} slots, {splits} splits");
                }
            }
        }
    }
}
