//! How many passwords may be tried, and which clients the limit locks out.

use std::{net::SocketAddr, num::NonZeroU16, sync::Arc, time::Duration};

use auth_runtime::{
    auth::AuthBuilder,
    limit::{Answer as Counted, Charge, LimitStore, Verdict},
    password::{Cost, Passwords},
    secret::SystemEntropy,
};
use tokio::task::JoinSet;

use super::{
    answers::Answer,
    world::{PASSWORD, World, defaults, events},
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A store of counters without limits, so that only failed passwords limit.
pub(super) struct Unlimited;

impl LimitStore for Unlimited {
    fn charge<'a>(&'a self, charges: &'a mut [Charge<'_>], _: &'a dyn auth_runtime::clock::Clock) -> Counted<'a> {
        for charge in charges {
            charge.answer(Verdict::new(*charge.limit().rate(), Duration::ZERO, Duration::ZERO));
        }
        Counted::Ready(Ok(()))
    }
}

/// Removes all limits except that of failed passwords, and gives the password queue enough room.
pub(super) fn unlimited(builder: AuthBuilder) -> AuthBuilder {
    let passwords = Passwords::builder(Arc::new(SystemEntropy::new()))
        .cost(Cost::weak_for_testing())
        .workers(NonZeroU16::new(2).unwrap())
        .queue(1_000)
        .build();
    defaults(builder).passwords(passwords).limit_store(Unlimited)
}

async fn every_unlimited_store(change: fn(AuthBuilder) -> AuthBuilder, scenario: impl AsyncFn(World)) {
    scenario(World::in_memory(change)).await;
    scenario(World::on_sqlite_with("sqlite::memory:", change).await).await;
}

pub(super) fn few(builder: AuthBuilder) -> AuthBuilder {
    unlimited(builder).password_failures(3, Duration::from_secs(600))
}

