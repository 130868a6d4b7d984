use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    account::{
        answer::rejection::EndpointRejection,
        context::AccountContext,
        event::{TARGET, limit_store_failed},
    },
    error::UNAVAILABLE_RETRY_SECONDS,
    limit::{Charge, Judgement, KeyValue, PreparedLimit, judge},
    store::AccountKey,
};

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
    let limiter = context.auth.limiter();
    let limit = limiter.in_force(limit);
    let mut charges = [Charge::new(&limit, key)];
    let counted = limiter.charge(&mut charges, context.auth.clock()).await;
    // The response does not report this limit. Its counters would tell a stranger about attempts of other clients.
    match judge(&charges, counted, limit_store_failed) {
        Judgement::Admitted => Ok(()),
        Judgement::Limited(refusal) => {
            tracing::warn!(target: TARGET, outcome = "refused", reason = "account_limit", limit = limit.label());
            Err(EndpointRejection::SlowDown(refusal.retry_after().as_secs()))
        }
        Judgement::Unavailable(_) => Err(EndpointRejection::Unavailable(UNAVAILABLE_RETRY_SECONDS)),
    }
}
