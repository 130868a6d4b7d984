//! Tests formats of the application's own.

use std::sync::Arc;

use super::{secret, weak};
use crate::{
    password::{
        Ceilings, Cost, PasswordError, PasswordVerifier, Passwords, PasswordsBuilder, StoredHashError, Verified,
        VerifierUnavailable,
    },
    secret::SystemEntropy,
};

/// A verifier that recognises texts by their prefix and uses the reversed password as the tag. It panics when a text
/// asks for it.
struct Backwards(&'static str);

impl PasswordVerifier for Backwards {
    fn recognises(&self, stored: &str, ceilings: &Ceilings) -> Result<bool, StoredHashError> {
        match stored.strip_prefix(self.0) {
            None => Ok(false),
            Some("panic at reading") => panic!("on purpose"),
            Some("costly") if ceilings.bcrypt_cost < 20 => Err(StoredHashError::TooCostly),
            Some(_) => Ok(true),
        }
    }

    fn matches(&self, stored: &str, password: &str) -> Result<bool, VerifierUnavailable> {
        let tag = stored.strip_prefix(self.0).unwrap();
        assert_ne!(tag, "panic at work", "on purpose");
        if tag == "outage" {
            return Err(VerifierUnavailable::new("the key service does not answer"));
        }
        Ok(password.chars().rev().eq(tag.chars()))
    }
}

fn builder() -> PasswordsBuilder {
    let builder = Passwords::builder(Arc::new(SystemEntropy::new())).cost(Cost::weak_for_testing());
    builder.workers(core::num::NonZeroU16::MIN).queue(0)
}

fn with(prefix: &'static str) -> Passwords {
    builder().verifier(Arc::new(Backwards(prefix))).build()
}

#[tokio::test]
async fn a_format_of_ones_own_matches_and_is_replaced() {
    let passwords = with("own:");
    assert_eq!(passwords.verify(&secret("abc"), "own:cba").await.unwrap(), Verified::Match { upgrade: true });
    assert_eq!(passwords.verify(&secret("abd"), "own:cba").await.unwrap(), Verified::Mismatch);
    // The verifier receives the password as it was received.
    assert_eq!(passwords.verify(&secret("e\u{301}"), "own:\u{e9}").await.unwrap(), Verified::Mismatch);
    let unknown = weak().verify(&secret("abc"), "own:cba").await;
    assert!(matches!(unknown, Err(PasswordError::Unreadable(_))));
}

#[tokio::test]
async fn other_formats_are_unaffected_unless_it_recognises_them() {
    let django = "pbkdf2_sha256$1000$seasalt$DrdiWD40lyBuydnjvZiDrdQMx1S1mOA9O0QYex0R6ww=";
    let password = secret("correct horse battery");
    assert!(matches!(with("own:").verify(&password, django).await.unwrap(), Verified::Match { .. }));
    assert_eq!(with("pbkdf2_sha256$").verify(&password, django).await.unwrap(), Verified::Mismatch);
}

/// A verifier that recognises everything gets neither accounts without a password nor this crate's own hashes.
#[tokio::test]
async fn it_is_not_asked_for_the_marker_nor_for_hashes_of_this_crate() {
    let passwords = with("");
    assert_eq!(passwords.verify(&secret("dlrow!"), "!world").await.unwrap(), Verified::Mismatch);
    assert_eq!(passwords.verify(&secret("!"), "!").await.unwrap(), Verified::Mismatch);
    let own = passwords.hash(&secret("password")).await.unwrap();
    assert_eq!(passwords.verify(&secret("password"), &own).await.unwrap(), Verified::Match { upgrade: false });
}

#[tokio::test]
async fn its_own_ceilings_hold_and_so_does_the_length() {
    let costly = with("own:").verify(&secret("abc"), "own:costly").await;
    assert!(matches!(costly, Err(PasswordError::Unreadable(StoredHashError::TooCostly))));
    let ceilings = Ceilings { bcrypt_cost: 20, ..Ceilings::default() };
    let raised = builder().ceilings(ceilings).verifier(Arc::new(Backwards("own:"))).build();
    assert_eq!(raised.verify(&secret("yltsoc"), "own:costly").await.unwrap(), Verified::Match { upgrade: true });
    let long = format!("own:{}", "x".repeat(1024));
    let refused = with("own:").verify(&secret("abc"), &long).await;
    assert!(matches!(refused, Err(PasswordError::Unreadable(StoredHashError::Malformed))));
}

/// A verifier of the application takes the same permits as every other hash: one for a comparison, zero for a refusal.
#[tokio::test]
async fn it_runs_on_a_worker_of_the_pool() {
    let passwords = with("own:");
    let _refused = passwords.verify(&secret("abc"), "own:costly").await;
    assert_eq!(passwords.jobs(), 0);
    let _matched = passwords.verify(&secret("abc"), "own:cba").await;
    assert_eq!(passwords.jobs(), 1);
    // The only place is taken.
    let _place = passwords.reserve().unwrap();
    let busy = passwords.verify(&secret("abc"), "own:cba").await;
    assert!(matches!(busy, Err(PasswordError::Busy { .. })), "{busy:?}");
}

#[tokio::test]
async fn its_outage_is_no_wrong_password() {
    let passwords = with("own:");
    // The matching password, and another one.
    for password in ["egatuo", "another"] {
        let error = passwords.verify(&secret(password), "own:outage").await.unwrap_err();
        assert!(matches!(error, PasswordError::Verifier(_)), "{error:?}");
        let cause = core::error::Error::source(&error).and_then(core::error::Error::source);
        assert!(cause.is_some_and(|cause| cause.to_string() == "the key service does not answer"), "{error:?}");
    }
    assert_eq!(passwords.verify(&secret("abc"), "own:cba").await.unwrap(), Verified::Match { upgrade: true });
}

#[tokio::test]
async fn its_panic_verifies_no_password_and_keeps_the_worker() {
    let passwords = with("own:");
    for stored in ["own:panic at work", "own:panic at reading"] {
        for _ in 0..3 {
            // The password that would match.
            let tag: String = stored.trim_start_matches("own:").chars().rev().collect();
            let panicked = passwords.verify(&secret(&tag), stored).await;
            let expected = PasswordError::Unreadable(StoredHashError::VerifierPanicked);
            assert_eq!(format!("{:?}", panicked.unwrap_err()), format!("{expected:?}"));
        }
    }
    // The only worker is free again.
    assert_eq!(passwords.verify(&secret("abc"), "own:cba").await.unwrap(), Verified::Match { upgrade: true });
}
