use super::limit::Placed;
use crate::diag::{Code, Problem, Sink, problem};
use crate::model::Limit;
use crate::syntax::spelled;

/// The number of limits that the runtime prepares for a handler.
const MOST: usize = 8;

/// Refuses limits that make no sense together on one handler, each limit at most once.
pub(super) fn check(limits: &[Placed], sink: &mut Sink) {
    if let Some(one_more) = limits.get(MOST) {
        let message = format_args!("a handler has at most {MOST} limits, and here are {}", limits.len());
        sink.push(
            problem(&one_more.attribute, Code::TooManyLimits, message).advice("keep those that are reached first"),
        );
    }
    for (at, later) in limits.iter().enumerate() {
        let earlier = &limits[..at];
        if let Some(problem) = earlier.iter().find_map(|earlier| two_quotas(earlier, later)) {
            sink.push(problem);
        } else if let Some(problem) = earlier.iter().find_map(|earlier| hidden(earlier, later)) {
            sink.push(problem);
        }
    }
}

/// Refuses one counter with two quotas: `#[rate_limit(5/min, name = "login")] #[rate_limit(20/hour, name = "login")]`.
fn two_quotas(earlier: &Placed, later: &Placed) -> Option<Problem> {
    let name = later.limit.name.as_ref()?;
    let quota = |limit: &Limit| (limit.count, limit.window, limit.burst);
    if !shares_name(&earlier.limit, &later.limit) || quota(&earlier.limit) == quota(&later.limit) {
        return None;
    }
    let message = format_args!("the counter {:?} has two different rates", name.value());
    let own = format!("{} {}", name.value(), spelled(later.rate.clone()));
    let problem = problem(name, Code::NameWithTwoQuotas, message);
    Some(problem.write(format_args!("{own:?}")).because("limits of one name share one counter"))
}

/// Refuses a limit that is never reached: a caller within the first limit of `#[rate_limit(10/hour)]
/// #[rate_limit(10/min)]` never reaches the second.
fn hidden(earlier: &Placed, later: &Placed) -> Option<Problem> {
    let (stops_first, never) = match (hides(&earlier.limit, &later.limit), hides(&later.limit, &earlier.limit)) {
        (true, _) => (earlier, later),
        (false, true) => (later, earlier),
        (false, false) => return None,
    };
    let (first, second) = (spelled(stops_first.rate.clone()), spelled(never.rate.clone()));
    let message = format_args!("`{second}` is never reached: `{first}` stops the same callers first");
    Some(
        problem(&never.attribute, Code::UnreachableLimit, message)
            .remove()
            .note("a limit by another key counts other callers: `by = ..`"),
    )
}

/// Returns whether `strict` always refuses before `lax` would.
///
/// Both limits are buckets. Measured in requests, the bucket of `strict` must be at most as large and fill at most as
/// fast, so that it is empty whenever the other one is. `lax` must not have a name of its own, because other handlers
/// may then draw from its bucket. `strict` must not be a shadow limit, because a shadow limit never refuses. `lax` must
/// not count requests that `strict` does not count, for example those that a check refuses.
fn hides(strict: &Limit, lax: &Limit) -> bool {
    let same_key = strict.key.spelled() == lax.key.spelled();
    let lax_is_own = lax.name.is_none() || shares_name(strict, lax);
    let always_there = !strict.shadow && strict.on_outage == lax.on_outage;
    let counts_as_many = strict.counts <= lax.counts;
    same_key && lax_is_own && always_there && counts_as_many && is_smaller(strict, lax) && is_slower(strict, lax)
}

fn is_smaller(strict: &Limit, lax: &Limit) -> bool {
    u64::from(strict.burst.get()) * u64::from(lax.cost.get())
        <= u64::from(lax.burst.get()) * u64::from(strict.cost.get())
}

/// Returns whether `count / (window · cost)` is at most that of the other limit. It multiplies rather than divides.
fn is_slower(strict: &Limit, lax: &Limit) -> bool {
    let product = |a: u32, b: u32, c: u32| u128::from(a) * u128::from(b) * u128::from(c);
    product(strict.count.get(), lax.window.get(), lax.cost.get())
        <= product(lax.count.get(), strict.window.get(), strict.cost.get())
}

fn shares_name(a: &Limit, b: &Limit) -> bool {
    match (&a.name, &b.name) {
        (Some(a), Some(b)) => a.value() == b.value(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use core::num::NonZeroU32;

    use proptest::prelude::*;

    use super::*;
    use crate::model::{Counts, Key, OnOutage};

    fn limit(count: u32, window: u32, burst: u32, cost: u32) -> Limit {
        let number = |value| NonZeroU32::new(value).unwrap();
        Limit {
            count: number(count),
            window: number(window),
            burst: number(burst.max(cost)),
            cost: number(cost),
            key: Key::User,
            name: None,
            counts: None,
            on_outage: OnOutage::Local,
            shadow: false,
        }
    }

    /// The content of a bucket in units times the window, so that all numbers are integers.
    struct Bucket(u64);

    impl Bucket {
        fn refill(&mut self, limit: &Limit, seconds: u64) {
            let full = u64::from(limit.burst.get()) * u64::from(limit.window.get());
            self.0 = full.min(self.0.saturating_add(u64::from(limit.count.get()) * seconds));
        }

        fn price(limit: &Limit) -> u64 {
            u64::from(limit.cost.get()) * u64::from(limit.window.get())
        }
    }

    fn numbers() -> impl Strategy<Value = (u32, u32, u32, u32)> {
        (1..12u32, 1..8u32, 1..12u32, 1..4u32)
    }

    proptest! {
        #[test]
        fn a_hidden_limit_never_refuses(
            one in numbers(), other in numbers(), gaps in proptest::collection::vec(0..6u64, 1..60)
        ) {
            let strict = limit(one.0, one.1, one.2, one.3);
            let lax = limit(other.0, other.1, other.2, other.3);
            prop_assume!(hides(&strict, &lax));
            let (mut first, mut second) = (Bucket(0), Bucket(0));
            first.refill(&strict, u64::from(u32::MAX));
            second.refill(&lax, u64::from(u32::MAX));
            for gap in gaps {
                first.refill(&strict, gap);
                second.refill(&lax, gap);
                if first.0 >= Bucket::price(&strict) {
                    prop_assert!(second.0 >= Bucket::price(&lax));
                    first.0 -= Bucket::price(&strict);
                    second.0 -= Bucket::price(&lax);
                }
            }
        }
    }

    #[test]
    fn a_limit_hides_those_only_that_count_no_more_requests() {
        let counting = |counts| Limit { counts: Some(counts), ..limit(1, 60, 1, 1) };
        let (before, after) = (counting(Counts::BeforeChecks), counting(Counts::AfterChecks));
        assert!(hides(&before, &after) && hides(&before, &before) && hides(&after, &after));
        assert!(!hides(&after, &before), "a request that the check refuses counts for the one before it alone");
    }

    #[test]
    fn the_largest_numbers_compare() {
        let (all, one) = (limit(u32::MAX, u32::MAX, u32::MAX, u32::MAX), limit(1, 1, 1, 1));
        assert!(!hides(&one, &all) && hides(&all, &all) && hides(&one, &one));
    }
}
