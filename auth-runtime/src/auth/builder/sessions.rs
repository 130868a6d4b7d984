//! The methods for the lifetimes of sessions.

use core::time::Duration;

use super::AuthBuilder;
use crate::session::RefreshRetry;

impl AuthBuilder {
    /// Sets the life of an unused refresh token: a whole number of seconds, at least one; 7 days by default. An unused
    /// session lives as long, and so does an unused session with a cookie.
    pub fn refresh_token_lifetime(mut self, lifetime: Duration) -> Self {
        self.sessions.idle.set(lifetime);
        self
    }

    /// Sets the life of a session, even if it is in use: a whole number of seconds, at least one; 90 days by default.
    pub fn session_lifetime(mut self, lifetime: Duration) -> Self {
        self.sessions.absolute.set(lifetime);
        self
    }

    /// Sets for how long after its use a refresh token returns the same successor to the same client again, in case the
    /// answer was lost. It is 0 to 120 whole seconds, 20 by default. With 0, a client that loses an answer must sign in
    /// again.
    pub fn refresh_grace(mut self, grace: Duration) -> Self {
        self.sessions.grace = grace;
        self
    }

    /// Sets which client may fetch the answer to a refresh again in that time; by default, the one with the same
    /// `client_id` and `User-Agent`. [`RefreshRetry::Never`] allows no retry, and overrides `refresh_grace`.
    pub fn refresh_retry(mut self, retry: RefreshRetry) -> Self {
        self.sessions.refresh_retry = retry;
        self
    }

    /// Sets how soon this process refuses the access tokens that another process has revoked: 1 to 60 whole seconds, 5
    /// by default. This process refuses its own revocations at once. When the store of sessions does not answer for
    /// longer than that, requests with access tokens get 503.
    pub fn revocation_delay(mut self, delay: Duration) -> Self {
        self.sessions.revocation = delay;
        self
    }
}
