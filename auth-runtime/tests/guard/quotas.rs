//! Quotas that the application sets in place of those of named limits.

use std::{
    num::NonZeroU32,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use auth_runtime::{
    Auth, GuardedRouter, HasPolicy, Policy, assert_denied,
    auth::AuthBuilder,
    clock::Clock,
    limit::{Answer, Charge, KeyValue, LimitStore, MemoryLimits, PreparedLimit},
    policy::{Limit, LimitKey, Quota},
    routing::{get, post},
    store::{Accounts, MemoryStore},
    testing::{ManualClock, TestAuth, TestIdentity},
};
use axum::Router;

use super::{
    limits::{Broken, TWO_A_MINUTE, field, from},
    support::*,
};

const OPEN: Limit = Limit::new(TWO_A_MINUTE, LimitKey::Address).with_name("open");

policy!(Open = Policy::public("open").with_limits(&[OPEN, Limit::new(Quota::per_hour(50), LimitKey::Global)]));
policy!(Mine = Policy::protected("mine").with_limits(&[Limit::new(TWO_A_MINUTE, LimitKey::User).with_name("mine")]));
policy!(Costly = Policy::public("costly").with_limits(&[OPEN.with_name("units").with_cost(2)]));
policy!(
    Twice = Policy::public("twice").with_limits(&[OPEN, Limit::new(Quota::per_hour(9), OPEN.key()).with_name("open")])
);

fn auth(change: impl FnOnce(AuthBuilder) -> AuthBuilder) -> Auth {
    TestAuth::with(change).auth
}

/// Counts in memory, but answers later, like a store on a server.
#[derive(Clone)]
struct Later(Arc<MemoryLimits>);

impl Later {
    fn new() -> Self {
        Self(Arc::new(MemoryLimits::new()))
    }
}

impl LimitStore for Later {
    fn charge<'a>(&'a self, charges: &'a mut [Charge<'_>], clock: &'a dyn Clock) -> Answer<'a> {
        let answer = self.0.charge(charges, clock);
        Answer::Pending(Box::pin(async move {
            tokio::task::yield_now().await;
            match answer {
                Answer::Ready(answer) => answer,
                Answer::Pending(answer) => answer.await,
            }
        }))
    }
}

/// Returns how many requests the router admits before it refuses one, and the policy that the first answer tells.
async fn admitted(app: &Router, fields: &[(&str, &str)]) -> (usize, String) {
    let first = from(app, "192.0.2.1", fields).await;
    let told = field(&first, "ratelimit-policy").to_owned();
    let mut count = usize::from(first.status().is_success());
    while count > 0 && count < 30 && from(app, "192.0.2.1", fields).await.status().is_success() {
        count += 1;
    }
    (count, told)
}

