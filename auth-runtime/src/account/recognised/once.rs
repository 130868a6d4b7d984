use core::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    account::{answer::rejection::EndpointRejection, context::AccountContext, event::limit_store_failed},
    auth::limits_by_account::SIGN_IN_NONCE,
    error::UNAVAILABLE_RETRY_SECONDS,
    limit::{Charge, Judgement, KeyValue, PreparedLimit, judge},
    policy::{Limit, LimitKey, Quota},
    session::CLOCKS_APART,
    token::SignInNonce,
};

use super::nonce::LIFETIME;

/// One use of a nonce, in all the time in which one of its states can be accepted. The application cannot
/// set this quota.
const ONCE: PreparedLimit = {
    let seconds = (LIFETIME + CLOCKS_APART).unsigned_abs();
    let limit = Limit::new(Quota::new(1, Duration::from_secs(seconds)), LimitKey::Global).with_name(SIGN_IN_NONCE);
    PreparedLimit::new(limit, "auth_runtime::account", 0)
};

/// Uses the nonce up. Returns whether it was unused. The counters of limits remember it, so that several processes
/// accept it once if they share these counters. While the store of limits fails, each process remembers on its own. A
/// second use needs the browser's own cookie in any case.
pub(super) async fn use_up(context: &AccountContext, nonce: &SignInNonce) -> Result<bool, EndpointRejection> {
    let hash = URL_SAFE_NO_PAD.encode(nonce.hash().as_bytes());
    let mut charges = [Charge::new(&ONCE, KeyValue::custom("nonce", &hash))];
    let counted = context.auth.limiter().charge(&mut charges, context.auth.clock()).await;
    match judge(&charges, counted, limit_store_failed) {
        Judgement::Admitted => Ok(true),
        Judgement::Limited(_) => Ok(false),
        Judgement::Unavailable(_) => Err(EndpointRejection::Unavailable(UNAVAILABLE_RETRY_SECONDS)),
    }
}
