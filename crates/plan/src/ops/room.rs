//! How much an operation may make of a batch: models and rows say sizes in a word, and stages multiply them.

use crate::column::VectorBuilder;
use crate::error::OpError;

/// The most numbers that an operation may make of a batch; they take 4 GiB.
const MOST_VALUES: usize = 1 << 29;
/// The most bytes that words may take; Arrow has room for no more.
const MOST_BYTES: usize = i32::MAX as usize;

/// The most bytes that all columns of a batch may take at once: stages may be many.
const MOST_HELD: usize = 8 << 30;

const HINT: &str = "score fewer rows at a time";

/// Refuses rows that come to more than there is room for, at `width` numbers each.
pub(crate) fn check_width(rows: usize, width: usize) -> Result<(), OpError> {
    let most = MOST_VALUES / width.max(1);
    if rows <= most {
        return Ok(());
    }
    let expected = format!("at most {MOST_VALUES} numbers in a batch");
    Err(OpError::row(most, 0, format!("{width} numbers a row in {rows} rows"), expected).hint(HINT))
}

/// Refuses to go on where all columns of a batch together take more bytes than there is room for.
pub(crate) fn check_held(rows: usize, bytes: usize) -> Result<(), OpError> {
    if rows == 0 || bytes <= MOST_HELD {
        return Ok(());
    }
    let expected = format!("at most {MOST_HELD} in a batch");
    Err(OpError::row(0, 0, format!("columns of {bytes} bytes together"), expected).hint(HINT))
}

/// Refuses a row with `more` values after which `made` would hold more than there is room for.
pub(crate) fn check_values(
    row: usize,
    input: usize,
    made: &VectorBuilder,
    more: usize,
) -> Result<(), OpError> {
    if made.stored().saturating_add(more) <= MOST_VALUES {
        return Ok(());
    }
    let expected = format!("at most {MOST_VALUES} numbers in a batch");
    Err(OpError::row(row, input, format!("{more} numbers more"), expected).hint(HINT))
}

/// Refuses a row with `more` bytes of words after which there would be more than there is room for.
pub(crate) fn check_bytes(row: usize, made: usize, more: usize) -> Result<(), OpError> {
    if made.saturating_add(more) <= MOST_BYTES {
        return Ok(());
    }
    let expected = format!("at most {MOST_BYTES} bytes of words in a batch");
    Err(OpError::row(row, 0, format!("words of {more} bytes"), expected).hint(HINT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_row_that_finds_no_room_is_named() {
        assert!(check_width(1000, 0).is_ok() && check_width(1 << 20, 1 << 9).is_ok());
        let Err(OpError::Row(fault)) = check_width(1000, 1 << 20) else { panic!("a row error") };
        assert_eq!((fault.row, fault.found.as_str()), (512, "1048576 numbers a row in 1000 rows"));
        assert!(check_values(0, 0, &VectorBuilder::default(), MOST_VALUES + 1).is_err());
        assert!(check_bytes(0, MOST_BYTES, 1).is_err() && check_bytes(0, 1, 1).is_ok());
        assert!(check_held(1, MOST_HELD + 1).is_err() && check_held(1, 1).is_ok());
    }
}
