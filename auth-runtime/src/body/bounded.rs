use core::{
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};
use std::sync::Arc;

use axum::{
    BoxError,
    body::{Body, Bytes, HttpBody},
    extract::Request,
    http::{HeaderMap, header::CONTENT_LENGTH},
    response::Response,
};
use http_body::{Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

use super::{
    answer,
    bounds::{Bound, State, Watched},
    cut::Cut,
};

/// The bounds of one request's body, shared by the layers around its handler, the guard and the body.
#[derive(Clone, Debug)]
#[cfg_attr(not(feature = "web"), expect(unreachable_pub, reason = "the layers of `web` show it"))]
pub struct Bounds(pub(super) Arc<State>);

impl Bounds {
    /// Returns the bounds of the request's body, or `None` if the request has no body.
    pub(crate) fn of(request: &mut Request) -> Option<Self> {
        if request.body().is_end_stream() && announced(request.headers()) == 0 {
            return None;
        }
        if let Some(bounds) = request.extensions().get::<Self>() {
            return Some(bounds.clone());
        }
        let bounds = Self(Arc::default());
        request.extensions_mut().insert(bounds.clone());
        Some(bounds)
    }

    /// Returns until when the handler may begin its answer, of which it has `within` for all but the body. Returns
    /// `None` if the policy gives the body no time of its own.
    #[cfg(feature = "web")]
    pub(crate) fn deadline(&self, within: Duration) -> Option<Instant> {
        self.0.deadline(within)
    }

    /// Turns an error that follows from a cut body into 413 or 408.
    pub(crate) fn answer(&self, response: &mut Response) {
        if let Some(cut) = self.0.unanswered(response.status()) {
            answer::replace(response, cut.document());
        }
    }
}

/// Runs a handler within these bounds of the body.
pub(crate) async fn answered(handler: impl Future<Output = Response>, bounds: Option<Bounds>) -> Response {
    let mut response = handler.await;
    if let Some(bounds) = bounds {
        bounds.answer(&mut response);
    }
    response
}

/// Wraps the body, and promises the guard that the bounds of its policy will be enforced.
pub(crate) fn watch(request: &mut Request) -> Option<Bounds> {
    request.extensions_mut().insert(Watched);
    wrap(request, u64::MAX)
}

/// Wraps the body. It has at most `most` bytes, unless a policy says otherwise.
#[cfg(feature = "web")]
pub(crate) fn bound(request: &mut Request, most: u64) -> Option<Bounds> {
    wrap(request, most)
}

fn wrap(request: &mut Request, most: u64) -> Option<Bounds> {
    let bounds = Bounds::of(request)?;
    let announced = announced(request.headers()).max(request.body().size_hint().lower());
    bounds.0.announce(announced);
    let inner = mem::take(request.body_mut());
    let state = Arc::clone(&bounds.0);
    let bounded =
        Bounded { inner, state, most, announced, read: 0, has_failed: false, waits: Waits::default(), timer: None };
    *request.body_mut() = Body::new(bounded);
    Some(bounds)
}

/// Returns the announced length. Servers refuse a length that is no number.
fn announced(headers: &HeaderMap) -> u64 {
    let length = headers.get(CONTENT_LENGTH).and_then(|field| field.to_str().ok());
    length.and_then(|length| length.parse().ok()).unwrap_or(0)
}

/// A body that ends with an error at its bounds.
///
/// A body that announces too many bytes ends before the first byte. The timer exists only while a body with a time of
/// its own is awaited.
struct Bounded {
    inner: Body,
    state: Arc<State>,
    /// The largest number of bytes where no policy has one.
    most: u64,
    announced: u64,
    read: u64,
    /// Whether the reader has got an error. A reader that goes on after it must find an end.
    has_failed: bool,
    waits: Waits,
    timer: Option<Pin<Box<Sleep>>>,
}

/// How long the reader has waited for the client. The reader's own pauses do not count. The bytes may have arrived in
/// them, and the server takes no more bytes from the network than its reader asks for.
#[derive(Clone, Copy, Debug, Default)]
struct Waits {
    before: Duration,
    /// The start of the wait that goes on.
    since: Option<Instant>,
}

impl Waits {
    /// Notes that the reader waits. Returns when it will have waited for so long altogether.
    fn go_on(&mut self, within: Duration) -> Option<Instant> {
        let since = *self.since.get_or_insert_with(Instant::now);
        since.checked_add(within.saturating_sub(self.before))
    }

    /// Notes that the reader has got something.
    fn end(&mut self) {
        if let Some(since) = self.since.take() {
            self.before = self.before.saturating_add(since.elapsed());
        }
    }
}

impl Bounded {
    fn cut(&self, cut: Cut) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        self.state.cut(cut);
        Poll::Ready(Some(Err(cut.error())))
    }

    /// Waits until this moment.
    fn poll_timer(&mut self, until: Instant, context: &mut Context<'_>) -> Poll<()> {
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(until)));
        if timer.deadline() != until {
            timer.as_mut().reset(until);
        }
        timer.as_mut().poll(context)
    }

    /// Returns the next frame of a body that has not failed.
    fn poll_open(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let Bound { bytes, within } = match self.state.bound() {
            Ok(bound) => bound,
            Err(cut) => return Poll::Ready(Some(Err(cut.error()))),
        };
        let most = bytes.unwrap_or(self.most);
        if self.announced > most {
            return self.cut(Cut::TooLarge);
        }
        let polled = Pin::new(&mut self.inner).poll_frame(context);
        if polled.is_ready() {
            self.waits.end();
        }
        match polled {
            Poll::Ready(Some(Ok(frame))) => {
                let length = frame.data_ref().map_or(0, Bytes::len);
                self.read = self.read.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
                if self.read > most {
                    return self.cut(Cut::TooLarge);
                }
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(error))) => {
                // The cut of a body inside this one has its own error already, which another layer may have wrapped.
                let cut = self.state.bound().err();
                self.state.end();
                Poll::Ready(Some(Err(cut.map_or_else(|| error.into_inner(), Cut::error))))
            }
            Poll::Ready(None) => {
                self.state.end();
                Poll::Ready(None)
            }
            Poll::Pending => {
                let Some(until) = within.and_then(|within| self.waits.go_on(within)) else { return Poll::Pending };
                ready!(self.poll_timer(until, context));
                self.cut(Cut::TooSlow)
            }
        }
    }
}

impl HttpBody for Bounded {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if self.has_failed {
            return Poll::Ready(None);
        }
        let polled = self.poll_open(context);
        self.has_failed = matches!(polled, Poll::Ready(Some(Err(_))));
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.has_failed || self.inner.is_end_stream() && self.read >= self.announced
    }

    fn size_hint(&self) -> SizeHint {
        if self.has_failed { SizeHint::with_exact(0) } else { self.inner.size_hint() }
    }
}

impl Drop for Bounded {
    fn drop(&mut self) {
        self.state.end();
    }
}
