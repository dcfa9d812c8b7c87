//! Threads that scoring and encoding share: as many as there are cores, so that each of them has one to itself, whatever
//! there is more of at the time.

use std::fmt;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rayon_core::{ThreadPool, ThreadPoolBuilder};

/// Threads that do what they are given, what was given first first. Clones share them.
#[derive(Clone)]
pub struct Workers(Arc<ThreadPool>);

impl Workers {
    /// So many threads, at least one; an error where the system has none left.
    pub fn new(threads: usize) -> io::Result<Workers> {
        let pool = ThreadPoolBuilder::new()
            .num_threads(threads.max(1))
            .thread_name(|at| format!("worker-{at}"))
            .build()
            .map_err(io::Error::other)?;
        Ok(Workers(Arc::new(pool)))
    }

    /// Has `job` done, without waiting for it. What it panics with is lost.
    pub fn give(&self, job: impl FnOnce() + Send + 'static) {
        self.0.spawn(|| _ = catch_unwind(AssertUnwindSafe(job)));
    }

    /// Does the same to all items, side by side, those first that come first, and waits; whether none panicked.
    pub(crate) fn each<I>(&self, items: I, work: impl Fn(I::Item) + Sync) -> bool
    where
        I: Iterator + Send,
        I::Item: Send,
    {
        let work = &work;
        let all = || self.0.scope_fifo(|scope| items.for_each(|item| scope.spawn_fifo(move |_| work(item))));
        catch_unwind(AssertUnwindSafe(all)).is_ok()
    }
}

impl fmt::Debug for Workers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Workers({})", self.0.current_num_threads())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn a_panic_is_told_and_the_threads_go_on() {
        let workers = Workers::new(2).unwrap();
        let done = AtomicUsize::new(0);
        let work = |at: usize| {
            assert_ne!(at, 3, "the third");
            done.fetch_add(1, Ordering::Relaxed);
        };
        assert!(!workers.each(0..5, work));
        assert_eq!(done.load(Ordering::Relaxed), 4);
        workers.give(|| assert_eq!(1, 2, "a job of its own"));
        let (tell, told) = channel();
        workers.give(move || tell.send(7).unwrap());
        assert_eq!(told.recv(), Ok(7));
        assert!(workers.each(0..3, work));
    }
}
