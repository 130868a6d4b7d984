use crate::{
    clock::UnixTime,
    store::{Claim, RefreshRecord, RefreshStore},
};

/// A token of session "s" that lives from 1000 to 2000; its hash tells tokens apart.
pub(super) fn token(number: u8) -> RefreshRecord {
    RefreshRecord {
        hash: [number; 32],
        session_id: "s".to_owned(),
        user_id: "user".to_owned(),
        client_id: "client".to_owned(),
        scope: "notes:read notes:write".to_owned(),
        issued_at: at(1_000),
        expires_at: at(2_000),
        auth_time: at(900),
    }
}

pub(super) fn at(seconds: i64) -> UnixTime {
    UnixTime::from_seconds(seconds)
}

pub(super) async fn claim(store: &impl RefreshStore, token: &RefreshRecord, now: i64) -> Claim {
    store.claim(&token.hash, at(now)).await.unwrap()
}
