//! The shapes of answers: failures, problem documents, and the errors of OAuth. `report` turns an error for the operator
//! into a failure.

pub(super) mod failure;
pub(super) mod oauth;
pub(super) mod refused;
pub(super) mod report;
