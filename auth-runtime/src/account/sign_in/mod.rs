//! Signing in: by JSON, by a cookie, by the OAuth2 token endpoint, and once more by password.

pub(super) mod authenticate;
pub(super) mod cookie_login;
pub(super) mod login;
pub(super) mod owner;
pub(super) mod reauthenticate;
pub(super) mod token_endpoint;
mod verified_email;
