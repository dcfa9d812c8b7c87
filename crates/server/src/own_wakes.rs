//! A future that wakes itself while it is polled, such as a HTTP/2 connection whose requests are answered within its
//! poll.
//!
//! To tokio such a wake is a task that yields: it goes to the end of the queue, and another thread is woken to take it.
//! Here the future is polled again at once instead.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, Wake, Waker};

/// How often a future is polled in a row; one that goes on waking itself yields.
const TURNS: usize = 4;

/// A future that must stay in the task that polls it first.
pub(crate) struct OwnWakes<'a, F> {
    future: Pin<&'a mut F>,
    bell: Arc<Bell>,
    waker: Waker,
}

struct Bell {
    polling: AtomicBool,
    rung: AtomicBool,
    task: OnceLock<Waker>,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.rung.store(true, Ordering::SeqCst);
        if !self.polling.load(Ordering::SeqCst)
            && let Some(task) = self.task.get()
        {
            task.wake_by_ref();
        }
    }
}

impl<'a, F: Future> OwnWakes<'a, F> {
    pub(crate) fn new(future: Pin<&'a mut F>) -> OwnWakes<'a, F> {
        let (polling, rung) = (AtomicBool::new(false), AtomicBool::new(false));
        let bell = Arc::new(Bell { polling, rung, task: OnceLock::new() });
        OwnWakes { future, waker: Arc::clone(&bell).into(), bell }
    }
}

impl<F: Future> Future for OwnWakes<'_, F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = &mut *self;
        this.bell.task.get_or_init(|| context.waker().clone());
        for _ in 0..TURNS {
            this.bell.rung.store(false, Ordering::SeqCst);
            this.bell.polling.store(true, Ordering::SeqCst);
            let polled = this.future.as_mut().poll(&mut Context::from_waker(&this.waker));
            this.bell.polling.store(false, Ordering::SeqCst);
            if polled.is_ready() || !this.bell.rung.load(Ordering::SeqCst) {
                return polled;
            }
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::pin::pin;
    use std::sync::atomic::AtomicUsize;

    use super::*;

    /// Counts how often a task is woken.
    #[derive(Default)]
    struct Wakes(AtomicUsize);

    impl Wake for Wakes {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Polls a future once that wakes itself in its first polls: how often it was polled, and woke its task.
    fn polled(own: usize) -> (usize, usize) {
        let wakes = Arc::new(Wakes::default());
        let polls = AtomicUsize::new(0);
        let mut future = pin!(poll_fn(|context| {
            if polls.fetch_add(1, Ordering::Relaxed) < own {
                context.waker().wake_by_ref();
            }
            Poll::<()>::Pending
        }));
        let waker = Waker::from(Arc::clone(&wakes));
        let mut outer = OwnWakes::new(future.as_mut());
        assert!(Pin::new(&mut outer).poll(&mut Context::from_waker(&waker)).is_pending());
        (polls.load(Ordering::Relaxed), wakes.0.load(Ordering::Relaxed))
    }

    #[test]
    fn a_wake_from_within_is_a_poll_at_once() {
        assert_eq!(polled(0), (1, 0));
        assert_eq!(polled(1), (2, 0));
        assert_eq!(polled(9), (TURNS, 1), "it yields in the end");
    }

    #[test]
    fn a_wake_from_without_wakes_the_task() {
        let wakes = Arc::new(Wakes::default());
        let kept = OnceLock::new();
        let mut future = pin!(poll_fn(|context| {
            kept.get_or_init(|| context.waker().clone());
            Poll::<()>::Pending
        }));
        let waker = Waker::from(Arc::clone(&wakes));
        let mut outer = OwnWakes::new(future.as_mut());
        assert!(Pin::new(&mut outer).poll(&mut Context::from_waker(&waker)).is_pending());
        kept.get().unwrap().wake_by_ref();
        assert_eq!(wakes.0.load(Ordering::Relaxed), 1);
    }
}
