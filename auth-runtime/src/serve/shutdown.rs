use core::{future::pending, pin::Pin, time::Duration};

use tokio::{
    sync::watch,
    time::{sleep, timeout},
};

use super::event::TARGET;

/// What the server does, as its connections see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Serving,
    /// Open requests are answered, and no new ones are taken.
    Draining,
    /// Requests that are still open are cut.
    Ended,
}

/// The server's stages, which its connections follow.
#[derive(Debug)]
pub(super) struct Stages(watch::Sender<Stage>);

/// One connection's view of the stages. The server waits until every view is dropped.
#[derive(Clone, Debug)]
pub(super) struct StageView(watch::Receiver<Stage>);

impl StageView {
    /// Waits for the next stage.
    pub(super) async fn next(&mut self) -> Stage {
        match self.0.changed().await {
            Ok(()) => *self.0.borrow_and_update(),
            // The server itself is gone.
            Err(_) => Stage::Ended,
        }
    }
}

impl Stages {
    pub(super) fn new() -> (Self, StageView) {
        let (sender, receiver) = watch::channel(Stage::Serving);
        (Self(sender), StageView(receiver))
    }

    /// Waits for the open requests, at most `within` and until `hurry` is ready. Then cuts the rest.
    pub(super) async fn drain(self, within: Duration, hurry: impl Future<Output = ()>) {
        self.0.send_replace(Stage::Draining);
        tokio::select! {
            () = self.0.closed() => return,
            () = sleep(within) => {}
            () = hurry => {}
        }
        tracing::warn!(target: TARGET, connections = self.0.receiver_count(), "the server cuts connections with open requests");
        self.0.send_replace(Stage::Ended);
        // Connections end at once, unless a handler keeps their thread.
        let _ = timeout(CUT_WITHIN, self.0.closed()).await;
    }
}

const CUT_WITHIN: Duration = Duration::from_secs(1);

/// A future that the server waits for.
pub(super) type Signal = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Waits until the operator asks the process to end: Ctrl-C, and on Unix `SIGTERM`, and on Windows the end of the
/// console or of the system.
#[cfg(unix)]
pub(super) async fn asked_to_end() {
    use tokio::signal::unix::{SignalKind, signal};

    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(error) => never(&error).await,
        }
    };
    tokio::select! {
        () = terminated => {}
        () = interrupted() => {}
    }
}

/// Waits until the operator asks the process to end: Ctrl-C, Ctrl-Break, or the end of the console or the system.
#[cfg(windows)]
pub(super) async fn asked_to_end() {
    use tokio::signal::windows::{ctrl_break, ctrl_close, ctrl_shutdown};

    let ended = async {
        match (ctrl_break(), ctrl_close(), ctrl_shutdown()) {
            (Ok(mut broken), Ok(mut closed), Ok(mut shut_down)) => tokio::select! {
                _ = broken.recv() => {}
                _ = closed.recv() => {}
                _ = shut_down.recv() => {}
            },
            (Err(error), ..) | (_, Err(error), _) | (.., Err(error)) => never(&error).await,
        }
    };
    tokio::select! {
        () = ended => {}
        () = interrupted() => {}
    }
}

/// Waits until the operator asks the process to end.
#[cfg(not(any(unix, windows)))]
pub(super) async fn asked_to_end() {
    interrupted().await;
}

async fn interrupted() {
    if let Err(error) = tokio::signal::ctrl_c().await {
        never(&error).await;
    }
}

/// Without a signal, the process still serves, and ends as the system ends it.
async fn never(error: &std::io::Error) {
    tracing::warn!(target: TARGET, %error, "a signal cannot be received");
    pending().await
}
