//! Work on the trees of a forest by two threads.

use std::ops::Range;
use std::panic::resume_unwind;
use std::thread;

/// From so many nodes on a second thread is worth its start.
const NODES_FOR_TWO: usize = 1 << 14;

/// What `made` makes of the first half of `trees` trees with `nodes` nodes in all, and of the second half; or of all,
/// where there are few nodes. The numbers alone say where trees are parted, so that every load makes the same.
pub(super) fn halves<T: Send>(
    trees: usize,
    nodes: usize,
    made: impl Fn(Range<usize>) -> T + Sync,
) -> (T, Option<T>) {
    if nodes < NODES_FOR_TWO {
        return (made(0..trees), None);
    }
    let middle = trees / 2;
    thread::scope(|scope| {
        let other = thread::Builder::new().spawn_scoped(scope, || made(middle..trees));
        let first = made(0..middle);
        let second = match other {
            Ok(other) => other.join().unwrap_or_else(|fault| resume_unwind(fault)),
            Err(_) => made(middle..trees),
        };
        (first, Some(second))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tree_is_in_one_half() {
        assert_eq!(halves(5, NODES_FOR_TWO - 1, |trees| trees), (0..5, None));
        assert_eq!(halves(5, NODES_FOR_TWO, |trees| trees), (0..2, Some(2..5)));
        assert_eq!(halves(1, NODES_FOR_TWO, |trees| trees), (0..0, Some(0..1)));
    }
}
