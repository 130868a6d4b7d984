use core::{any::Any, net::SocketAddr};
use std::sync::Arc;

use axum::serve::Listener;

use super::{
    connection::{Shared, serve},
    places::Places,
    shutdown::{Signal, Stages},
};

/// Takes connections until `stop` is ready, then waits for their open requests.
pub(super) async fn accept<L: Listener<Addr: 'static>>(
    mut listener: L,
    mut places: Places,
    shared: Arc<Shared>,
    mut stop: Signal,
    hurry: impl Future<Output = ()>,
) {
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
        let Some(place) = places.give(place, peer) else { continue };
        tokio::spawn(serve(io, peer, place, Arc::clone(&shared), view.clone()));
    }
    drop((listener, view));
    stages.drain(shared.limits.shutdown, hurry).await;
}
