use core::{
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
};

use axum::body::{Body, Bytes};
use http_body::{Frame, SizeHint};
use pin_project_lite::pin_project;

use super::activity::OpenRequest;

pin_project! {
    /// The body of an answer. While it exists, the request is open.
    pub(super) struct AnswerBody {
        #[pin]
        body: Body,
        longest: usize,
        // The rest of a part that was too long.
        rest: Bytes,
        request: OpenRequest,
    }
}

/// How long the parts are in which HTTP/2 gets an answer, in bytes.
///
/// h2 holds a part until the client takes it. hyper asks for the next part only then, and so a client that takes
/// nothing is found out. A long answer in one part would leave hyper's task, and wait in h2 alone. With longer parts, a
/// slow client with many requests would seem to take nothing.
const PART: usize = 8 * 1024;

impl AnswerBody {
    pub(super) fn whole(body: Body, request: OpenRequest) -> Self {
        Self { body, longest: usize::MAX, rest: Bytes::new(), request }
    }

    pub(super) fn in_parts(body: Body, request: OpenRequest) -> Self {
        Self { longest: PART, ..Self::whole(body, request) }
    }
}

impl http_body::Body for AnswerBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = self.project();
        let polled = if this.rest.is_empty() {
            this.body.poll_frame(context)
        } else {
            Poll::Ready(Some(Ok(Frame::data(mem::take(this.rest)))))
        };
        match &polled {
            Poll::Ready(Some(Ok(_))) => this.request.gave_part(),
            Poll::Ready(_) | Poll::Pending => this.request.waits_for_application(),
        }
        let next = ready!(polled);
        Poll::Ready(next.map(|frame| Ok(beginning(frame?, *this.longest, this.rest))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (mut hint, rest) = (self.body.size_hint(), u64::try_from(self.rest.len()).unwrap_or(u64::MAX));
        if let Some(upper) = hint.upper() {
            hint.set_upper(upper.saturating_add(rest));
        }
        hint.set_lower(hint.lower().saturating_add(rest));
        hint
    }
}

/// Returns the beginning of a part, and keeps the rest of a long one.
fn beginning(frame: Frame<Bytes>, longest: usize, rest: &mut Bytes) -> Frame<Bytes> {
    match frame.into_data() {
        Ok(mut part) => {
            if part.len() > longest {
                *rest = part.split_off(longest);
            }
            Frame::data(part)
        }
        Err(trailers) => trailers,
    }
}
