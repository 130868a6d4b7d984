use crate::{
    clock::UnixTime,
    store::{
        ClientLabel, EndReason, Ended, Ending, Fingerprint, FirstCredential, FoundToken, Revocation, RevokedTarget,
        Rotated, Rotation, SessionKind, SessionRecord, SessionStore,
    },
    token::TokenHash,
};

/// How long a used token gets the same successor again, in seconds.
pub(in crate::store) const GRACE: u32 = 20;

/// When the revocations of these sessions can be forgotten.
pub(in crate::store) const REMEMBERED: UnixTime = at(9_000);

/// The generation in which sessions start here.
pub(in crate::store) const GENERATION: u32 = 7;

pub(in crate::store) const fn at(seconds: i64) -> UnixTime {
    UnixTime::from_seconds(seconds)
}

/// Returns a session of "user" through "client". It lives from 1000 to 2000, and to 5000 if it is used. Only `ended`
/// has the value that [`SessionRecord::new`] gives, so that a store cannot lose another field unnoticed.
pub(in crate::store) fn session(id: &str) -> SessionRecord {
    SessionRecord {
        id: id.to_owned(),
        user_id: "user".to_owned(),
        client_id: "client".to_owned(),
        scope: "notes:read notes:write".to_owned(),
        kind: SessionKind::Bearer,
        client: label("first"),
        created_at: at(1_000),
        last_used_at: at(1_001),
        auth_time: at(900),
        amr: "pwd otp".to_owned(),
        idle_expires_at: at(2_000),
        absolute_expires_at: at(5_000),
        generation: GENERATION,
        ended: None,
    }
}

pub(in crate::store) fn label(word: &str) -> ClientLabel {
    ClientLabel {
        user_agent: format!("{word} agent"),
        address: format!("{word} address"),
        device: format!("{word} device"),
    }
}

/// Returns the refresh token of this number.
pub(in crate::store) const fn token(number: u8) -> FirstCredential {
    FirstCredential::RefreshToken { hash: hash(number) }
}

/// Returns the cookie of this number.
pub(in crate::store) const fn cookie(number: u8) -> FirstCredential {
    FirstCredential::Cookie { hash: hash(number) }
}

pub(in crate::store) const fn hash(number: u8) -> TokenHash {
    TokenHash::from_bytes([number; 32])
}

/// Returns the hash that differs from this one in the last bit.
pub(in crate::store) fn nearly(hash: TokenHash) -> TokenHash {
    let mut bytes = *hash.as_bytes();
    bytes[31] ^= 1;
    TokenHash::from_bytes(bytes)
}

pub(in crate::store) const fn fingerprint(number: u8) -> Fingerprint {
    Fingerprint::from_bytes([number; 32])
}

/// Starts session "s", continued by refresh token 1, and session "bystander", continued by token 255. No test may
/// change the bystander.
pub(in crate::store) async fn begin(store: &impl SessionStore) {
    store.begin(session("s"), token(1)).await.unwrap();
    store.begin(session("bystander"), token(255)).await.unwrap();
}

/// Asserts that the bystander is unchanged.
pub(in crate::store) async fn assert_untouched(store: &impl SessionStore) {
    assert!(found(store, "bystander").await == session("bystander"), "another session was changed");
    let rotated = present(255, 254, 1_500).to(store).await;
    assert!(matches!(rotated, Rotated::Won(_)), "the token of another session is good: {rotated:?}");
}

pub(in crate::store) async fn found(store: &impl SessionStore, id: &str) -> SessionRecord {
    store.find_session(id).await.unwrap().unwrap()
}

/// An owned copy of [`Rotation`].
#[derive(Clone)]
pub(in crate::store) struct Presented {
    pub(in crate::store) hash: TokenHash,
    pub(in crate::store) client_id: String,
    pub(in crate::store) fingerprint: Fingerprint,
    pub(in crate::store) must_match_fingerprint: bool,
    pub(in crate::store) successor: TokenHash,
    pub(in crate::store) sealed: Vec<u8>,
    pub(in crate::store) now: UnixTime,
    pub(in crate::store) grace_seconds: u32,
    pub(in crate::store) idle_expires_at: UnixTime,
}

/// Presents the token of this number, as the client that received it. The new token would be `successor`.
pub(in crate::store) fn present(number: u8, successor: u8, now: i64) -> Presented {
    Presented {
        hash: hash(number),
        client_id: "client".to_owned(),
        fingerprint: fingerprint(77),
        must_match_fingerprint: true,
        successor: hash(successor),
        sealed: format!("sealed {successor}").into_bytes(),
        now: at(now),
        grace_seconds: GRACE,
        idle_expires_at: at(now.saturating_add(1_000)),
    }
}

impl Presented {
    pub(in crate::store) async fn to(&self, store: &impl SessionStore) -> Rotated {
        self.try_to(store).await.unwrap()
    }

    pub(in crate::store) async fn try_to(
        &self,
        store: &impl SessionStore,
    ) -> Result<Rotated, crate::error::StoreError> {
        let client = label("second");
        let rotation = Rotation {
            hash: &self.hash,
            client_id: &self.client_id,
            fingerprint: &self.fingerprint,
            must_match_fingerprint: self.must_match_fingerprint,
            successor: &self.successor,
            sealed: &self.sealed,
            client: &client,
            now: self.now,
            grace_seconds: self.grace_seconds,
            idle_expires_at: self.idle_expires_at,
            remember_until: REMEMBERED,
        };
        store.rotate(rotation).await
    }
}

/// Looks up the refresh token of this number.
pub(in crate::store) async fn found_token(store: &impl SessionStore, number: u8) -> Option<FoundToken> {
    store.find_by_token(&hash(number)).await.unwrap()
}

/// Returns an unused token of this session, as the store finds it.
pub(in crate::store) fn unused(session: &SessionRecord) -> Option<FoundToken> {
    Some(FoundToken { session: session.clone(), is_used: false })
}

/// Returns a used token of this session, as the store finds it.
pub(in crate::store) fn used(session: &SessionRecord) -> Option<FoundToken> {
    Some(FoundToken { session: session.clone(), is_used: true })
}

/// Returns the session as it is after [`present`] used it.
pub(in crate::store) fn continued(session: SessionRecord, now: i64) -> SessionRecord {
    let client = ClientLabel { device: session.client.device, ..label("second") };
    SessionRecord { client, last_used_at: at(now), idle_expires_at: at(now + 1_000), ..session }
}

pub(in crate::store) fn ended(session: SessionRecord, now: i64, reason: EndReason) -> SessionRecord {
    SessionRecord { ended: Some(Ended { at: at(now), reason }), ..session }
}

pub(in crate::store) fn ending(now: i64, reason: EndReason) -> Ending {
    Ending { reason, now: at(now), remember_until: REMEMBERED }
}

/// Returns the sessions that are revoked as a whole, in the order of their positions. Panics at any other revocation.
pub(in crate::store) async fn revoked(store: &impl SessionStore) -> Vec<String> {
    store.revocations(0).await.unwrap().into_iter().map(revoked_session).collect()
}

fn revoked_session(revocation: Revocation) -> String {
    assert!(revocation.before_generation.is_none(), "all of its access tokens are refused");
    assert_eq!(revocation.remember_until, REMEMBERED);
    match revocation.target {
        RevokedTarget::Session(id) => id,
        RevokedTarget::Token(id) => panic!("token {id:?} was revoked"),
    }
}
