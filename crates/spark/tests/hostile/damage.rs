//! Model data cut off, and with single bytes changed.

use crate::attempt::attempt;
use crate::golden::{Save, every_layout};

/// Folders of saves that scoring does not need.
const NOT_READ: [&str; 2] = ["globalTopicTotals", "tokenCounts"];

/// How many places of each file are tried.
const PLACES: usize = 40;

#[test]
fn data_that_are_damaged_end_in_an_error_or_a_model() {
    for save in every_layout() {
        for path in save.parquet_files() {
            let whole = save.files[&path].clone();
            for at in 0..PLACES {
                let at = at * whole.len() / PLACES;
                let name = format!("{}, {path}, at {at}", save.name);
                let damaged = |bytes: Vec<u8>| Save { name: name.clone(), ..save.clone() }.with(&path, bytes);
                let cut = attempt(&damaged(whole[..at].to_vec()));
                assert!(
                    cut.refused.is_some() || NOT_READ.iter().any(|folder| path.contains(folder)),
                    "{name}"
                );
                let mut changed = whole.clone();
                changed[at] ^= 0xff;
                attempt(&damaged(changed));
            }
        }
    }
}
