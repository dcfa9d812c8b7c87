//! A reader that gives out no more than its budget.

use std::cell::Cell;
use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;

/// What is left of a budget, shared by the reader and whoever set it.
#[derive(Clone)]
pub(crate) struct Budget(Rc<Cell<Option<u64>>>);

impl Budget {
    pub(crate) fn new(bytes: u64) -> Self {
        Budget(Rc::new(Cell::new(Some(bytes))))
    }

    /// Starts anew with `bytes`.
    pub(crate) fn reset(&self, bytes: u64) {
        self.0.set(Some(bytes));
    }

    /// Whether the reader was asked for more than there was.
    pub(crate) fn overdrawn(&self) -> bool {
        self.0.get().is_none()
    }
}

/// Reads from `inner` until the budget is used up; then every read fails.
pub(crate) struct Metered<R> {
    inner: R,
    budget: Budget,
}

impl<R> Metered<R> {
    pub(crate) fn new(inner: R, budget: Budget) -> Self {
        Metered { inner, budget }
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)? as u64;
        let left = self.budget.0.get().and_then(|left| left.checked_sub(count));
        self.budget.0.set(left);
        match left {
            Some(_) => Ok(count as usize),
            None => Err(io::Error::other("more data than the limits allow")),
        }
    }
}

impl<R: Seek> Seek for Metered<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}
