//! Every level against plain words.

use proptest::prelude::*;

use super::*;
use crate::ops::forest::sliced::{BinTest, Bundle, Cells, Form, KEYS, LANES, Reaches, Run, Sliced};
use crate::ops::forest::trees::{Nodes, Test, TreeNode, TreesBuilder};

/// The levels that this processor has.
fn levels() -> Vec<Level> {
    let mut levels = vec![Level::Portable];
    #[cfg(target_arch = "x86_64")]
    match Level::detect() {
        Level::Avx512 => levels.extend([Level::Avx2, Level::Avx512]),
        Level::Avx2 => levels.push(Level::Avx2),
        Level::Portable => {}
    }
    levels
}

fn value() -> impl Strategy<Value = f64> {
    prop_oneof![4 => (-4..5).prop_map(f64::from), 1 => Just(f64::NAN), 1 => Just(-0.0), 1 => any::<f64>()]
}

fn thresholds(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(prop_oneof![-4.0..5.0, (-4..5).prop_map(f64::from)], count)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_level_counts_what_a_value_is_beyond(
        values in prop::collection::vec(value(), STRIPE),
        // Some are equal to values; as many as a search in vectors takes, one more, or any number.
        thresholds in prop_oneof![thresholds(0..70), thresholds(31..33), thresholds(70..255)],
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
            count_row(level, &values[..9], &Search::of(&vec![thresholds.clone(); 9]), &mut row);
            prop_assert_eq!(&row[..], &expected[..9], "{:?}", level);
        }
    }

    #[test]
    fn every_level_makes_the_same_planes_and_codes(
        bins in prop::collection::vec(prop::collection::vec(any::<u8>(), BLOCK), 3),
        selections in prop::collection::vec((0..4_usize, prop::collection::vec(any::<u16>(), 7)), 0..60),
        rows in prop_oneof![1..=BLOCK, 1..=STRIPE],
        bits in 0..=16_usize,
    ) {
        let bins: Vec<[u8; BLOCK]> = bins.into_iter().map(|bins| bins.try_into().unwrap()).collect();
        let tests: Vec<BinTest> = (0..8).map(|at| BinTest { slot: at % 3, bin: at * 36 }).collect();
        let first = Sliced::plane_of(tests.len());
        let (mut runs, mut places): (Vec<Run>, Vec<u16>) = (Vec::new(), Vec::new());
        for (number, (form, names)) in selections.iter().enumerate() {
            let form = [Form::One, Form::Left, Form::Right, Form::Both][*form];
            // Planes that are there by then.
            places.extend(names[..form.places()].iter().map(|name| name % (first + number) as u16));
            match runs.last_mut() {
                Some(run) if run.form == form => run.count += 1,
                _ => runs.push(Run { form, count: 1 }),
            }
        }
        let all = first + selections.len();
        let roots: Vec<u16> = (0..bits).map(|at| ((at * 7 + 3) % all) as u16).collect();
        let mut expected: [u16; BLOCK] = [0; BLOCK];
        for (row, expected) in expected.iter_mut().enumerate() {
            let mut bits = vec![false, true];
            bits.extend(tests.iter().map(|test| bins[usize::from(test.slot)][row] <= test.bin));
            let mut places = &places[..];
            for form in runs.iter().flat_map(|run| vec![run.form; run.count as usize]) {
                let (names, rest) = places.split_at(form.places());
                let bit = |at: usize| bits[usize::from(names[at])];
                let chosen = |at: usize| if bit(at) { bit(at + 1) } else { bit(at + 2) };
                let (passes, fails) = match form {
                    Form::One => (bit(1), bit(2)),
                    Form::Left => (chosen(1), bit(4)),
                    Form::Right => (bit(1), chosen(2)),
                    Form::Both => (chosen(1), chosen(4)),
                };
                bits.push(if bit(0) { passes } else { fails });
                places = rest;
            }
            *expected = roots.iter().enumerate().map(|(bit, &root)| u16::from(bits[root as usize]) << bit).sum();
        }
        let reaches = vec![Reaches([[0xf0; LANES]; KEYS]); selections.len().div_ceil(LANES)];
        let bundle = Bundle { planes: all, first, runs: &runs, places: &places, reaches: &reaches };
        for level in levels() {
            let placed: Vec<[u8; BLOCK]> =
                bins.iter().map(|bins| std::array::from_fn(|at| bins[level.row_at(at)])).collect();
            let mut live = Live::new(level, reaches.len());
            live.find(&reaches, &Cells([0x55; KEYS]));
            for live in [None, Some(&live)] {
                let mut planes = Planes::of(level, all, rows);
                planes.test(&tests, &placed, rows);
                planes.select(&bundle, live);
                let mut found = Codes::NONE;
                planes.codes(&roots, &mut found);
                prop_assert_eq!(&found.codes[..rows], &expected[..rows], "{:?}", level);
            }
        }
    }

    #[test]
    fn every_level_finds_the_same_selections_to_be_live(
        lanes in prop::collection::vec(prop::collection::vec((0..16_u8, 0..16_u8), KEYS), 0..150),
        rows in prop::collection::vec((0..16_u8, 0..16_u8), KEYS),
    ) {
        let mut reaches = vec![Reaches([[0x0f; LANES]; KEYS]); lanes.len().div_ceil(LANES)];
        for (number, lane) in lanes.iter().enumerate() {
            for (key, (low, high)) in lane.iter().enumerate() {
                reaches[number / LANES].0[key][number % LANES] = low | high << 4;
            }
        }
        let cells = Cells(std::array::from_fn(|key| rows[key].0 | rows[key].1 << 4));
        let meets = |lane: &[(u8, u8)]| {
            lane.iter().zip(&rows).all(|(lane, rows)| lane.0 <= rows.1 && lane.1 >= rows.0)
        };
        let expected: Vec<u16> =
            (0..lanes.len() as u16).filter(|&number| meets(&lanes[usize::from(number)])).collect();
        let (start, end) = (lanes.len() / 3, lanes.len() - lanes.len() / 4);
        for level in levels() {
            let mut live = Live::new(level, reaches.len());
            live.find(&reaches, &cells);
            prop_assert_eq!(live.between(0, lanes.len()), &expected[..], "{:?}", level);
            let within: Vec<u16> =
                expected.iter().copied().filter(|&number| (start..end).contains(&usize::from(number))).collect();
            prop_assert_eq!(live.between(start, end), &within[..], "{:?}", level);
        }
    }

    #[test]
    fn every_level_adds_the_same_pairs(
        codes in prop::collection::vec(prop::collection::vec(0..8_u16, BLOCK), 4),
        numbers in prop::collection::vec(prop::collection::vec(0..50_u16, 8), 4),
        rows in 0..=BLOCK,
    ) {
        let values: Vec<[f64; 2]> = (0..60).map(|at| [f64::from(at) / 7.0, 1e9 / f64::from(at + 1)]).collect();
        let mut tables = Tables::default();
        numbers.iter().for_each(|numbers| tables.push(numbers).unwrap());
        let coded: Vec<Codes> = codes
            .iter()
            .map(|codes| Codes { codes: codes.clone().try_into().unwrap(), rows: BLOCK, limit: 8 })
            .collect();
        let trees: [Coded<'_>; 4] = std::array::from_fn(|tree| Coded {
            base: 3 * tree,
            table: tables.of(tree),
            codes: &coded[tree],
            rows,
        });
        let mut expected = vec![[0.5, -0.0]; rows];
        for (row, sums) in expected.iter_mut().enumerate() {
            for tree in 0..4 {
                let pair = values[3 * tree + usize::from(numbers[tree][usize::from(codes[tree][row])])];
                *sums = [sums[0] + pair[0], sums[1] + pair[1]];
            }
        }
        for level in levels() {
            let mut found = vec![[0.5, -0.0]; rows];
            add_pairs(level, &mut found, &values, &trees);
            prop_assert_eq!(&found, &expected, "{:?}", level);
        }
    }
}