fn peer(last: u8) -> SocketAddr {
    SocketAddr::from(([192, 0, 2, last], 1))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn only_100_of_500_simultaneous_guesses_are_verified() {
    every_unlimited_store(unlimited, async |world| {
        world.join("alice", &[]).await;
        let world = Arc::new(world);
        for name in ["alice", "nobody"] {
            let mut guesses = JoinSet::new();
            for number in 0..500 {
                let world = Arc::clone(&world);
                guesses.spawn(async move { world.login(name, &format!("guess {number}")).await.status });
            }
            let statuses = guesses.join_all().await;
            let count = |status| statuses.iter().filter(|found| **found == status).count();
            assert_eq!((count(401), count(429)), (100, 400), "{name}");
            let late = world.login(name, PASSWORD).await;
            assert_eq!(
                (late.status, late.header("retry-after")),
                (429, "86400"),
                "even the right password is refused now"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn answers_to_a_locked_out_client_do_not_reveal_whether_the_account_exists() {
    every_unlimited_store(few, async |world| {
        world.join("alice", &[]).await;
        let mut seen: Vec<Vec<Answer>> = Vec::new();
        for name in ["alice", "nobody"] {
            let mut answers = Vec::new();
            for _ in 0..5 {
                answers.push(world.login(name, "wrong").await);
            }
            answers.push(world.token(&format!("grant_type=password&username={name}&password=wrong")).await);
            seen.push(answers);
        }
        let [known, unknown] = seen.try_into().unwrap();
        assert_eq!(known, unknown);
        known[3].assert_problem(429, "quota-exceeded");
        known[5].assert_oauth_error(429, "temporarily_unavailable", "Too many attempts.");
        assert!(events().contains("too_many_failures"));
    })
    .await;
}

#[tokio::test]
async fn the_name_and_the_address_of_an_account_are_counted_together() {
    every_unlimited_store(few, async |world| {
        world.join("alice", &[]).await;
        for name in ["alice", "ALICE@example.org", "Alice"] {
            assert_eq!(world.login(name, "wrong").await.status, 401);
        }
        assert_eq!(world.login("alice@example.org", PASSWORD).await.status, 429);
    })
    .await;
}

#[tokio::test]
async fn strangers_cannot_lock_an_owner_out_from_a_known_address() {
    every_unlimited_store(few, async |world| {
        world.join("alice", &[]).await;
        assert_eq!(world.login_from(peer(1), "alice", PASSWORD).await.status, 200);
        for _ in 0..20 {
            world.login_from(peer(66), "alice", "wrong").await;
        }
        assert_eq!(world.login_from(peer(66), "alice", PASSWORD).await.status, 429);
        assert_eq!(world.login_from(peer(2), "alice", PASSWORD).await.status, 429, "a place that is not known");
        for _ in 0..2 {
            assert_eq!(world.login_from(peer(1), "alice", "mistyped").await.status, 401);
            assert_eq!(world.login_from(peer(1), "alice", PASSWORD).await.status, 200);
        }
        assert_eq!(world.login_from(peer(66), "alice", PASSWORD).await.status, 429, "other clients stay locked out");
        for _ in 0..3 {
            world.login_from(peer(1), "alice", "wrong").await;
        }
        assert_eq!(world.login_from(peer(1), "alice", PASSWORD).await.status, 429, "a known place has its limit, too");
    })
    .await;
}

#[tokio::test]
async fn failures_at_one_account_do_not_lock_out_others_at_the_same_address() {
    every_unlimited_store(few, async |world| {
        world.join("alice", &[]).await;
        world.join("bob", &[]).await;
        for _ in 0..20 {
            world.login_from(peer(1), "alice", "wrong").await;
            world.login_from(peer(1), "nobody", "wrong").await;
        }
        assert_eq!(world.login_from(peer(1), "bob", PASSWORD).await.status, 200);
    })
    .await;
}

/// The limit of attempts a minute counts by the login as typed. Strangers must not lock the owner out by it either.
#[tokio::test]
async fn strangers_do_not_use_up_the_attempts_a_minute_of_known_clients() {
    for world in [World::in_memory(defaults), World::on_sqlite("sqlite::memory:").await] {
        world.join("alice", &[]).await;
        assert_eq!(world.login_from(peer(1), "alice", PASSWORD).await.status, 200);
        for _ in 0..20 {
            world.login("alice", "wrong").await;
        }
        assert_eq!(world.login("alice", PASSWORD).await.status, 429);
        assert_eq!(world.login_from(peer(1), "alice", PASSWORD).await.status, 200);
        let mut statuses = Vec::new();
        for _ in 0..15 {
            statuses.push(world.login_from(peer(1), "alice", "wrong").await.status);
        }
        assert_eq!(
            statuses.iter().filter(|status| **status == 401).count(),
            9,
            "known clients are limited by themselves"
        );
    }
}

#[tokio::test]
async fn addresses_of_one_ipv6_subscriber_are_one_client() {
    let world = World::in_memory(few);
    world.join("alice", &[]).await;
    let subscriber = |network: &str| SocketAddr::new(format!("2001:db8:0:{network}").parse().unwrap(), 1);
    assert_eq!(world.login_from(subscriber("1::1"), "alice", PASSWORD).await.status, 200);
    for _ in 0..5 {
        world.login_from(subscriber("2::1"), "alice", "wrong").await;
    }
    assert_eq!(world.login_from(subscriber("1::ffff:2"), "alice", PASSWORD).await.status, 200);
    assert_eq!(world.login_from(subscriber("3::1"), "alice", PASSWORD).await.status, 429);
}

#[tokio::test]
async fn a_cool_down_ends_by_itself_and_by_an_administrator() {
    every_unlimited_store(few, async |world| {
        let alice = world.join("alice", &[]).await;
        let lock = async || {
            for _ in 0..3 {
                assert_eq!(world.login("alice", "wrong").await.status, 401);
            }
            assert_eq!(world.login("alice", PASSWORD).await.status, 429);
        };
        lock().await;
        world.clock.advance(Duration::from_secs(599));
        assert_eq!(world.login("alice", PASSWORD).await.header("retry-after"), "1");
        world.clock.advance(Duration::from_secs(1));
        lock().await;
        world.administration().unlock("somebody else").await.unwrap();
        assert_eq!(world.login("alice", PASSWORD).await.status, 429);
        world.administration().unlock(&alice.id).await.unwrap();
        assert_eq!(world.login("alice", PASSWORD).await.status, 200);
        lock().await;
    })
    .await;
}

#[tokio::test]
async fn a_sign_in_forgives_and_a_deactivated_account_does_not() {
    every_unlimited_store(few, async |world| {
        let alice = world.join("alice", &[]).await;
        for _ in 0..5 {
            assert_eq!(world.login("alice", "wrong").await.status, 401);
            assert_eq!(world.login("alice", "wrong").await.status, 401);
            assert_eq!(world.login("alice", PASSWORD).await.status, 200);
        }
        world.set_active(&alice.id, false).await;
        for _ in 0..3 {
            assert_eq!(world.login("alice", PASSWORD).await.status, 401);
        }
        assert_eq!(world.login("alice", PASSWORD).await.status, 429, "as if the password were wrong");
    })
    .await;
}

#[tokio::test]
async fn counted_attempts_are_removed_after_their_time() {
    every_unlimited_store(few, async |world| {
        world.join("alice", &[]).await;
        for name in ["alice", "nobody", "nobody else"] {
            world.login(name, "wrong").await;
        }
        world.login("alice", PASSWORD).await;
        world.clock.advance(DAY);
        let now = world.auth.clock().unix();
        let removed = world.accounts.attempts().remove_expired_attempts(now, 10).await.unwrap();
        assert_eq!(removed, 2, "the counters of names that never signed in");
        let later = now.plus_seconds(90 * 24 * 60 * 60);
        assert_eq!(world.accounts.attempts().remove_expired_attempts(later, 10).await.unwrap(), 1, "the known client");
    })
    .await;
}
