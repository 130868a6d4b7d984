//! Tests which hashes are refused before any work, and with which error.

use core::time::Duration;
use std::{sync::Arc, time::Instant};

use base64::{Engine as _, engine::general_purpose::STANDARD as PADDED};

use super::{secret, vectors::of_form, weak};
use crate::{
    password::{Ceilings, PasswordError, Passwords, StoredHashError, stored::Stored},
    secret::SystemEntropy,
};

fn refusal(stored: &str) -> Option<StoredHashError> {
    Stored::read(stored, &Ceilings::default(), &[]).err()
}

/// Reads the hash without a runtime, where no permit can be taken. So a refusal shows that the reader took no permit.
fn refused_at_once(stored: &str) -> StoredHashError {
    use core::{
        pin::pin,
        task::{Context, Poll, Waker},
    };
    let (passwords, password, began) = (weak(), secret("password"), Instant::now());
    let polled = pin!(passwords.verify(&password, stored)).poll(&mut Context::from_waker(Waker::noop()));
    assert!(began.elapsed() < Duration::from_millis(100), "{stored}");
    match polled {
        Poll::Ready(Err(PasswordError::Unreadable(unreadable))) => unreadable,
        other => panic!("{stored}: {other:?}"),
    }
}

const SALT: &str = "c29tZXNhbHRzb21lc2FsdA";
const TAG: &str = "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
const BCRYPT: &str = "uJPulY9QPNPK8MRB/cDD3OS4it4/r5YZQUPtPNaRojtCeSIOvtCXy";

#[test]
fn single_rounds_and_plain_text_are_refused_in_words() {
    use StoredHashError::{Md5, PlainText, Sha1, UnknownScheme};
    let (md5, sha1) = ("5f4dcc3b5aa765d61d8327deb882cf99", "5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8");
    for (stored, expected) in [
        (md5.to_owned(), Md5),
        (md5.to_uppercase(), Md5),
        (format!("{md5}:saltsalt"), Md5),
        (format!("saltsalt:{md5}"), Md5),
        (format!("md5$salt${md5}"), Md5),
        (format!("md5$${md5}"), Md5),
        ("{MD5}X03MO1qnZdYdgyfeuILPmQ==".to_owned(), Md5),
        ("{SMD5}WjP7vMHHVoVdvUEPAC8D5GFiY2Q=".to_owned(), Md5),
        (format!("{{MD5}}{{salt}}{md5}"), Md5),
        ("{MD4}8a9d093f14f8701df17732b2bb182c74".to_owned(), Md5),
        (sha1.to_owned(), Sha1),
        (format!("*{}", sha1.to_uppercase()), Sha1),
        (format!("{sha1}:saltsalt"), Sha1),
        (format!("sha1$salt${sha1}"), Sha1),
        ("{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=".to_owned(), Sha1),
        ("{SSHA}aGVsbG93b3JsZGhlbGxvd29ybGRoZWxsb3dvcmxk".to_owned(), Sha1),
        (format!("{{SHA-1}}{sha1}"), Sha1),
        ("{ldap}{SSHA}aGVsbG93b3JsZGhlbGxvd29ybGRoZWxsb3dvcmxk".to_owned(), Sha1),
        ("password".to_owned(), PlainText),
        ("correct horse battery staple".to_owned(), PlainText),
        ("{noop}password".to_owned(), PlainText),
        ("{CLEARTEXT}password".to_owned(), PlainText),
        ("plain$$password".to_owned(), PlainText),
        ("".to_owned(), UnknownScheme),
        ("   ".to_owned(), UnknownScheme),
        (
            "{sha256}97cde38028ad898ebc02e690819fa220e88c62e0699403e94fff291cfffaf8410849f27605abcbc0".to_owned(),
            UnknownScheme,
        ),
        ("$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/".to_owned(), UnknownScheme),
    ] {
        assert_eq!(refused_at_once(&stored), expected, "{stored}");
    }
    for unreadable in [Md5, Sha1, PlainText] {
        assert!(unreadable.advice().contains("`Administration::require_reset`"), "{unreadable}");
    }
}

