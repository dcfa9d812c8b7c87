//! The order in which a Scala set of strings gives its elements: some stages of Spark add up in it.
//!
//! Up to four elements stay as they came. A larger set is a hash trie, five bits of the hash a level, the lowest first.
//! Scala 2.12 (Spark 3 as PySpark has it) walks it in the order of these bits: `HashSet.HashTrieSet`. Scala 2.13
//! (Spark 4) gives the elements of a node before those of the nodes below it: `BitmapIndexedSetNode`.

use std::collections::{BTreeMap, HashSet};

/// The Scala whose sets are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scala {
    V2_12,
    V2_13,
}

/// The elements of a set of `names`, but for `removed`, in the order in which Scala gives them.
pub(crate) fn ordered<'a>(scala: Scala, names: &[&'a str], removed: &[&str]) -> Vec<&'a str> {
    let mut seen = HashSet::new();
    let all: Vec<&str> = names.iter().copied().filter(|name| seen.insert(*name)).collect();
    let left: Vec<&str> = all.iter().copied().filter(|name| !removed.contains(name)).collect();
    // A set that was large stays a trie, however little is left of it.
    if all.len() <= 4 { left } else { walked(scala, left, 0) }
}

/// In the order of a trie below `shift` bits; elements of one hash stay as they came.
fn walked(scala: Scala, names: Vec<&str>, shift: u32) -> Vec<&str> {
    if names.len() < 2 || shift >= u32::BITS {
        return names;
    }
    let mut nodes: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    for name in names {
        nodes.entry((improved(hash_code(name)) >> shift) & 31).or_default().push(name);
    }
    let mut nodes: Vec<Vec<&str>> = nodes.into_values().collect();
    if scala == Scala::V2_13 {
        nodes.sort_by_key(|names| names.len() > 1);
    }
    nodes.into_iter().flat_map(|names| walked(scala, names, shift + 5)).collect()
}

/// Java's `String.hashCode`.
fn hash_code(text: &str) -> u32 {
    text.encode_utf16().fold(0u32, |hash, unit| hash.wrapping_mul(31).wrapping_add(u32::from(unit)))
}

/// `improve` of `scala.collection.immutable.HashSet` 2.12 and of `scala.collection.Hashing` 2.13.
fn improved(hash: u32) -> u32 {
    let mut hash = hash.wrapping_add(!(hash << 9));
    hash ^= hash >> 14;
    hash = hash.wrapping_add(hash << 4);
    hash ^ (hash >> 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From runs of scala-library 2.12.18 and 2.13.18.
    #[test]
    fn a_large_set_is_in_the_order_of_a_trie() {
        let names = ["x36", "x5", "x45", "x15", "x30", "x22", "x16"];
        assert_eq!(ordered(Scala::V2_12, &names, &["x22"]), ["x16", "x30", "x45", "x5", "x15", "x36"]);
        assert_eq!(ordered(Scala::V2_13, &names, &["x22"]), ["x16", "x30", "x15", "x36", "x45", "x5"]);
        let names = ["x10", "x21", "x18", "x13", "x44", "x8", "x12"];
        for scala in [Scala::V2_12, Scala::V2_13] {
            assert_eq!(ordered(scala, &names, &["x21", "x13", "x12"]), ["x8", "x44", "x18", "x10"]);
        }
    }

    #[test]
    fn up_to_four_stay_as_they_came_each_but_once() {
        for scala in [Scala::V2_12, Scala::V2_13] {
            assert_eq!(ordered(scala, &["d", "a", "d", "c", "b"], &["a"]), ["d", "c", "b"]);
        }
    }
}
