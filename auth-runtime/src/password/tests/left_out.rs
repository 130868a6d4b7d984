//! Tests a build without the feature `foreign-hashes`: it names the feature, and takes no password.

use super::{
    secret,
    vectors::{MADE, Vector},
    weak,
};
use crate::password::{PasswordError, StoredHashError, Verified};

/// The forms in the vectors that every build can verify.
const EVERYWHERE: [&str; 4] = ["argon2", "aspnet", "ldap", "pbkdf2"];

fn needs_the_feature(vector: &Vector) -> bool {
    !EVERYWHERE.iter().any(|function| vector.form.contains(function))
}

#[tokio::test]
async fn a_hash_that_needs_the_feature_is_refused_by_its_name_and_no_other_is() {
    let (mut refused, mut verified) = (0, 0);
    for vector in MADE.iter() {
        match weak().verify(&secret(&vector.password), &vector.encoded).await {
            Err(PasswordError::Unreadable(StoredHashError::NeedsFeature)) if needs_the_feature(vector) => refused += 1,
            Ok(Verified::Match { .. }) if !needs_the_feature(vector) => verified += 1,
            other => panic!("{}, {}: {other:?}", vector.form, vector.encoded),
        }
        let checked = weak().check_stored(&vector.encoded).err();
        assert_eq!(checked, needs_the_feature(vector).then_some(StoredHashError::NeedsFeature), "{}", vector.form);
    }
    assert!(refused >= 40 && verified >= 20, "{refused} refused, {verified} verified");
}

#[test]
fn the_error_and_its_advice_name_the_feature() {
    let unreadable = StoredHashError::NeedsFeature;
    for text in [unreadable.to_string(), unreadable.advice().to_owned()] {
        assert!(text.contains("feature `foreign-hashes` of `auth-runtime`"), "{text}");
    }
}

#[test]
fn a_damaged_hash_and_one_that_is_never_verified_keep_their_reasons() {
    for (stored, reason) in [
        ("$2b$04$short", StoredHashError::Malformed),
        ("$2b$31$uJPulY9QPNPK8MRB/cDD3OS4it4/r5YZQUPtPNaRojtCeSIOvtCXy", StoredHashError::TooCostly),
        ("5f4dcc3b5aa765d61d8327deb882cf99", StoredHashError::Md5),
    ] {
        assert_eq!(weak().check_stored(stored), Err(reason), "{stored}");
    }
}
