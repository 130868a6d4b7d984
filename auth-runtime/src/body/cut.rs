use core::{
    error::Error,
    fmt,
    pin::Pin,
    task::{Context, Poll, Waker},
};

use axum::{
    BoxError,
    body::{Bytes, HttpBody as _},
};
use http_body_util::{Full, Limited};

use crate::error::{Document, fixed};

/// Why a body ended before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    TooLarge,
    TooSlow,
}

/// The answer to a body that is too long.
pub(crate) const TOO_LARGE: Document = fixed!(413, "payload-too-large", "The body is too large.");

const TOO_SLOW: Document = fixed!(408, "request-timeout", "The body did not arrive in time.");

impl Cut {
    /// Returns a stable word for events.
    pub(super) const fn reason(self) -> &'static str {
        match self {
            Self::TooLarge => "body_too_large",
            Self::TooSlow => "body_too_slow",
        }
    }

    pub(super) const fn document(self) -> Document {
        match self {
            Self::TooLarge => TOO_LARGE,
            Self::TooSlow => TOO_SLOW,
        }
    }

    /// Returns the error that the reader of the body gets. Extractors recognise the type of the error for long bodies.
    pub(super) fn error(self) -> BoxError {
        match self {
            Self::TooLarge => length_limit().unwrap_or_else(|| self.into()),
            Self::TooSlow => self.into(),
        }
    }
}

/// Makes the error of `http-body-util`, which has no constructor.
fn length_limit() -> Option<BoxError> {
    let mut full = Limited::new(Full::new(Bytes::from_static(b"-")), 0);
    match Pin::new(&mut full).poll_frame(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Some(Err(error))) => Some(error),
        _ => None,
    }
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLarge => "the body is longer than the handler takes",
            Self::TooSlow => "the body did not arrive in the time that the handler gives it",
        })
    }
}

impl Error for Cut {}

#[cfg(test)]
mod tests {
    use http_body_util::LengthLimitError;

    use super::*;

    #[test]
    fn extractors_recognise_the_error_of_a_long_body() {
        assert!(Cut::TooLarge.error().is::<LengthLimitError>());
        assert!(Cut::TooSlow.error().is::<Cut>());
    }
}
