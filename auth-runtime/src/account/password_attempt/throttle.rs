use core::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    account::{
        answer::rejection::EndpointRejection,
        context::AccountContext,
        event::{TARGET, store_failed},
    },
    error::UNAVAILABLE_RETRY_SECONDS,
    limit::{Charge, Judgement, KeyValue, PreparedLimit, judge},
    policy::{Limit, LimitKey, Quota},
    store::AccountKey,
};

/// The limit of attempts on one account, across all addresses, so that a guesser gains nothing from using many
/// addresses.
pub(crate) const SIGN_IN: PreparedLimit =
    named("login-account", Quota::new(30, Duration::from_secs(600)).with_burst(10));

/// The limit of messages to one address, across all clients that ask for them. Each purpose has its own counter. With
/// one counter for both, a stranger who asks for a reset could learn that a verification was just sent, and so that the
/// account exists.
pub(crate) const RESET_MAIL: PreparedLimit = named("reset-mail-account", FEW_MESSAGES);
pub(crate) const VERIFICATION_MAIL: PreparedLimit = named("verification-mail-account", FEW_MESSAGES);
pub(crate) const EMAIL_CHANGE_MAIL: PreparedLimit = named("email-change-mail-account", FEW_MESSAGES);

const FEW_MESSAGES: Quota = Quota::new(3, Duration::from_secs(900));

const fn named(name: &'static str, quota: Quota) -> PreparedLimit {
    PreparedLimit::new(Limit::new(quota, LimitKey::Global).with_name(name), "auth_runtime::account", 0)
}

/// Counts by the login in the request, so an unknown account is limited like a known one. A store of counters that
/// several services share sees the login's hash alone.
pub(crate) async fn throttle_login(
    context: &AccountContext,
    limit: &PreparedLimit,
    login: &str,
) -> Result<(), EndpointRejection> {
    let login = URL_SAFE_NO_PAD.encode(AccountKey::of_login(login).as_bytes());
    throttle(context, limit, KeyValue::custom("login", &login)).await
}

pub(crate) async fn throttle(
    context: &AccountContext,
    limit: &PreparedLimit,
    key: KeyValue<'_>,
) -> Result<(), EndpointRejection> {
    let mut charges = [Charge::new(limit, key)];
    let counted = context.auth.limiter().charge(&mut charges, context.auth.clock()).await;
    // The response does not report this limit. Its counters would tell a stranger about attempts of other clients.
    match judge(&charges, counted, store_failed) {
        Judgement::Admitted => Ok(()),
        Judgement::Limited(refusal) => {
            tracing::warn!(target: TARGET, outcome = "refused", reason = "account_limit", limit = limit.label());
            Err(EndpointRejection::SlowDown(refusal.retry_after().as_secs()))
        }
        Judgement::Unavailable(_) => Err(EndpointRejection::Unavailable(UNAVAILABLE_RETRY_SECONDS)),
    }
}