#[test]
fn bombs_are_refused_before_any_work() {
    use StoredHashError::TooCostly;
    for stored in [
        format!("$2b$31${BCRYPT}"),
        format!("$2b$13${BCRYPT}"),
        format!("{{bcrypt}}$2a$31${BCRYPT}"),
        format!("$wp$2y$31${BCRYPT}"),
        format!("$bcrypt-sha256$v=2,t=2b,r=31${}${}", &BCRYPT[..22], &BCRYPT[22..]),
        // One gigabyte of scrypt, in each spelling.
        format!("$scrypt$ln=20,r=8,p=1${SALT}${TAG}"),
        format!("scrypt$1048576$salt$8$1${TAG}="),
        // Little memory, and blocks that are too long.
        format!("$scrypt$ln=1,r=65,p=1${SALT}${TAG}"),
        format!("scrypt:2:65:1$salt${}", "ab".repeat(64)),
        format!("{{scrypt}}$14101${SALT}==${TAG}="),
        format!("scrypt:1048576:8:1$salt${}", "ab".repeat(64)),
        format!("{{scrypt}}$140801${SALT}==${TAG}="),
        format!("{{scrypt}}$ffffff${SALT}==${TAG}="),
        // 2^63 iterations, and the highest number that a field takes.
        format!("$pbkdf2-sha256$9223372036854775808${SALT}${TAG}"),
        format!("pbkdf2_sha256$9223372036854775808$salt${TAG}="),
        format!("pbkdf2:sha256:9223372036854775808$salt${}", "ab".repeat(32)),
        format!("pbkdf2:sha512:350001$salt${}", "ab".repeat(64)),
        format!("$5$rounds=9223372036854775808$salt${}", ".".repeat(43)),
        format!("$6$rounds=999999999$salt${}", ".".repeat(86)),
        format!("$6$rounds=656251$salt${}", ".".repeat(86)),
        format!("$P$S12345678{}", ".".repeat(22)),
        format!("$argon2id$v=19$m=131073,t=1,p=1${SALT}${TAG}"),
        format!("{{argon2}}$argon2id$v=19$m=1048576,t=1,p=1${SALT}${TAG}"),
    ] {
        assert_eq!(refused_at_once(&stored), TooCostly, "{stored}");
    }
    // ASP.NET's four bytes of iterations, all set.
    let aspnet = of_form("aspnet v3").next().unwrap().encoded.replacen("AQAAAAEAACcQ", "AQAAAAH/////", 1);
    assert_eq!(refused_at_once(&aspnet), TooCostly);
}

/// A tag of 32 bytes is two blocks of SHA-1, and each block takes all iterations.
#[test]
fn aspnets_iterations_count_for_each_block_and_its_salt_has_a_length() {
    let with = |iterations: u32, salt: u8| {
        let settings = [&[1, 0, 0, 0, 0], &iterations.to_be_bytes()[..], &[0, 0, 0, salt]].concat();
        refusal(&PADDED.encode([settings, vec![0; usize::from(salt) + 32]].concat()))
    };
    assert_eq!(with(750_000, 16), None);
    assert_eq!(with(750_001, 16), Some(StoredHashError::TooCostly));
    assert_eq!(with(1_000, 64), None);
    for salt in [0, 15, 65] {
        assert_eq!(with(1_000, salt), Some(StoredHashError::Malformed), "{salt}");
    }
}

#[test]
fn hashes_with_oversized_parts_are_malformed() {
    let megabyte = "A".repeat(1 << 20);
    for stored in [
        format!("$argon2id$v=19$m=256,t=1,p=1${megabyte}${TAG}"),
        format!("pbkdf2_sha256$1000${megabyte}${TAG}="),
        format!("scrypt:32768:8:1${megabyte}${}", "ab".repeat(64)),
        format!("{{SSHA512}}{megabyte}"),
        megabyte.clone(),
        // A form around another form.
        format!("{{bcrypt}}{{scrypt}}$e0801${SALT}==${TAG}="),
        format!("{{bcrypt}}$argon2id$v=19$m=256,t=1,p=1${SALT}${TAG}"),
        format!("{{argon2}}$2b$04${BCRYPT}"),
        format!("{{scrypt}}$scrypt$ln=4,r=8,p=1${SALT}${TAG}"),
        format!("{{pbkdf2}}pbkdf2_sha256$1000$salt${TAG}="),
        format!("bcrypt_sha256$$argon2id$v=19$m=256,t=1,p=1${SALT}${TAG}"),
        format!("bcrypt$bcrypt$$2b$04${BCRYPT}"),
        format!("$wp$wp$2y$04${BCRYPT}"),
        format!("$wp$P$B12345678{}", ".".repeat(22)),
        format!("$P$$P$B12345678{}", ".".repeat(22)),
        format!("$bcrypt-sha256$$2b$04${BCRYPT}"),
        // Forms with an empty tag or salt.
        "{bcrypt}".to_owned(),
        "{argon2}".to_owned(),
        "{pbkdf2}".to_owned(),
        "{SSHA512}".to_owned(),
        "$wp$".to_owned(),
        "$P$".to_owned(),
        "$6$".to_owned(),
        "$6$salt$".to_owned(),
        "$6$rounds=5000$salt$".to_owned(),
        "scrypt:32768:8:1$salt$".to_owned(),
        format!("scrypt:32768:8:1$${}", "ab".repeat(64)),
        "$bcrypt-sha256$v=2,t=2b,r=4$$".to_owned(),
        format!("{{scrypt}}$e0801${SALT}==$"),
    ] {
        let shown = &stored[..stored.len().min(80)];
        let shown = shown.to_owned();
        assert_eq!(refused_at_once(&stored), StoredHashError::Malformed, "{shown}");
    }
}

