//! Sessions: their tokens and cookies, refreshing, revoking, listing and ending.

mod access_token;
pub(super) mod cookie;
pub(super) mod ending;
pub(super) mod introspect;
pub(super) mod open;
pub(super) mod proof;
pub(super) mod recheck;
pub(super) mod refresh;
pub(super) mod revoke;
pub(super) mod session_limit;
pub(super) mod sessions;
pub(super) mod tokens;
