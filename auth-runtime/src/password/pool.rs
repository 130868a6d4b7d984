use core::{num::NonZeroU16, time::Duration};
use std::sync::Arc;

use tokio::{
    runtime::Handle,
    sync::{OwnedSemaphorePermit, Semaphore},
};

use super::{
    cost::Cost,
    error::{HashingError, PasswordError},
    memory::Buffers,
};

/// The memory times passes that a worker is assumed to process in a second, in KiB: the pace of a slow core.
const WORK_KIB_PER_SECOND: u64 = 32 * 19_456 * 2;

/// A pool that runs a bounded number of hashes at once, with a bounded queue before them.
pub(super) struct Pool {
    /// One permit for each hash that runs or waits.
    places: Arc<Semaphore>,
    /// One permit for each hash that runs.
    workers: Arc<Semaphore>,
    buffers: Arc<Buffers>,
    retry_after: Duration,
    /// The number of jobs that have run.
    #[cfg(test)]
    pub(super) jobs: Arc<core::sync::atomic::AtomicUsize>,
}

/// A place among the jobs that run or wait. It is free again when it is dropped.
pub(crate) struct Place(OwnedSemaphorePermit);

impl Pool {
    pub(super) fn new(workers: NonZeroU16, queue: u16, cost: &Cost) -> Self {
        let running = usize::from(workers.get());
        Self {
            places: Arc::new(Semaphore::new(running.saturating_add(usize::from(queue)))),
            workers: Arc::new(Semaphore::new(running)),
            buffers: Arc::new(Buffers::new(cost.params().block_count())),
            retry_after: time_to_drain(workers, queue, cost),
            #[cfg(test)]
            jobs: Arc::default(),
        }
    }

    /// Reserves a place, so that a full queue is found before other work is done.
    pub(super) fn reserve(&self) -> Result<Place, PasswordError> {
        Arc::clone(&self.places).try_acquire_owned().map(Place).map_err(|_| self.busy())
    }

    /// Runs `job` on a thread that may block, as soon as a worker is free.
    pub(super) async fn run<T, F>(&self, job: F) -> Result<T, PasswordError>
    where
        T: Send + 'static,
        F: FnOnce(&Buffers) -> Result<T, HashingError> + Send + 'static,
    {
        self.run_in(self.reserve()?, job).await
    }

    /// Runs `job` like [`run`](Self::run), in a place that was reserved.
    ///
    /// Dropping the future leaves the queue, but does not end a job that has started. The job owns its place and its
    /// worker. So clients who disconnect quickly cannot make more jobs run than there are workers.
    pub(super) async fn run_in<T, F>(&self, place: Place, job: F) -> Result<T, PasswordError>
    where
        T: Send + 'static,
        F: FnOnce(&Buffers) -> Result<T, HashingError> + Send + 'static,
    {
        let runtime = Handle::try_current().map_err(|_| HashingError::Runtime)?;
        let worker = Arc::clone(&self.workers).acquire_owned().await.map_err(|_| HashingError::Runtime)?;
        let buffers = Arc::clone(&self.buffers);
        #[cfg(test)]
        self.jobs.fetch_add(1, core::sync::atomic::Ordering::SeqCst);
        let running = runtime.spawn_blocking(move || {
            let _held = (place.0, worker);
            job(&buffers)
        });
        Ok(running.await.map_err(|_| HashingError::Runtime)??)
    }

    fn busy(&self) -> PasswordError {
        PasswordError::Busy { retry_after: self.retry_after }
    }
}

fn time_to_drain(workers: NonZeroU16, queue: u16, cost: &Cost) -> Duration {
    let rounds = u64::from(queue.div_ceil(workers.get()).saturating_add(1));
    // There is at least one round with some work, so the result is at least one second.
    Duration::from_secs(rounds.saturating_mul(cost.work_kib()).div_ceil(WORK_KIB_PER_SECOND))
}

#[cfg(test)]
mod tests {
    use core::{
        future::Future,
        pin::pin,
        sync::atomic::{AtomicUsize, Ordering},
        task::{Context, Poll, Waker},
    };
    use std::sync::mpsc;

    use tokio::task::{JoinHandle, JoinSet};

    use super::*;

    fn pool(workers: u16, queue: u16) -> Arc<Pool> {
        Arc::new(Pool::new(NonZeroU16::new(workers).unwrap(), queue, &Cost::weak_for_testing()))
    }

    /// Starts a job that runs until the test releases it. The job has begun when this function returns.
    async fn occupy(pool: &Arc<Pool>) -> (JoinHandle<Result<(), PasswordError>>, mpsc::Sender<()>) {
        let (begun, has_begun) = tokio::sync::oneshot::channel();
        let (let_go, wait) = mpsc::channel();
        let pool = Arc::clone(pool);
        let job = tokio::spawn(async move {
            pool.run(move |_| {
                begun.send(()).unwrap();
                let _ = wait.recv();
                Ok(())
            })
            .await
        });
        has_begun.await.unwrap();
        (job, let_go)
    }

