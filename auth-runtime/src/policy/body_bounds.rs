//! The bounds of a handler's body.

use core::{num::NonZeroU64, time::Duration};

use super::{
    Policy,
    number::{as_duration, in_seconds, positive, positive_bytes},
};

impl Policy {
    /// Sets the largest body that the handler takes, in bytes. By default, the limits of the router's layers and of
    /// axum's extractors hold.
    ///
    /// `GuardedRouter` enforces it, and [`Auth::layer`](crate::Auth::layer) on a plain `axum::Router`. Without either,
    /// the guard answers 500.
    ///
    /// # Panics
    /// Panics on zero. In a constant, the panic is a compile error.
    #[must_use]
    #[doc(alias = "body")]
    #[track_caller]
    pub const fn with_max_body_bytes(mut self, bytes: u64) -> Self {
        self.max_body_bytes = Some(positive_bytes(bytes));
        self
    }

    /// Sets how long the handler may wait for bytes of the body altogether. Its own pauses do not count. By default,
    /// only the time-outs of the router's layers and of the server hold. The same parts enforce it as the largest body.
    ///
    /// # Panics
    /// Panics unless `time` is a whole number of seconds, from 1 to `u32::MAX`. In a constant, the panic is a compile
    /// error.
    #[must_use]
    #[doc(alias = "body")]
    #[track_caller]
    pub const fn with_max_body_time(self, time: Duration) -> Self {
        self.with_max_body_seconds(in_seconds(time).get())
    }

    /// Does the same as [`with_max_body_time`](Self::with_max_body_time). The attributes call it, because a number
    /// costs less time to compile than a `Duration`.
    #[doc(hidden)]
    #[must_use]
    #[track_caller]
    pub const fn with_max_body_seconds(mut self, seconds: u32) -> Self {
        self.max_body_time = Some(positive(seconds));
        self
    }

    /// Returns the largest body that the handler takes, in bytes, or `None` where the policy does not say it.
    pub const fn max_body_bytes(&self) -> Option<NonZeroU64> {
        self.max_body_bytes
    }

    /// Returns how long the handler may wait for the body, or `None` where the policy does not say it.
    pub const fn max_body_time(&self) -> Option<Duration> {
        match self.max_body_time {
            Some(seconds) => Some(as_duration(seconds)),
            None => None,
        }
    }

    /// Returns whether the policy bounds the body.
    pub(crate) const fn bounds_body(&self) -> bool {
        self.max_body_bytes.is_some() || self.max_body_time.is_some()
    }
}
