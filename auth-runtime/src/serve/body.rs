use core::{
    pin::Pin,
    task::{Context, Poll},
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
        request: OpenRequest,
    }
}

impl AnswerBody {
    pub(super) fn new(body: Body, request: OpenRequest) -> Self {
        Self { body, request }
    }
}

impl http_body::Body for AnswerBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = self.project();
        let polled = this.body.poll_frame(context);
        match &polled {
            Poll::Ready(Some(Ok(_))) => this.request.gave_part(),
            Poll::Ready(_) | Poll::Pending => this.request.waits_for_application(),
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
