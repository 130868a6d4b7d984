use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use sqlx::PgPool;

/// Makes a connection that no request waits for: the network, TLS and the password may take longer than a request has.
#[derive(Clone, Default)]
pub(super) struct Connecting(Arc<AtomicBool>);

impl Connecting {
    /// Begins to make a connection, unless one is being made. The pool's own time-out ends it.
    pub(super) fn begin(&self, pool: &PgPool) {
        if self.0.swap(true, Ordering::Relaxed) {
            return;
        }
        let (pool, running) = (pool.clone(), Running(Arc::clone(&self.0)));
        tokio::spawn(async move {
            // The connection goes to the pool, where the next request finds it. The requests report a failure.
            drop(pool.acquire().await);
            drop(running);
        });
    }
}

/// Dropped with its runtime, it makes room for another attempt.
struct Running(Arc<AtomicBool>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}