#[test]
#[should_panic(expected = "another forest")]
fn codes_beyond_their_table_are_refused() {
    let mut tables = Tables::default();
    tables.push(&[0, 1]).unwrap();
    let codes = Codes { codes: [0; BLOCK], rows: BLOCK, limit: 4 };
    let coded = Coded { base: 0, table: tables.of(0), codes: &codes, rows: 1 };
    add_pairs(Level::Portable, &mut [[0.0; 2]], &[[1.0; 2]; 2], &[coded]);
}

/// A tree of random forks over some slots, of which each tests one of `bins` thresholds.
fn random_tree(
    random: &mut impl FnMut(usize) -> usize,
    (slots, bins, splits): (usize, usize, usize),
) -> Vec<TreeNode> {
    let mut nodes = vec![TreeNode::Leaf];
    let mut leaves = vec![0];
    for _ in 0..splits {
        let place = leaves.swap_remove(random(leaves.len()));
        let test = Test::AtMost { feature: random(slots), threshold: random(bins) as f64 };
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
    let slots_and_splits =
        [(70, 0), (70, 1), (70, 31), (4, 400), (16, 400), (30, 400), (64, 400), (70, 400), (200, 400)];
    let shapes = slots_and_splits.map(|(slots, splits)| (37, (slots, 9, splits))).into_iter();
    // Fewer trees than are counted together, as many, and bins of every height.
    for (trees, shape) in
        shapes.chain([(3, (4, 9, 40)), (16, (4, 9, 40)), (17, (4, 9, 0)), (90, (3, 254, 60))])
    {
        let (slots, bins, splits) = shape;
        let trees: Vec<_> = (0..trees).map(|_| random_tree(&mut random, shape)).collect();
        let mut builder = TreesBuilder::new(slots);
        let leaves: Vec<_> = trees.iter().map(|nodes| builder.add(nodes).unwrap()).collect();
        let made = builder.finish().unwrap();
        let Nodes::Binned(nodes) = &made.nodes else { panic!("not over bins") };
        let rows: Vec<Vec<f64>> =
            (0..50).map(|_| (0..slots).map(|_| random(bins + 2) as f64 - 1.0).collect()).collect();
        for level in levels() {
            let mut walk = PageWalk::of(level, &nodes.pages);
            for row in &rows {
                let mut bins = [0; 256];
                let read: Vec<f64> = made.read.iter().map(|&feature| row[feature as usize]).collect();
                nodes.bins(level, &read, &mut bins[..read.len()]);
                let found = walk.fold(&nodes.pages, (nodes.slots(), &bins), Vec::new(), |mut found, leaf| {
                    found.push(leaf);
                    found
                });
                for (tree, (nodes, leaves)) in trees.iter().zip(&leaves).enumerate() {
                    let expected = made.first_leaf(tree) + way(nodes, leaves, row);
                    assert_eq!(found[tree], expected, "{level:?}, {slots} slots, {splits} splits");
                }
            }
        }
    }
}
