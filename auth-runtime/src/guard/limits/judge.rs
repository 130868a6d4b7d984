use axum::http::request::Parts;

use crate::{
    auth::Auth,
    error::StoreError,
    guard::{Rejection, event},
    limit::{self, Charge, Judgement, report},
    policy::Policy,
};

/// Decides on the request by its charges, and tells the operator and the client of them. `counted` is what the limiter
/// returned.
#[inline]
pub(super) fn judge(
    policy: &Policy,
    charges: &[Charge<'_>],
    counted: Result<(), StoreError>,
    auth: &Auth,
    parts: &Parts,
) -> Result<(), Rejection> {
    let judgement = limit::judge(charges, counted, |error| event::limit_store_failed(policy, parts, error));
    for one in charges.iter().filter(|one| one.limit().is_shadow() && !one.is_within()) {
        event::shadow(policy, auth, parts, one.limit());
    }
    report(charges, auth.limiter());
    verdict(judgement)
}

fn verdict(judgement: Judgement) -> Result<(), Rejection> {
    match judgement {
        Judgement::Admitted => Ok(()),
        Judgement::Limited(refusal) => Err(Rejection::Limited(refusal)),
        Judgement::Unavailable(error) => Err(Rejection::Unavailable(error)),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use super::*;
    use crate::{
        limit::{KeyValue, PreparedLimit},
        policy::{Limit, LimitKey, Quota},
    };

    #[test]
    fn an_undecided_limit_answers_503() {
        const LIMIT: PreparedLimit = PreparedLimit::new(Limit::new(Quota::per_minute(1), LimitKey::Global), "tests", 0);
        let undecided = [Charge::new(&LIMIT, KeyValue::GLOBAL)];
        let rejection = verdict(limit::judge(&undecided, Ok(()), |_| {})).unwrap_err();
        assert_eq!(rejection.into_body().status(), StatusCode::SERVICE_UNAVAILABLE);
    }
}
