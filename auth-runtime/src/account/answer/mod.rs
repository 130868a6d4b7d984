//! The shapes of answers: failures, problem documents, and the errors of OAuth.

pub(super) mod failure;
pub(super) mod oauth;
pub(super) mod refused;
