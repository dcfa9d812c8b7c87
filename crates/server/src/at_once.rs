//! Answers the requests of a HTTP/2 connection in the connection's own task, as long as they need not wait.
//!
//! hyper hands each request to an executor, which is to spawn a task for it. Most answers are there at once, though, and
//! what a task for each of them costs, with the wake-ups from it to the connection and back, is more than the answer.
//! So a request is polled where it came in first; what does not end there goes on in a task of its own.

use std::future::{Future, poll_fn};
use std::mem;
use std::task::{Context, Poll, Waker};

use hyper::rt::Executor;

/// Runs futures at once; those that wait are spawned.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AtOnce;

impl<F: Future<Output: Send> + Send + 'static> Executor<F> for AtOnce {
    fn execute(&self, future: F) {
        let mut future = Box::pin(future);
        // A task polls again what is spawned, and is the one to be woken then.
        if future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {
            tokio::spawn(future);
        }
    }
}

/// Leaves the connection's task for what may take long: others of the connection are not to wait for it.
pub(crate) async fn leave() {
    let mut left = false;
    poll_fn(|context| {
        if mem::replace(&mut left, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::sync::mpsc;
    use tokio::{task, time};

    use super::*;

    #[tokio::test]
    async fn what_is_ready_runs_at_once_and_what_waits_in_a_task() {
        let (sender, mut receiver) = mpsc::unbounded_channel();
        let own = task::try_id();
        let tell = |wait: Option<Duration>, leaves: bool| {
            let sender = sender.clone();
            AtOnce.execute(async move {
                if leaves {
                    leave().await;
                }
                if let Some(wait) = wait {
                    time::sleep(wait).await;
                }
                sender.send(task::try_id()).unwrap();
            });
        };
        tell(None, false);
        assert_eq!(receiver.try_recv(), Ok(own));
        for (wait, leaves) in [(Some(Duration::from_millis(1)), false), (None, true)] {
            tell(wait, leaves);
            assert!(receiver.try_recv().is_err());
            assert_ne!(receiver.recv().await, Some(own));
        }
    }
}
