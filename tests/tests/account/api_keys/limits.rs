use std::time::Duration;

use auth_runtime::{
    clock::Clock,
    error::StoreError,
    limit::{Answer, Charge, LimitStore},
};
use serde_json::json;

use super::{
    super::world::{World, defaults, events, every_store},
    holder::Holder,
    program::Service,
};

#[tokio::test]
async fn a_limited_key_is_429_and_not_401() {
    every_store(async |world| {
        let alice = Holder::join(&world, "alice", &[]).await;
        let body = json!({ "name": "x", "scopes": [], "limit": { "count": 2, "per_seconds": 60 } });
        let limited = alice.create(&body).await.text("key");
        let twin = alice.create(&body).await.text("key");
        let service = Service::of(&world);
        // The limit belongs to the key and holds across all handlers.
        assert_eq!([service.status("/", &limited).await, service.status("/programs", &limited).await], [200, 200]);
        for said in [service.x_api_key("/", &limited).await, service.bearer("/whoever", &limited).await] {
            assert_eq!((said.status, said.code().as_str()), (429, "quota-exceeded"));
            assert_eq!((said.header("retry-after"), said.header("www-authenticate")), ("30", ""));
            assert_eq!(said.header("ratelimit"), r#""api-key";r=0;t=30"#);
        }
        assert_eq!(service.status("/", &twin).await, 200, "each key has a limit of its own");
        world.clock.advance(Duration::from_secs(30));
        assert_eq!([service.status("/", &limited).await, service.status("/", &limited).await], [200, 429]);
    })
    .await;
}

#[tokio::test]
async fn a_limited_key_is_told_its_limit_before_it_is_reached() {
    let world = World::in_memory(defaults);
    let alice = Holder::join(&world, "alice", &[]).await;
    let body = json!({ "name": "x", "scopes": [], "limit": { "count": 4, "per_seconds": 60 } });
    let limited = alice.create(&body).await.text("key");
    let (unlimited, _) = alice.key(&[]).await;
    let service = Service::of(&world);
    // The key's limit is reported beside the handler's limits, whether or not the request is within them.
    for (status, remaining, retry) in [
        (200, r#""api-key";r=3;t=15, "api_key";r=1;t=30"#, ""),
        (200, r#""api-key";r=2;t=15, "api_key";r=0;t=30"#, ""),
        (429, r#""api-key";r=1;t=15, "api_key";r=0;t=30"#, "30"),
    ] {
        let said = service.x_api_key("/by-key", &limited).await;
        assert_eq!((said.status, said.header("ratelimit"), said.header("retry-after")), (status, remaining, retry));
        assert_eq!(said.header("ratelimit-policy"), r#""api-key";q=4;w=60, "api_key";q=2;w=60"#);
    }
    // A handler for keys that has no limits of its own.
    let said = service.bearer("/programs", &limited).await;
    assert_eq!((said.status, said.header("ratelimit")), (200, r#""api-key";r=0;t=15"#));
    assert_eq!(said.header("ratelimit-policy"), r#""api-key";q=4;w=60"#);
    // A key without a limit gets no header about one.
    assert_eq!(service.x_api_key("/programs", &unlimited).await.header("ratelimit"), "");
    assert_eq!(service.x_api_key("/by-key", &unlimited).await.header("ratelimit"), r#""api_key";r=1;t=30"#);
    assert_eq!(service.bearer("/by-user", &alice.token).await.header("ratelimit"), r#""user";r=2;t=20"#);
}

#[tokio::test]
async fn handlers_count_by_key_or_by_person() {
    let world = World::in_memory(defaults);
    let alice = Holder::join(&world, "alice", &[]).await;
    let (one, _) = alice.key(&[]).await;
    let (two, _) = alice.key(&[]).await;
    let service = Service::of(&world);
    for key in [&one, &two] {
        let mut statuses = Vec::new();
        for _ in 0..3 {
            statuses.push(service.status("/by-key", key).await);
        }
        assert_eq!(statuses, [200, 200, 429]);
    }
    assert_eq!([service.status("/by-user", &one).await, service.status("/by-user", &two).await], [200, 200]);
    let by_token = [service.bearer("/by-user", &alice.token).await, service.bearer("/by-user", &alice.token).await];
    assert_eq!(by_token.map(|said| said.status), [200, 429], "keys do not raise a user's limit");
}

/// A store of counters that always fails.
struct Broken;

impl LimitStore for Broken {
    fn charge<'a>(&'a self, _: &'a mut [Charge<'_>], _: &'a dyn Clock) -> Answer<'a> {
        Answer::Ready(Err(StoreError::new("counters", "canary: no connection to 10.1.2.3")))
    }
}

#[tokio::test]
async fn without_the_store_of_counters_this_process_counts() {
    let world = World::in_memory(|builder| defaults(builder).limit_store(Broken));
    let alice = Holder::join(&world, "alice", &[]).await;
    let body = json!({ "name": "x", "scopes": [], "limit": { "count": 2, "per_seconds": 60 } });
    let key = alice.create(&body).await.text("key");
    let service = Service::of(&world);
    assert_eq!([service.status("/", &key).await, service.status("/", &key).await], [200, 200]);
    let said = service.x_api_key("/", &key).await;
    assert_eq!(said.status, 429);
    assert!(!said.body.contains("canary"));
    assert!(events().contains("no connection to 10.1.2.3"), "the operator is not told");
}
