//! Signing in: by JSON, by a cookie, by the OAuth2 token endpoint, once more by password, and as a person whom the
//! application recognised.

pub(super) mod authenticate;
mod by_form;
pub(super) mod cookie_login;
pub(super) mod login;
pub(super) mod owner;
pub(super) mod reauthenticate;
pub(super) mod recognised;
pub(super) mod token_endpoint;
mod verified_email;
