use auth_runtime::token::{ApiKeyFormat, KeyEnvironment};
use serde_json::json;

use super::{
    super::world::{events, every_store},
    holder::Holder,
    program::Service,
};

#[tokio::test]
async fn no_event_and_no_later_answer_has_a_key_or_its_hash() {
    every_store(async |world| {
        let alice = Holder::join(&world, "alice", &["notes:read"]).await;
        let (first, id) = alice.key(&["notes:read"]).await;
        let rotated = alice.rotate(&id, &json!({})).await;
        let (second, next) = (rotated.text("key"), rotated.text("id"));
        let service = Service::of(&world);
        let mut bodies = Vec::new();
        for key in [&first, &second] {
            bodies.push(service.bearer("/read", key).await.body);
            bodies.push(service.x_api_key("/write", key).await.body);
            bodies.push(service.x_api_key("/", &key[..key.len() - 1]).await.body);
            bodies.push(service.get(&format!("/?api_key={key}"), &[]).await.body);
        }
        alice.revoke(&next).await;
        bodies.push(service.bearer("/", &second).await.body);
        bodies.push(json!(alice.list().await).to_string());

        let events = events();
        for (outcome, id) in [("api_key_created", &id), ("api_key_rotated", &next), ("api_key_revoked", &next)] {
            let told = events.lines().any(|line| line.contains(outcome) && line.contains(id.as_str()));
            assert!(told, "no event says {outcome}");
        }
        let refused = events.lines().any(|line| line.contains("api_key_revoked") && line.contains("refused"));
        assert!(refused, "no event says that a revoked key was refused");
        let format = ApiKeyFormat::new("ak", KeyEnvironment::Test).unwrap();
        for key in [&first, &second] {
            let hash = *format.parse(key).unwrap().hash().as_bytes();
            let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
            // The part of the key after the characters that lists show.
            for secret in [&key[12..], hex.as_str(), &format!("{hash:?}")] {
                assert!(!events.contains(secret), "{secret} is in the events");
                assert!(!bodies.iter().any(|body| body.contains(secret)), "{secret} is in {bodies:?}");
            }
        }
    })
    .await;
}
