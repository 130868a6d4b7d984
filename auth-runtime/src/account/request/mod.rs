//! What endpoints take from a request: the caller, the client, its address, and bodies.

pub(super) mod browser;
pub(super) mod caller;
pub(super) mod client;
pub(super) mod credentials;
pub(super) mod form;
pub(super) mod sign_in_body;