    fn poll_once<T>(future: core::pin::Pin<&mut impl Future<Output = T>>) -> Poll<T> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    #[tokio::test]
    async fn a_full_queue_is_busy_until_there_is_room() {
        let pool = pool(1, 1);
        let (first, let_go) = occupy(&pool).await;
        let mut waiting = pin!(pool.run(|_| Ok(2)));
        assert!(poll_once(waiting.as_mut()).is_pending());

        assert!(matches!(pool.reserve(), Err(PasswordError::Busy { .. })));
        let refused = pool.run(|_| Ok(3)).await;
        assert!(matches!(refused, Err(PasswordError::Busy { retry_after }) if retry_after.as_secs() == 1));

        let_go.send(()).unwrap();
        first.await.unwrap().unwrap();
        assert_eq!(waiting.await.unwrap(), 2);
        let place = pool.reserve().unwrap();
        let _other = pool.reserve().unwrap();
        assert!(matches!(pool.run(|_| Ok(4)).await, Err(PasswordError::Busy { .. })), "both places are reserved");
        assert_eq!(pool.run_in(place, |_| Ok(5)).await.unwrap(), 5);
    }

    #[tokio::test]
    async fn a_caller_that_goes_away_frees_nothing_before_its_job_has_ended() {
        let pool = pool(1, 1);
        let (caller, let_go) = occupy(&pool).await;
        caller.abort();
        assert!(caller.await.unwrap_err().is_cancelled());
        assert_eq!((pool.workers.available_permits(), pool.places.available_permits()), (0, 1));

        let mut next = pin!(pool.run(|_| Ok(())));
        assert!(poll_once(next.as_mut()).is_pending());
        assert!(matches!(pool.run(|_| Ok(())).await, Err(PasswordError::Busy { .. })));
        let_go.send(()).unwrap();
        next.await.unwrap();
    }

    #[tokio::test]
    async fn a_caller_that_goes_away_while_waiting_leaves_the_queue() {
        let pool = pool(1, 1);
        let (first, let_go) = occupy(&pool).await;
        {
            let mut waiting = pin!(pool.run(|_| -> Result<(), HashingError> { panic!("its caller is gone") }));
            assert!(poll_once(waiting.as_mut()).is_pending());
            assert_eq!(pool.places.available_permits(), 0);
        }
        assert_eq!(pool.places.available_permits(), 1);
        let_go.send(()).unwrap();
        first.await.unwrap().unwrap();
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn no_more_jobs_run_than_there_are_workers() {
        let (pool, running, most) = (pool(3, 200), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let mut jobs = JoinSet::new();
        for _ in 0..200 {
            let (pool, running, most) = (Arc::clone(&pool), Arc::clone(&running), Arc::clone(&most));
            jobs.spawn(async move {
                pool.run(move |_| {
                    most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    std::thread::yield_now();
                    running.fetch_sub(1, Ordering::SeqCst);
                    Ok(())
                })
                .await
            });
        }
        jobs.join_all().await.into_iter().for_each(|ended| ended.unwrap());
        assert!(most.load(Ordering::SeqCst) <= 3);
    }

    #[tokio::test]
    async fn a_job_that_panics_is_an_outage_and_frees_its_worker() {
        let pool = pool(1, 0);
        let ended = pool.run(|_| -> Result<(), HashingError> { panic!("on purpose") }).await;
        assert!(matches!(ended, Err(PasswordError::Unavailable(HashingError::Runtime))));
        assert_eq!(pool.run(|_| Ok(1)).await.unwrap(), 1);
    }

    #[test]
    fn without_a_runtime_it_is_an_outage() {
        let pool = pool(1, 0);
        let ended = poll_once(pin!(pool.run(|_| Ok(()))));
        assert!(matches!(ended, Poll::Ready(Err(PasswordError::Unavailable(HashingError::Runtime)))));
    }

    #[test]
    fn the_time_to_drain_grows_with_queue_and_cost() {
        let seconds =
            |workers, queue, cost: &Cost| time_to_drain(NonZeroU16::new(workers).unwrap(), queue, cost).as_secs();
        let (owasp, heavy) = (Cost::OWASP, Cost::new(194_560, 4, 1).unwrap());
        assert_eq!(seconds(1, 0, &owasp), 1);
        assert_eq!(seconds(1, 31, &owasp), 1);
        assert_eq!(seconds(1, 32, &owasp), 2);
        assert_eq!(seconds(2, 62, &owasp), 1);
        assert_eq!(seconds(1, 31, &heavy), 20);
        assert_eq!(seconds(1, u16::MAX, &owasp), 2048);
    }
}
