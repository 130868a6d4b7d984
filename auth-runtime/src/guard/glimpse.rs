//! The beginning of a response's text, for the operator. The response stays as it is.

use core::{
    mem,
    pin::Pin,
    task::{Context, Poll, Waker},
};

use axum::{
    Error,
    body::{Body, Bytes, HttpBody},
    response::Response,
};
use http_body::{Frame, SizeHint};

/// Returns the text of the response, as far as it is there. Nothing is waited for: a body may come from elsewhere, or
/// never. A body of more than `most` bytes is not read.
pub(crate) fn text(response: &mut Response, most: u64) -> String {
    let body = response.body_mut();
    if body.size_hint().upper().is_none_or(|size| size > most) {
        return String::new();
    }
    match Pin::new(&mut *body).poll_frame(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Some(first)) => {
            let bytes = first.as_ref().ok().and_then(Frame::data_ref);
            let said = bytes.map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default();
            let rest = mem::take(body);
            *body = Body::new(Begun { first: Some(first), rest });
            said
        }
        Poll::Ready(None) | Poll::Pending => String::new(),
    }
}

/// A body with a first frame that was already read.
struct Begun {
    first: Option<Result<Frame<Bytes>, Error>>,
    rest: Body,
}

impl HttpBody for Begun {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        match self.first.take() {
            Some(first) => Poll::Ready(Some(first)),
            None => Pin::new(&mut self.rest).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.first.is_none() && self.rest.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let read = match &self.first {
            Some(Ok(frame)) => frame.data_ref().map_or(0, |bytes| u64::try_from(bytes.len()).unwrap_or(u64::MAX)),
            Some(Err(_)) | None => 0,
        };
        let (rest, mut whole) = (self.rest.size_hint(), SizeHint::new());
        // The upper end first: the lower one must not exceed it.
        if let Some(upper) = rest.upper() {
            whole.set_upper(upper.saturating_add(read));
        }
        whole.set_lower(rest.lower().saturating_add(read));
        whole
    }
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    /// A body that says how long it will be, comes frame by frame, and then waits for ever.
    struct Late(Vec<&'static str>);

    impl HttpBody for Late {
        type Data = Bytes;
        type Error = Error;

        fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
            if self.0.is_empty() {
                return Poll::Pending;
            }
            Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(self.0.remove(0).as_bytes())))))
        }

        fn size_hint(&self) -> SizeHint {
            SizeHint::with_exact(8)
        }
    }

    #[tokio::test]
    async fn a_ready_body_is_read_and_kept() {
        let mut response = Response::new(Body::from("all of it"));
        assert_eq!(text(&mut response, 1024), "all of it");
        assert_eq!(response.body().size_hint().exact(), Some(9));
        assert_eq!(to_bytes(response.into_body(), 9).await.unwrap(), "all of it");
        let mut long = Response::new(Body::from("x".repeat(1025)));
        assert_eq!(text(&mut long, 1024), "");
        assert_eq!(to_bytes(long.into_body(), 1025).await.unwrap().len(), 1025);
    }

    #[tokio::test]
    async fn a_pending_body_is_not_awaited() {
        let mut response = Response::new(Body::new(Late(vec![])));
        assert_eq!(text(&mut response, 1024), "");
        let mut response = Response::new(Body::new(Late(vec!["half"])));
        assert_eq!(text(&mut response, 1024), "half");
        let mut body = response.into_body();
        let next = Pin::new(&mut body).poll_frame(&mut Context::from_waker(Waker::noop()));
        let Poll::Ready(Some(Ok(frame))) = next else { panic!("{next:?}") };
        assert_eq!(frame.into_data().unwrap(), "half");
        assert!(Pin::new(&mut body).poll_frame(&mut Context::from_waker(Waker::noop())).is_pending());
    }
}
