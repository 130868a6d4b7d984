use core::{
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
};

use axum::body::{Body, Bytes};
use http_body::{Frame, SizeHint};
use pin_project_lite::pin_project;

use super::{activity::OpenRequest, parts::Parts};

pin_project! {
    /// The body of an answer. While it exists, the request is open.
    pub(super) struct AnswerBody {
        #[pin]
        body: Body,
        // HTTP/2 only.
        parts: Option<Parts>,
        // The rest of a part that was too long.
        rest: Bytes,
        request: OpenRequest,
    }
}

impl AnswerBody {
    pub(super) fn whole(body: Body, request: OpenRequest) -> Self {
        Self { body, parts: None, rest: Bytes::new(), request }
    }

    pub(super) fn in_parts(body: Body, request: OpenRequest) -> Self {
        Self { parts: Some(Parts::new(request.stall())), ..Self::whole(body, request) }
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
        Poll::Ready(next.map(|frame| Ok(beginning(frame?, this.parts.as_mut(), this.rest))))
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

/// Returns the beginning of what the application gave, and keeps the rest.
fn beginning(frame: Frame<Bytes>, parts: Option<&mut Parts>, rest: &mut Bytes) -> Frame<Bytes> {
    let Some(parts) = parts else { return frame };
    match frame.into_data() {
        Ok(mut part) => {
            *rest = part.split_off(parts.next(part.len()));
            Frame::data(part)
        }
        Err(trailers) => trailers,
    }
}
