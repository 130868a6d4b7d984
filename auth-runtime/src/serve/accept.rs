use core::{any::Any, future::pending, net::SocketAddr, time::Duration};
use std::sync::{Arc, atomic::Ordering};

use axum::serve::Listener;
use tokio::time::sleep;

use super::{
    connection::{Shared, serve},
    places::Places,
    shutdown::{Signal, StageView, Stages},
};

/// Takes connections until `stop` is ready, and a while longer, so that the platform can send its requests elsewhere.
/// Then waits for the open requests. A second signal, `hurry`, cuts both times short.
pub(super) async fn accept<L: Listener<Addr: 'static>>(
    mut listener: L,
    mut places: Places,
    shared: Arc<Shared>,
    stop: Signal,
    mut hurry: Signal,
) {
    let (stages, view) = Stages::new();
    let leave = shared.limits.leave.unwrap_or_default();
    let mut taking = Box::pin(take(&mut listener, &mut places, &shared, &view));
    tokio::select! {
        biased;
        () = stop => {}
        () = &mut taking => {}
    }
    shared.is_leaving.store(true, Ordering::Relaxed);
    let is_hurried = !leave.is_zero()
        && tokio::select! {
            biased;
            () = &mut hurry => true,
            () = sleep(leave) => false,
            () = &mut taking => false,
        };
    drop(taking);
    drop((listener, view));
    let left = if is_hurried { Duration::ZERO } else { shared.limits.shutdown.saturating_sub(leave) };
    // A signal that has come is not waited for again.
    stages.drain(left, if is_hurried { Box::pin(pending()) } else { hurry }).await;
}

/// Takes connections. It ends only if the places are gone.
async fn take<L: Listener<Addr: 'static>>(
    listener: &mut L,
    places: &mut Places,
    shared: &Arc<Shared>,
    view: &StageView,
) {
    // A client without a place waits in the queue of the system, where it costs nothing.
    while let Some(place) = places.take().await {
        let (io, peer) = listener.accept().await;
        let peer = (&peer as &dyn Any).downcast_ref::<SocketAddr>().copied();
        let Some(place) = places.give(place, peer) else { continue };
        tokio::spawn(serve(io, peer, place, Arc::clone(shared), view.clone()));
    }
}