#[tokio::test]
async fn the_set_quota_holds_in_memory_and_in_a_store_and_the_fields_tell_it() {
    let five = |builder: AuthBuilder| builder.quota("open", Quota::per_hour(5)).quota("mine", Quota::per_minute(7));
    for auth in [auth(five), auth(|builder| five(builder.limit_store(Later::new())))] {
        let routes = GuardedRouter::new().route("/", get(handler::<Open>)).route("/mine", get(handler::<Mine>));
        let routes = routes.with_state::<()>(auth.clone());
        let open = routes.clone().into_router();
        assert_eq!(admitted(&open, &[]).await, (5, r#""open";q=5;w=3600, "global";q=50;w=3600"#.to_owned()));

        let mine = GuardedRouter::new().route("/", get(handler::<Mine>)).with_state(auth.clone()).into_router();
        let alice = TestIdentity::user("alice").bearer(&auth);
        let fields = [("authorization", &*alice)];
        assert_eq!(admitted(&mine, &fields).await, (7, r#""mine";q=7;w=60"#.to_owned()));
        let refused = from(&mine, "192.0.2.1", &fields).await;
        assert_denied!(&refused, 429);
        assert_eq!(field(&refused, "ratelimit"), r#""mine";r=0;t=9"#);
    }
}

#[tokio::test]
async fn limits_of_other_names_and_without_one_keep_their_quotas() {
    policy!(Wide = Policy::public("wide").with_limits(&[OPEN.with_name("wide")]));
    let auth = auth(|builder| builder.quota("open", Quota::per_minute(9)));
    let routes = GuardedRouter::new().route("/other", get(handler::<Open>)).route("/", get(handler::<Wide>));
    let app = routes.with_state(auth).into_router();
    assert_eq!(admitted(&app, &[]).await, (2, r#""wide";q=2;w=60"#.to_owned()));
}

/// Nine at once for three processes are three for each of them.
#[tokio::test]
async fn during_an_outage_a_process_admits_its_share_of_the_set_quota() {
    let auth = auth(|builder| {
        let builder = builder.limit_store(Broken).instances(NonZeroU32::new(3).unwrap());
        builder.quota("open", Quota::per_hour(9))
    });
    let app = app::<Open>(&auth);
    assert_eq!(admitted(&app, &[]).await.0, 3);
}

/// One counter cannot hold two quotas.
#[tokio::test]
async fn two_processes_with_different_quotas_count_apart_and_with_the_same_together() {
    let (store, clock) = (Later::new(), ManualClock::at(1_800_000_000));
    let process = |quota: Quota| {
        let change = |builder: AuthBuilder| builder.limit_store(store.clone()).quota("open", quota);
        app::<Open>(&TestAuth::with_clock(clock.clone(), change).auth)
    };
    let [one, same, other] = [4, 4, 6].map(|count| process(Quota::per_minute(count)));
    assert_eq!(admitted(&one, &[]).await.0, 4);
    assert_denied!(from(&same, "192.0.2.1", &[]).await, 429);
    assert_eq!(admitted(&other, &[]).await.0, 6);
}

#[tokio::test]
async fn code_that_charges_a_limit_itself_asks_for_the_quota_in_force() {
    const LIMIT: PreparedLimit = PreparedLimit::new(OPEN, "tests", 0);
    let auth = auth(|builder| builder.quota("open", Quota::per_minute(3)));
    let limit = auth.limiter().in_force(&LIMIT);
    assert_eq!((limit.quota(), limit.label()), (Quota::per_minute(3), "open"));
    for is_within in [true, true, true, false] {
        let mut charges = [Charge::new(&limit, KeyValue::GLOBAL)];
        auth.limiter().charge(&mut charges, auth.clock()).await.unwrap();
        assert_eq!(charges[0].is_within(), is_within);
    }
    assert_eq!(TestAuth::new().auth.limiter().in_force(&LIMIT).quota(), TWO_A_MINUTE);
}

#[test]
fn the_matrix_shows_the_quota_in_force_and_the_one_that_it_replaces() {
    policy!(
        Group =
            Policy::public("group")
                .with_limits(&[Limit::new(Quota::per_minute(60).with_burst(5), LimitKey::Address).with_name("group")])
    );
    policy!(Staff = Policy::protected("staff").with_limits(&[OPEN.with_name("same").with_cost(2)]));
    let routes = || {
        let routes = GuardedRouter::new().route("/open", get(handler::<Open>)).route("/staff", get(handler::<Staff>));
        routes.narrowed_by::<Group>()
    };
    let auth = auth(|builder| {
        let builder = builder.quota("open", Quota::per_minute(200)).quota("same", TWO_A_MINUTE);
        builder.quota("group", Quota::per_second(9).with_burst(90))
    });
    let limits = |router: &GuardedRouter| -> Vec<_> {
        router.access_matrix().rows().iter().map(|row| row.limits.clone()).collect()
    };
    let before: Vec<_> = routes().access_matrix().rows().iter().map(|row| row.limits.clone()).collect();
    assert_eq!(
        before,
        [
            "2/min by ip as open; 50/hour by global; 60/min by ip burst 5 as group",
            "2/min by ip cost 2 as same; 60/min by ip burst 5 as group",
        ]
    );
    let router: GuardedRouter = routes().with_state(auth);
    let group = "9/sec by ip burst 90 as group, in place of 60/min burst 5";
    let open = format!("200/min by ip as open, in place of 2/min; 50/hour by global; {group}");
    assert_eq!(limits(&router), [open.clone(), format!("2/min by ip cost 2 as same; {group}")]);
    let merged = GuardedRouter::<()>::new().nest("/in", router);
    assert_eq!(limits(&merged)[0], open);
    let matrix = merged.access_matrix();
    assert!(matrix.to_string().contains(&open) && matrix.to_markdown().contains(&open), "{matrix}");
    assert!(matrix.to_json().contains(&open));
}

fn fault(routes: GuardedRouter<Auth>, auth: &Auth) -> String {
    let start = AssertUnwindSafe(|| routes.with_state::<()>(auth.clone()));
    let panic = catch_unwind(start).expect_err("the router was built");
    panic.downcast_ref::<String>().cloned().unwrap_or_default()
}

#[test]
fn every_fault_of_the_quotas_is_told_at_start() {
    let auth = auth(|builder| {
        let builder = builder.quota("opne", Quota::per_minute(9)).quota("login", Quota::per_minute(9));
        let builder = builder.quota("units", Quota::per_minute(100).with_burst(1)).quota("login-account", TWO_A_MINUTE);
        builder.quota("open", Quota::per_minute(9))
    });
    let routes = GuardedRouter::new()
        .route("/costly", get(handler::<Costly>).post(handler::<Costly>))
        .route("/twice", post(handler::<Twice>));
    assert_eq!(
        fault(routes, &auth),
        "`costly` takes 2 units of the limit `units`, and its `quota` admits 1 at once: raise the burst; \
        `quota` is set for `opne`, `login`, `login-account`, and no limit has this name; the names are: `open`, \
        `units`. If another router has the limit, give that one its state first; \
        `twice` has two limits `open` by ip, and `quota` would make them one that counts twice: give them two names"
    );
    let none = GuardedRouter::new().route("/", get(handler::<Everyone>));
    assert!(fault(none, &auth).contains("no limit here has a name"));
}

policy!(Everyone = Policy::public("everyone"));

#[test]
fn a_group_and_a_handler_that_would_count_twice_are_told() {
    policy!(
        Group = Policy::public("group").with_limits(&[Limit::new(Quota::per_hour(9), OPEN.key()).with_name("open")])
    );
    let routes = GuardedRouter::new().route("/", get(handler::<Open>)).narrowed_by::<Group>();
    let told = fault(routes, &auth(|builder| builder.quota("open", Quota::per_minute(9))));
    assert_eq!(
        told,
        "`group` has two limits `open` by ip, and `quota` would make them one that counts twice: give them two names"
    );
}

/// A service may have a second router, for example for its operators.
#[test]
fn a_router_after_the_one_with_the_limit_starts() {
    let auth = auth(|builder| builder.quota("open", Quota::per_minute(9)));
    let _: GuardedRouter = GuardedRouter::new().route("/", get(handler::<Open>)).with_state(auth.clone());
    let _: GuardedRouter = GuardedRouter::new().route("/", get(handler::<Everyone>)).with_state(auth);
}

/// No policy has the limits that count by account.
#[test]
fn limits_by_account_are_known_where_there_are_accounts() {
    let TestAuth { clock, .. } = TestAuth::new();
    let accounts =
        Accounts::new(MemoryStore::new(Arc::new(clock.clone()), Arc::new(auth_runtime::secret::SystemEntropy::new())));
    let names = ["login-account", "reset-mail-account", "verification-mail-account"];
    let auth = auth(|builder| {
        names.iter().fold(builder.accounts(&accounts), |builder, name| builder.quota(*name, Quota::per_minute(9)))
    });
    let _: GuardedRouter = GuardedRouter::new().route("/", get(handler::<Everyone>)).with_state(auth);
}

async fn plain<P: HasPolicy>(_: auth_runtime::Guard<P>) {}

/// Nothing tells of the mistake on a plain router, so it must not open one.
#[tokio::test]
async fn a_cost_above_the_burst_is_refused_on_a_plain_router_also_during_an_outage() {
    for store in [None, Some(Broken)] {
        let auth = auth(|builder| {
            let builder = builder.quota("units", Quota::per_minute(100).with_burst(1));
            match store {
                Some(store) => builder.limit_store(store),
                None => builder,
            }
        });
        let app = Router::new().route("/", axum::routing::get(plain::<Costly>)).layer(auth.layer()).with_state(auth);
        assert_denied!(from(&app, "192.0.2.1", &[]).await, 429);
    }
}
