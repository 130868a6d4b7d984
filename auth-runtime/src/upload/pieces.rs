use core::{
    pin::Pin,
    sync::atomic::{AtomicU64, Ordering},
    task::{Context, Poll, ready},
};
use std::sync::Arc;

use axum::{
    BoxError,
    body::{Body, Bytes, HttpBody as _},
};
use futures_core::Stream;

/// How many bytes may arrive before a part's head is complete: its fields, and the boundary before it.
const HEAD_BYTES: u64 = 16 * 1024;

/// How many bytes the reader of the form gets at once, at most.
const PIECE_BYTES: u64 = 64 * 1024;

/// The largest number of bytes that the reader of the form may still take.
#[derive(Clone, Debug)]
pub(super) struct Budget(Arc<AtomicU64>);

impl Budget {
    /// Allows the head of one part.
    pub(super) fn for_head(&self) {
        self.0.store(HEAD_BYTES, Ordering::Relaxed);
    }

    /// Allows the content of a part. The caller counts its length.
    pub(super) fn for_content(&self) {
        self.0.store(u64::MAX, Ordering::Relaxed);
    }
}

/// A body in pieces.
///
/// The reader of forms takes all that is ready into its memory. After each piece this stream is therefore not ready
/// once, so that the reader holds few bytes, however fast the client is.
#[derive(Debug)]
pub(super) struct Pieces {
    body: Body,
    rest: Bytes,
    has_given: bool,
    budget: Budget,
}

/// The head of a part is too long.
#[derive(Debug)]
pub(super) struct HeadTooLong;

impl core::fmt::Display for HeadTooLong {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("the head of a part is too long")
    }
}

impl core::error::Error for HeadTooLong {}

impl Pieces {
    pub(super) fn new(body: Body) -> (Self, Budget) {
        let budget = Budget(Arc::new(AtomicU64::new(HEAD_BYTES)));
        (Self { body, rest: Bytes::new(), has_given: false, budget: budget.clone() }, budget)
    }
}

impl Stream for Pieces {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.has_given {
            self.has_given = false;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        while self.rest.is_empty() {
            match ready!(Pin::new(&mut self.body).poll_frame(context)) {
                Some(Ok(frame)) => self.rest = frame.into_data().unwrap_or_default(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error.into_inner()))),
                None => return Poll::Ready(None),
            }
        }
        let left = self.budget.0.load(Ordering::Relaxed);
        if left == 0 {
            return Poll::Ready(Some(Err(HeadTooLong.into())));
        }
        let length = usize::try_from(left.min(PIECE_BYTES)).unwrap_or(usize::MAX).min(self.rest.len());
        let piece = self.rest.split_to(length);
        if left < u64::MAX {
            self.budget.0.store(left.saturating_sub(u64::try_from(length).unwrap_or(u64::MAX)), Ordering::Relaxed);
        }
        self.has_given = true;
        Poll::Ready(Some(Ok(piece)))
    }
}
