use core::{any::Any, net::SocketAddr, time::Duration};
use std::sync::Arc;

use axum::serve::Listener;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Instant,
};

use super::{
    connection::{Shared, serve},
    event::TARGET,
    shutdown::{Signal, Stages},
};

/// Takes connections until `stop` is ready, then waits for their open requests.
pub(super) async fn accept<L: Listener<Addr: 'static>>(
    mut listener: L,
    shared: Arc<Shared>,
    mut stop: Signal,
    hurry: impl Future<Output = ()>,
) {
    let mut places = Places::new(shared.limits.connections);
    let (stages, view) = Stages::new();
    loop {
        // A client without a place waits in the queue of the system, where it costs nothing.
        let (place, (io, peer)) = tokio::select! {
            biased;
            () = &mut stop => break,
            connection = async { (places.take().await, listener.accept().await) } => connection,
        };
        let Some(place) = place else { break };
        let peer = (&peer as &dyn Any).downcast_ref::<SocketAddr>().copied();
        tokio::spawn(serve(io, peer, place, Arc::clone(&shared), view.clone()));
    }
    drop((listener, view));
    stages.drain(shared.limits.shutdown, hurry).await;
}

/// The places for connections.
struct Places {
    free: Arc<Semaphore>,
    told: Option<Instant>,
}

/// How often the operator is told that no place is free.
const TELL_EVERY: Duration = Duration::from_secs(60);

impl Places {
    fn new(most: usize) -> Self {
        Self { free: Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS))), told: None }
    }

    /// Waits for a free place.
    async fn take(&mut self) -> Option<OwnedSemaphorePermit> {
        if self.free.available_permits() == 0 && self.told.is_none_or(|told| told.elapsed() >= TELL_EVERY) {
            self.told = Some(Instant::now());
            tracing::warn!(target: TARGET, "as many connections are open as are allowed, so further clients wait");
        }
        // The semaphore is never closed.
        Arc::clone(&self.free).acquire_owned().await.ok()
    }
}