#[test]
fn the_other_systems_forms_are_read_strictly() {
    let hex64 = "ab".repeat(64);
    for stored in [
        // A wrong number of hexadecimal digits, capitals, a number that is not a power of two, a leading zero.
        format!("scrypt:32768:8:1$salt${}", "ab".repeat(7)),
        format!("scrypt:32768:8:1$salt${}", hex64.to_uppercase()),
        format!("scrypt:32767:8:1$salt${hex64}"),
        format!("scrypt:032768:8:1$salt${hex64}"),
        format!("scrypt:32768:8$salt${hex64}"),
        format!("scrypt:32768:8:0$salt${hex64}"),
        format!("pbkdf2:sha256$salt${}", "ab".repeat(32)),
        format!("pbkdf2:sha256:1000$salt${}", "ab".repeat(33)),
        format!("pbkdf2:sha256:0$salt${}", "ab".repeat(32)),
        format!("{{pbkdf2}}{}", "ab".repeat(48)),
        format!("{{pbkdf2@SpringSecurity_v5_8}}{}", "ab".repeat(40)),
        format!("{{scrypt}}$0e0801${SALT}==${TAG}="),
        format!("{{scrypt}}$E0801${SALT}==${TAG}="),
        format!("{{scrypt}}$e0001${SALT}==${TAG}="),
        format!("{}:{}", "ab".repeat(16), "AB".repeat(64)),
        format!("{}:{hex64}", "zz".repeat(16)),
        format!("$5$rounds=999$salt${}", ".".repeat(43)),
        format!("$5$rounds=01000$salt${}", ".".repeat(43)),
        format!("$5$rounds=1000$seventeen.letters${}", ".".repeat(43)),
        format!("$5$salt${}", ".".repeat(44)),
        // The last digit represents four bits of the tag; its other bits must be zero.
        format!("$5$salt${}z", ".".repeat(42)),
        format!("$6$salt${}z", ".".repeat(85)),
        format!("$6$sa-lt${}", ".".repeat(86)),
        format!("$P$512345678{}z", ".".repeat(21)),
        format!("$P$41234567{}", ".".repeat(23)),
        format!("$bcrypt-sha256$v=2,t=2x,r=4${}${}", &BCRYPT[..22], &BCRYPT[22..]),
        format!("$bcrypt-sha256$v=3,t=2b,r=4${}${}", &BCRYPT[..22], &BCRYPT[22..]),
        format!("$bcrypt-sha256$2b,004${}${}", &BCRYPT[..22], &BCRYPT[22..]),
        format!("$wp$2b$04${BCRYPT}"),
    ] {
        assert_eq!(refusal(&stored), Some(StoredHashError::Malformed), "{stored}");
    }
    for stored in [
        format!("pbkdf2:md5:1000$salt${}", "ab".repeat(16)),
        "{BCRYPT}$2b$04$x".to_owned(),
        "{pbkdf2@SpringSecurity_v6}00".to_owned(),
        "{}password".to_owned(),
        "{x".to_owned(),
    ] {
        assert_eq!(refusal(&stored), Some(StoredHashError::UnknownScheme), "{stored}");
    }
}

/// A long password takes more work in each round. So a hash may be too costly for a long password and not for a short
/// one.
#[tokio::test]
async fn sha_crypt_weighs_rounds_by_the_length_of_the_password() {
    let passwords = weak();
    let stored = format!("$6$rounds=656000$salt${}", ".".repeat(86));
    let too_long = StoredHashError::TooCostlyForLongPasswords;
    let refused = passwords.verify(&secret(&"x".repeat(200)), &stored).await;
    assert!(matches!(refused, Err(PasswordError::Unreadable(unreadable)) if unreadable == too_long));
    // An import refuses it, and says which ceiling to raise.
    assert_eq!(passwords.check_stored(&stored), Err(too_long));
    assert!(too_long.to_string().contains("`Ceilings::sha_crypt_bytes`"), "{too_long}");
    // Tag, salt, and twice the 64 bytes: 196 bytes a round.
    for (ceiling, expected) in [(128_576_000, Ok(())), (128_575_999, Err(too_long))] {
        let ceilings = Ceilings { sha_crypt_bytes: ceiling, ..Ceilings::default() };
        let passwords = Passwords::builder(Arc::new(SystemEntropy::new())).ceilings(ceilings).build();
        assert_eq!(passwords.check_stored(&stored), expected, "{ceiling}");
    }
}
