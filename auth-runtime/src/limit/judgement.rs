use super::{Charge, LimitRejection};
use crate::error::{Extent, StoreError};

/// The decision on a request whose limits were charged.
#[must_use = "a request that is not admitted has to be refused"]
pub(crate) enum Judgement {
    /// No limit refuses the request.
    Admitted,
    /// A limit refuses the request: 429.
    Limited(Box<LimitRejection>),
    /// A limit that refuses the request could not be counted: 503.
    Unavailable(StoreError),
}

/// Decides on a request by its charges. `counted` is what the limiter returned for them.
///
/// A failed store alone refuses no request, because each limit has its own outage mode. `tell_operator` reports the
/// failure in either case, unless an event reported the same cause a moment ago. A store that neither failed nor
/// decided counts as failed.
#[inline]
pub(crate) fn judge(
    charges: &[Charge<'_>],
    counted: Result<(), StoreError>,
    tell_operator: impl Fn(&StoreError),
) -> Judgement {
    if let Err(error) = &counted
        && error.extent() != Extent::Told
    {
        tell_operator(error);
    }
    if !charges.iter().any(Charge::refuses) {
        return Judgement::Admitted;
    }
    match (LimitRejection::of(charges), counted) {
        (Some(refusal), _) => Judgement::Limited(refusal),
        (None, Err(error)) => Judgement::Unavailable(error),
        (None, Ok(())) => {
            let error = StoreError::new("limits", "the store answered without deciding");
            tell_operator(&error);
            Judgement::Unavailable(error)
        }
    }
}

#[cfg(test)]
mod tests {
    use core::cell::Cell;

    use super::*;
    use crate::{
        clock::Monotonic,
        limit::{KeyValue, Outcome, PreparedLimit},
        policy::{Limit, LimitKey, Quota},
    };

    const LIMIT: Limit = Limit::new(Quota::per_minute(1), LimitKey::Global);
    const REFUSING: PreparedLimit = PreparedLimit::new(LIMIT, "tests", 0);
    const SHADOW: PreparedLimit = PreparedLimit::new(LIMIT.with_shadow(true), "tests", 1);

    fn failed() -> Result<(), StoreError> {
        Err(StoreError::new("limits", "down"))
    }

    /// Returns the decision by a word, and the number of failures that the operator learned of.
    fn judged(outcomes: &[(&'static PreparedLimit, Outcome)], counted: Result<(), StoreError>) -> (&'static str, u32) {
        let charges: Vec<_> = outcomes
            .iter()
            .map(|(limit, outcome)| {
                let mut charge = Charge::new(limit, KeyValue::GLOBAL);
                charge.settle(*outcome);
                charge
            })
            .collect();
        let told = Cell::new(0);
        let word = match judge(&charges, counted, |_| told.set(told.get() + 1)) {
            Judgement::Admitted => "admitted",
            Judgement::Limited(_) => "limited",
            Judgement::Unavailable(_) => "unavailable",
        };
        (word, told.get())
    }

    #[test]
    fn a_decided_request_is_admitted_or_limited() {
        let decide = |tat| REFUSING.rate().decide(tat, Monotonic::from_nanos(0), REFUSING.cost());
        let (first, second) = (decide(0), decide(decide(0).tat));
        assert_eq!(judged(&[], Ok(())), ("admitted", 0));
        assert_eq!(judged(&[(&REFUSING, Outcome::Counted(first.verdict))], Ok(())), ("admitted", 0));
        assert_eq!(judged(&[(&REFUSING, Outcome::Counted(second.verdict))], Ok(())), ("limited", 0));
        assert_eq!(judged(&[(&SHADOW, Outcome::Counted(second.verdict))], Ok(())), ("admitted", 0));
    }

    #[test]
    fn a_failed_store_refuses_where_its_limit_refuses_and_is_always_reported() {
        assert_eq!(judged(&[(&REFUSING, Outcome::Unavailable)], failed()), ("unavailable", 1));
        assert_eq!(judged(&[(&REFUSING, Outcome::Uncounted)], failed()), ("admitted", 1));
        assert_eq!(judged(&[(&SHADOW, Outcome::Unavailable)], failed()), ("admitted", 1));
    }

    /// An outage under load would otherwise write an event for each request.
    #[test]
    fn a_store_that_was_not_asked_refuses_the_same_and_is_not_reported() {
        let unasked = || Err(StoreError::unasked("limits"));
        assert_eq!(judged(&[(&REFUSING, Outcome::Unavailable)], unasked()), ("unavailable", 0));
        assert_eq!(judged(&[(&REFUSING, Outcome::Uncounted)], unasked()), ("admitted", 0));
    }

    #[test]
    fn an_undecided_limit_counts_as_a_failed_store() {
        assert_eq!(judged(&[(&REFUSING, Outcome::Open)], Ok(())), ("unavailable", 1));
        assert_eq!(judged(&[(&REFUSING, Outcome::Open)], failed()), ("unavailable", 1));
        assert_eq!(judged(&[(&SHADOW, Outcome::Open)], Ok(())), ("admitted", 0));
    }
}
