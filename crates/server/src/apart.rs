//! A future beside a busier one in the same task, polled only when it was woken itself.
//!
//! A connection's task is woken for each of its requests; its timers and its wait for the server's end are not, and
//! would cost as much as reading the request if they were looked at each time.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, Wake, Waker};

/// A future that must stay in the task that polls it first.
pub(crate) struct Apart<F> {
    future: Pin<Box<F>>,
    bell: Arc<Bell>,
    waker: Waker,
}

struct Bell {
    rung: AtomicBool,
    task: OnceLock<Waker>,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.rung.store(true, Ordering::Release);
        if let Some(task) = self.task.get() {
            task.wake_by_ref();
        }
    }
}

impl<F: Future> Apart<F> {
    pub(crate) fn new(future: F) -> Apart<F> {
        let bell = Arc::new(Bell { rung: AtomicBool::new(true), task: OnceLock::new() });
        Apart { future: Box::pin(future), waker: Arc::clone(&bell).into(), bell }
    }
}

impl<F: Future> Future for Apart<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        if !self.bell.rung.load(Ordering::Acquire) {
            return Poll::Pending;
        }
        self.bell.task.get_or_init(|| context.waker().clone());
        self.bell.rung.store(false, Ordering::Release);
        let this = &mut *self;
        this.future.as_mut().poll(&mut Context::from_waker(&this.waker))
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::sync::atomic::AtomicUsize;
    use std::time::Duration;

    use tokio::time;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_is_polled_when_it_is_woken_and_not_when_others_are() {
        let polls = AtomicUsize::new(0);
        let mut sleep = Box::pin(time::sleep(Duration::from_secs(5)));
        let mut apart = Apart::new(poll_fn(|context| {
            polls.fetch_add(1, Ordering::Relaxed);
            sleep.as_mut().poll(context)
        }));
        let mut ticks = time::interval(Duration::from_secs(1));
        let mut ticked = 0;
        loop {
            tokio::select! {
                biased;
                _ = ticks.tick() => ticked += 1,
                () = Pin::new(&mut apart) => break,
            }
        }
        assert!(ticked >= 5, "{ticked}");
        assert_eq!(polls.load(Ordering::Relaxed), 2);
    }
}
