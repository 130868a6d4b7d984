//! The methods for the lifetimes of sessions.

use super::AuthBuilder;
use crate::session::RefreshRetry;

impl AuthBuilder {
    /// Sets the life of an unused refresh token in seconds; 7 days by default, at least 1 second. An unused session
    /// lives as long, and so does an unused session with a cookie.
    pub fn refresh_token_seconds(mut self, seconds: u32) -> Self {
        self.sessions.idle.set(i64::from(seconds));
        self
    }

    /// Sets the life of a session in seconds, even if it is in use; 90 days by default, at least 1 second.
    pub fn session_seconds(mut self, seconds: u32) -> Self {
        self.sessions.absolute.set(i64::from(seconds));
        self
    }

    /// Sets for how many seconds after its use a refresh token returns the same successor to the same client again, in
    /// case the answer was lost; 20 by default, at most 120. With 0, a client that loses an answer must sign in again.
    pub fn refresh_grace_seconds(mut self, seconds: u32) -> Self {
        self.sessions.grace = seconds;
        self
    }

    /// Sets which client may fetch the answer to a refresh again in that time; by default, the one with the same
    /// `client_id` and `User-Agent`. [`RefreshRetry::Never`] allows no retry, and overrides `refresh_grace_seconds`.
    pub fn refresh_retry(mut self, retry: RefreshRetry) -> Self {
        self.sessions.refresh_retry = retry;
        self
    }

    /// Sets within how many seconds this process refuses the access tokens that another process has revoked, 1 to 60; 5
    /// by default. This process refuses its own revocations at once. When the store of sessions does not answer for
    /// longer than that, requests with access tokens get 503.
    pub fn revocation_seconds(mut self, seconds: u32) -> Self {
        self.sessions.revocation = seconds;
        self
    }
}
