//! The shapes of answers: failures, problem documents, and the errors of OAuth. `report` turns an error for the
//! operator into a failure.

pub(super) mod error_response;
pub(super) mod oauth;
pub(super) mod rejection;
pub(super) mod report;
pub(super) mod taken;
