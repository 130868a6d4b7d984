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

/// A function that an attribute names as a key. Its method exists for functions of the right type. The method of
/// [`GivesKey`] stands in for it on all other values, and says what a key function is.
#[derive(Debug)]
pub struct KeyOf<F>(pub F);

impl<F: FnOnce(&Parts) -> Option<String>> KeyOf<F> {
    /// Returns the key of the request.
    pub fn of(self, parts: &Parts) -> Option<String> {
        (self.0)(parts)
    }
}

/// Values that are no key functions.
pub trait GivesKey<F> {
    /// Never runs, because no type implements `KeyFunction`.
    fn of(self, parts: &Parts) -> Option<String>
    where
        F: KeyFunction;
}

impl<F> GivesKey<F> for KeyOf<F> {
    fn of(self, _: &Parts) -> Option<String>
    where
        F: KeyFunction,
    {
        None
    }
}

/// Functions that return the key of a request.
#[diagnostic::on_unimplemented(
    message = "`{Self}` gives no key of a request [AUTH155]",
    label = "not a key function",
    note = "write it as `fn tenant(parts: &Parts) -> Option<String>`, with `axum::http::request::Parts`"
)]
pub trait KeyFunction {}

/// A function that names the counter for a request. On a protected handler,
/// [`Identity::of`](crate::identity::Identity::of) returns the caller from the request's extensions.
pub type KeyFn = fn(&Parts) -> Option<String>;
