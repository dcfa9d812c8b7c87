//! Counters that many threads write without handing one cache line around.

use std::sync::atomic::{AtomicUsize, Ordering};

/// How many parts there are; more threads than these share them.
const PARTS: usize = 16;

/// A part, on cache lines of its own (two, since processors fetch them in pairs).
#[derive(Debug, Default)]
#[repr(align(128))]
struct Part<T>(T);

/// Something that each thread has its own part of. Whoever reads it joins the parts.
#[derive(Debug)]
pub struct PerThread<T>(Box<[Part<T>]>);

thread_local! {
    /// The place of this thread's parts.
    static PLACE: usize = {
        static THREADS: AtomicUsize = AtomicUsize::new(0);
        THREADS.fetch_add(1, Ordering::Relaxed) % PARTS
    };
}

impl<T> PerThread<T> {
    /// Parts as `make` makes them.
    pub fn new(make: impl Fn() -> T) -> PerThread<T> {
        PerThread((0..PARTS).map(|_| Part(make())).collect())
    }

    /// The part of the thread that asks. Another thread may have the same, so what is in it must be shared safely.
    pub fn own(&self) -> &T {
        &self.0[PLACE.with(|place| *place)].0
    }

    /// Every part.
    pub fn all(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(|part| &part.0)
    }
}

impl<T: Default> Default for PerThread<T> {
    fn default() -> PerThread<T> {
        PerThread::new(T::default)
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn nothing_is_lost_between_threads() {
        let counts = PerThread::<AtomicUsize>::default();
        thread::scope(|scope| {
            for _ in 0..2 * PARTS {
                scope.spawn(|| (0..100).for_each(|_| _ = counts.own().fetch_add(1, Ordering::Relaxed)));
            }
        });
        let sum: usize = counts.all().map(|count| count.load(Ordering::Relaxed)).sum();
        assert_eq!(sum, 2 * PARTS * 100);
        assert!(counts.all().all(|count| count.load(Ordering::Relaxed) >= 100), "each has its part");
    }
}
