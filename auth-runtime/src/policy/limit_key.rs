use axum::http::request::Parts;

/// The value by which requests are counted. Each distinct value has its own counter.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum LimitKey {
    /// The authenticated caller.
    User,
    /// The client's address; an IPv6 address counts by its /64.
    Address,
    /// The API key. A caller without an API key is counted as a user.
    ApiKey,
    /// No value: one counter for all requests.
    Global,
    /// A header's value. Without the header, the client's address.
    Header(&'static str),
    /// A path parameter's value. Without it, the client's address.
    Path(&'static str),
    /// The result of a function of the application. On `None`, the client's address. [`LimitKey::custom`] builds it.
    #[non_exhaustive]
    Custom {
        /// The function's path as the attribute spells it.
        name: &'static str,
        /// The function.
        key: KeyFn,
    },
}

impl LimitKey {
    /// Counts by the result of `key`. `name` is the function's path: the access matrix shows it, and it
    /// keeps the counters of two functions apart.
    pub const fn custom(name: &'static str, key: KeyFn) -> Self {
        Self::Custom { name, key }
    }
}

/// The parts of [`LimitKey::Custom`]. The attributes write them as a literal, because a function of the wrong type then
/// gets a compile error that names nothing of this crate but the expected type.
#[derive(Clone, Copy, Debug)]
pub struct CustomKey {
    /// The function's path as the attribute spells it.
    pub name: &'static str,
    /// The function.
    pub key: KeyFn,
}

impl CustomKey {
    /// Returns the key.
    pub const fn by(self) -> LimitKey {
        LimitKey::custom(self.name, self.key)
    }
}

/// A function that names the counter for a request. On a protected handler,
/// [`Identity::of`](crate::identity::Identity::of) returns the caller from the request's extensions.
pub type KeyFn = fn(&Parts) -> Option<String>;
