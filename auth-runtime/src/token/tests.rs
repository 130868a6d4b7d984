use super::{IssueError, KeyRing, NewAccessToken, RefreshToken, SigningKey, TokenIssuer};
use crate::{
    clock::UnixTime,
    secret::{EntropyError, doubles::NoEntropy},
};

#[test]
fn without_randomness_nothing_is_minted() {
    let key = SigningKey::from_secret(&"3xQm-8fKz_pW0vNc7RtLhYb2UeAj5GsD".into()).unwrap();
    let keys = KeyRing::builder().sign_with(key).build().unwrap();
    let issuer = TokenIssuer::builder(keys, "https://id.example", "notes").build().unwrap();
    let issued = issuer.issue(&NewAccessToken::new("alice", "web"), UnixTime::from_seconds(0), &NoEntropy);
    assert_eq!(issued.err(), Some(IssueError::Entropy(EntropyError)));
    assert_eq!(RefreshToken::mint(&NoEntropy).err(), Some(EntropyError));
}
