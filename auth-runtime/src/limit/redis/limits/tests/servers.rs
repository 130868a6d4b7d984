//! Servers that the counters cannot use, and how the failure says so.

use super::{stand_in::answers_always, *};

async fn refusal(server: &Server, url: &str, options: &[&str]) -> RedisLimitsError {
    for option in options {
        server.ask::<redis::Value>(option).await;
    }
    RedisLimits::new(url, "tests").unwrap().check().await.unwrap_err()
}

#[tokio::test]
async fn a_wrong_password_is_told_and_not_printed() {
    let Some(server) = Server::start(&["--requirepass", "right"]) else { return };
    let at = |login: &str| format!("redis://{login}127.0.0.1:{}", server.port());
    RedisLimits::new(&at(":right@"), "tests").unwrap().check().await.unwrap();
    for login in ["", ":hunter2@", "user:hunter2@"] {
        let limits = RedisLimits::new(&at(login), "tests").unwrap();
        let failure = limits.check().await.unwrap_err();
        assert_eq!(failure, RedisLimitsError::WrongPassword, "{login}");
        assert!(!format!("{failure} {failure:?} {limits:?}").contains("hunter2"));
    }
}

#[tokio::test]
async fn a_user_needs_few_permissions() {
    let Some(server) = Server::start(&[]) else { return };
    let url = format!("redis://app:secret@127.0.0.1:{}", server.port());
    let rules = "ACL SETUSER app on >secret ~tests:* +evalsha +script|load +time +get +set";
    server.ask::<redis::Value>(rules).await;
    let limits = RedisLimits::new(&url, "tests").unwrap();
    limits.check().await.unwrap();
    assert_eq!(left(ask(&limits.with_timeout(PATIENCE), &[&TEN]).await.unwrap()[0]), (true, 9));
    let failure = refusal(&server, &url, &["ACL SETUSER app -set"]).await;
    assert!(matches!(&failure, RedisLimitsError::NotPermitted(_) | RedisLimitsError::Refused(_)), "{failure:?}");
    let failure = refusal(&server, &url, &["ACL SETUSER app +set resetkeys ~other:*"]).await;
    assert!(matches!(&failure, RedisLimitsError::NotPermitted(_) | RedisLimitsError::Refused(_)), "{failure:?}");
}

#[tokio::test]
async fn a_replica_a_full_server_and_a_counter_of_another_kind_are_failures() {
    let Some(server) = Server::start(&[]) else { return };
    let url = server.url();
    let limits = limits(&server);
    limits.check().await.unwrap();
    server.ask::<String>("CONFIG SET maxmemory 1").await;
    assert_eq!(ask(&limits, &[&TEN]).await.unwrap_err(), RedisLimitsError::Full);
    server.ask::<String>("CONFIG SET maxmemory 0").await;
    assert_eq!(left(ask(&limits, &[&TEN]).await.unwrap()[0]), (true, 9));

    let key = server.ask::<Vec<String>>("KEYS tests:*").await.into_iter().find(|key| !key.ends_with("check")).unwrap();
    for garbage in ["SET K words", "SET K 5", "DEL K", "LPUSH K 1"] {
        let changed: redis::Value = server.ask(&garbage.replace('K', &key)).await;
        drop(changed);
        let answer = ask(&limits, &[&TEN]).await;
        match garbage {
            "DEL K" => assert_eq!(left(answer.unwrap()[0]), (true, 9)),
            _ => assert!(matches!(answer.unwrap_err(), RedisLimitsError::Refused(_)), "{garbage}"),
        }
        server.ask::<redis::Value>(&format!("DEL {key}")).await;
    }

    server.ask::<String>("REPLICAOF 127.0.0.1 1").await;
    assert_eq!(ask(&limits, &[&TEN]).await.unwrap_err(), RedisLimitsError::NoPrimary);
    assert_eq!(refusal(&server, &url, &[]).await, RedisLimitsError::NoPrimary);
    server.ask::<String>("REPLICAOF NO ONE").await;
    limits.check().await.unwrap();
}

#[tokio::test]
async fn an_old_server_and_garbage_are_refused_in_words() {
    let unknown = "-ERR unknown command `AUTH`, with args beginning with: `hunter2`, \r\n";
    let old =
        "*6\r\n$6\r\nserver\r\n$5\r\nredis\r\n$7\r\nversion\r\n$6\r\n5.0.14\r\n$4\r\nmode\r\n$10\r\nstandalone\r\n";
    for (answer, login, words) in [
        (old, "", "Redis 5.0.14 is too old; version 6.0 is the oldest that works"),
        ("-ERR unknown command `HELLO`, with args beginning with: \r\n", "", "this Redis is too old; version 6.0"),
        (unknown, ":hunter2@", "Redis refused the user or the password"),
        ("HTTP/1.1 400 Bad Request\r\n\r\n", "", "Redis cannot be reached"),
        (":7\r\n", "", "this Redis is too old"),
    ] {
        let address = answers_always(answer).await;
        let limits = RedisLimits::new(&format!("redis://{login}{address}"), "tests").unwrap();
        let failure = limits.check().await.unwrap_err().to_string();
        assert!(failure.starts_with(words) && !failure.contains("hunter2"), "{answer}: {failure}");
    }
}
