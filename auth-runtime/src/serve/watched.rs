use core::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};
use std::{io, sync::Arc};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

use super::{activity::Activity, places::Place};

/// A stream that tells of its activity, and fails while the client takes no bytes for too long.
///
/// It holds the connection's place, also after an upgrade has taken it over.
pub(super) struct Watched<Io> {
    io: Io,
    activity: Arc<Activity>,
    stall: Duration,
    /// Runs while a write waits.
    stalled: Option<Pin<Box<Sleep>>>,
    _place: Place,
}

impl<Io> Watched<Io> {
    pub(super) fn new(io: Io, activity: Arc<Activity>, stall: Duration, place: Place) -> Self {
        Self { io, activity, stall, stalled: None, _place: place }
    }
}

impl<Io: AsyncRead + Unpin> AsyncRead for Watched<Io> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.io).poll_read(context, buffer))?;
        match buffer.filled().len().saturating_sub(before) {
            0 => {}
            bytes => self.activity.read(bytes),
        }
        Poll::Ready(Ok(()))
    }
}

impl<Io: AsyncWrite + Unpin> AsyncWrite for Watched<Io> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.progress(context, |io, context| io.poll_write(context, bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.progress(context, |io, context| io.poll_write_vectored(context, buffers))
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.progress(context, |io, context| io.poll_flush(context).map_ok(|()| 0)).map_ok(drop)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.progress(context, |io, context| io.poll_shutdown(context).map_ok(|()| 0)).map_ok(drop)
    }
}

impl<Io: Unpin> Watched<Io> {
    /// Runs a step of a write, which fails once it has waited for too long. Any progress starts the time anew.
    fn progress(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        step: impl FnOnce(Pin<&mut Io>, &mut Context<'_>) -> Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        match step(Pin::new(&mut this.io), context) {
            Poll::Ready(written) => {
                this.stalled = None;
                if let Ok(bytes) = &written {
                    this.activity.wrote(*bytes);
                }
                Poll::Ready(written)
            }
            // The application has the stream, and decides for how long it waits.
            Poll::Pending if this.activity.is_upgraded() => Poll::Pending,
            Poll::Pending => {
                let stall = this.stall;
                let stalled = this.stalled.get_or_insert_with(|| Box::pin(sleep(stall)));
                stalled.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()))
            }
        }
    }
}
