//! Events about other issuers, for the operator.

use super::fetch::FetchError;
use crate::error::with_causes;
use crate::token::PassedOver;

/// The target of this module's events, for subscribers.
const TARGET: &str = "auth_runtime::remote";

/// Reports that an issuer's keys could not be fetched.
pub(super) fn failed(issuer: &str, error: &FetchError) {
    tracing::event!(
        target: TARGET, tracing::Level::ERROR, issuer, error = with_causes(error), cause = error.reason(),
        reason = "keys_not_fetched", "the keys of an issuer could not be fetched",
    );
}

/// Reports that an issuer's keys could be fetched again.
pub(super) fn recovered(issuer: &str, keys: usize) {
    tracing::event!(
        target: TARGET, tracing::Level::INFO, issuer, keys, reason = "keys_fetched_again",
        "the keys of an issuer could be fetched again",
    );
}

/// Reports that an issuer could not be asked about a credential.
pub(super) fn not_asked(issuer: &str, error: &FetchError) {
    tracing::event!(
        target: TARGET, tracing::Level::ERROR, issuer, error = with_causes(error), cause = error.reason(),
        reason = "credential_not_asked", "an issuer could not be asked about a credential",
    );
}

/// Reports that an issuer could be asked about credentials again.
pub(super) fn asked_again(issuer: &str) {
    tracing::event!(
        target: TARGET, tracing::Level::INFO, issuer, reason = "credentials_asked_again",
        "an issuer could be asked about credentials again",
    );
}

/// Reports that a client address has used up its share of questions.
pub(super) fn client_limited(issuer: &str) {
    tracing::event!(
        target: TARGET, tracing::Level::WARN, issuer, reason = "client_asks_too_often",
        "a client address sends more unknown credentials than an issuer is asked about",
    );
}

/// Reports that the list of leaked passwords was not reached. `has_local` says whether a local list decides.
pub(super) fn leaks_not_asked(error: &FetchError, has_local: bool) {
    tracing::event!(
        target: TARGET, tracing::Level::WARN, has_local, error = with_causes(error), cause = error.reason(),
        reason = "leaks_not_asked", "the list of leaked passwords did not answer",
    );
}

/// Reports a published key that is not used.
pub(super) fn passed_over(issuer: &str, key: &PassedOver) {
    tracing::event!(
        target: TARGET, tracing::Level::WARN, issuer, place = key.place, cause = key.reason, reason = "key_passed_over",
        "a published key is not used",
    );
}

/// Reports that an issuer publishes no key that could verify a token.
pub(super) fn no_keys(issuer: &str) {
    tracing::event!(
        target: TARGET, tracing::Level::WARN, issuer, reason = "no_usable_keys",
        "an issuer publishes no usable key",
    );
}
