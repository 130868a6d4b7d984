use core::{
    pin::Pin,
    task::{Context, Poll, ready},
};
use std::io;

use axum::body::{Bytes, HttpBody};
use http_body::{Frame, SizeHint};
use tokio::{
    fs::File,
    io::{AsyncRead as _, ReadBuf},
};

/// How many bytes are read at once.
const PIECE: usize = 64 * 1024;

/// A part of a file as a body.
#[derive(Debug)]
pub(super) struct ServedBody {
    file: File,
    left: u64,
    buffer: Box<[u8]>,
}

impl ServedBody {
    /// Sends the next `bytes` bytes of the file.
    pub(super) fn new(file: File, bytes: u64) -> Self {
        Self { file, left: bytes, buffer: vec![0; PIECE].into_boxed_slice() }
    }
}

impl HttpBody for ServedBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let Self { file, left, buffer } = &mut *self;
        let most = usize::try_from(*left).unwrap_or(usize::MAX).min(buffer.len());
        let mut read = ReadBuf::new(buffer.get_mut(..most).unwrap_or_default());
        ready!(Pin::new(file).poll_read(context, &mut read))?;
        let piece = Bytes::copy_from_slice(read.filled());
        if piece.is_empty() {
            // The file has become shorter. The client must not take the received part for the whole.
            return Poll::Ready(Some(Err(io::ErrorKind::UnexpectedEof.into())));
        }
        *left = left.saturating_sub(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
