//! Tests the forms of stored hashes, made with passlib 1.7.4 and Python's hashlib, and how strictly they are read.

use super::{secret, weak};
use crate::password::{Ceilings, StoredHashError, Verified, stored::Stored};

const TAG: &str = "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

async fn matches(password: &str, stored: &str) -> bool {
    match weak().verify(&secret(password), stored).await.unwrap() {
        Verified::Match { upgrade } => {
            assert!(upgrade, "{stored} is not of the present scheme");
            true
        }
        Verified::SameBeginning | Verified::Mismatch => false,
    }
}

fn refusal(stored: &str) -> Option<StoredHashError> {
    Stored::read(stored, &Ceilings::default(), &[]).err()
}

#[tokio::test]
async fn every_form_is_read() {
    for stored in [
        "$2b$04$uJPulY9QPNPK8MRB/cDD3OS4it4/r5YZQUPtPNaRojtCeSIOvtCXy",
        "$2y$04$Z/ZDoJ6xCOlfxYsWozkX..30EWd/1feuCaErYhR6WKbLPNvuh06mC",
        "bcrypt$$2b$04$g6xZAfiaGN1kSWRlcmQZRe8.8y.bPSHqGQjVNqFPKeFqwN/o0D20e",
        "$scrypt$ln=4,r=8,p=1$AsB4b22t9Z4TAgCg9L6XMg$Ksxw21nlFe3HGwAsIjzl7yW7pFyaLvpmg+ZfzKV7Bx0",
        "$scrypt$ln=4,r=4,p=3$W4vx3hujtBaidA7hvPe+lw$w7u/5FM4n0wDTiyw5hLmpWexrs1Z6X7BERnsqgFyuNk",
        "$pbkdf2$1000$AaA0Zkyp9T7nHMM4RwghhA$e2wvFArsFC8ciEXs2RKj1LS3oJ0",
        "$pbkdf2-sha1$i=1000,l=20$c2FsdHNhbHRzYWx0c2FsdA$2FWw/oC7TQkskizC+81lWlmFAMM",
        "$pbkdf2-sha256$i=1000,l=32$c2FsdHNhbHRzYWx0c2FsdA$8nX7hwFEzIB8aPajJTYK8weHQc5Ngz0pFVAKvSu4jQA",
        "$pbkdf2-sha512$i=1000$c2FsdHNhbHRzYWx0c2FsdA$715rqIr5dXOVPpBhqqsugl037zT5bWJTWYmZtIcK8hBnisKpwfY7kokvwjDrNHqHhF50Pb7MD6HvkJwiDQw4ww",
        "$argon2i$v=19$m=64,t=1,p=1$B2DMOQcgpFQqxbiXEgIAoA$zxp61fm4uVSgA1YcZPamblhIQfLvRFZgTdg2hCwd77Y",
    ] {
        assert!(matches("password", stored).await, "{stored}");
        assert!(!matches("passwort", stored).await, "{stored}");
    }
}

#[tokio::test]
async fn a_version_of_sixteen_may_be_written_out() {
    let unwritten = "$argon2i$m=256,t=2,p=1$c29tZXNhbHQ$/U3YPXYsSb3q9XxHvc0MLxur+GP960kN9j7emXX8zwY";
    assert!(matches("password", unwritten).await);
    assert!(matches("password", &unwritten.replace("$m=", "$v=16$m=")).await);
    assert!(!matches("password", &unwritten.replace("$m=", "$v=19$m=")).await);
}

#[tokio::test]
async fn bcrypt_matches_no_password_that_it_does_not_read_to_the_end() {
    let longest = "$2b$04$ycZTv4BMCgGLd/fIqv6BzuN9yDdQNgGkdfIdVNPLqfZYr4OkbwQ4O";
    assert!(matches(&"x".repeat(72), longest).await);
    assert!(!matches(&"x".repeat(73), longest).await);
    assert!(!matches(&"x".repeat(1024), longest).await);
}

#[tokio::test]
async fn bcrypt_matches_no_password_with_a_nul() {
    // bcrypt repeats the password and its closing NUL up to 72 bytes, so all of these are equal to it.
    let of_a = "$2b$04$CEqfOUsZfmSy1hksjcZaROle45jG0K59EG628V0NLKZ/2VUg1Z1T2";
    assert!(matches("a", of_a).await);
    assert!(!matches("a\0a", of_a).await);
    let of_nothing = "$2b$04$lUfTNCU6xxFJt/PhmZsa0OdbWkUjETGsfcPrRCIC..HH4KalPBkW2";
    assert!(matches("", of_nothing).await);
    assert!(!matches("\0", of_nothing).await);
}

#[tokio::test]
async fn bits_that_every_bcrypt_ignores_are_ignored() {
    // The last character of the salt has two bits of the salt. Here its other four bits are not zero, as some systems
    // wrote it.
    assert!(matches("password", "$2b$04$uJPulY9QPNPK8MRB/cDD3PS4it4/r5YZQUPtPNaRojtCeSIOvtCXy").await);
}

#[test]
fn argon2_is_read_strictly() {
    let with =
        |version: &str, params: &str, salt: &str, tag: &str| format!("$argon2id${version}${params}${salt}${tag}");
    let salt = "c29tZXNhbHRzb21lc2FsdA";
    assert_eq!(refusal(&with("v=19", "m=256,t=1,p=1", salt, TAG)), None);
    for (version, params) in [
        ("v=0", "m=256,t=1,p=1"),
        ("v=20", "m=256,t=1,p=1"),
        ("v=", "m=256,t=1,p=1"),
        ("v=+19", "m=256,t=1,p=1"),
        ("v=019", "m=256,t=1,p=1"),
        ("v=19", "t=1,m=256,p=1"),
        ("v=19", "m=256,t=1"),
        ("v=19", "m=256,t=1,p=1,p=1"),
        ("v=19", "m=256,m=256,p=1"),
        ("v=19", "m=256,t=1,p=1,keyid=AA"),
        ("v=19", "m=256,t=1,p=1,data=AA"),
        ("v=19", "m=0256,t=1,p=1"),
        ("v=19", "m=256,t=+1,p=1"),
        ("v=19", "m=256,t= 1,p=1"),
        ("v=19", "m=256,t=0,p=1"),
        ("v=19", "m=256,t=1,p=0"),
        ("v=19", "m=7,t=1,p=1"),
        ("v=19", "m=31,t=1,p=4"),
        ("v=19", "m=٢٥٦,t=1,p=1"),
        ("v=19", ""),
    ] {
        assert_eq!(refusal(&with(version, params, salt, TAG)), Some(StoredHashError::Malformed), "{version} {params}");
    }
    // The shortest salt and tag that are read, and one byte less; damaged base64 in either.
    assert_eq!(refusal(&with("v=19", "m=256,t=1,p=1", "c29tZXNhbHQ", "AAAAAAAAAAAAAAAAAAAAAA")), None);
    for (salt, tag) in [
        ("c29tZXNhbA", TAG),
        (salt, "AAAAAAAAAAAAAAAAAAAA"),
        (&format!("{salt}=="), TAG),
        (salt, "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPd"),
        (salt, "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPP-"),
        (salt, &TAG.repeat(3)),
        (&salt.repeat(9), TAG),
    ] {
        assert_eq!(
            refusal(&with("v=19", "m=256,t=1,p=1", salt, tag)),
            Some(StoredHashError::Malformed),
            "{salt} {tag}"
        );
    }
    let extra = with("v=19", "m=256,t=1,p=1", salt, &format!("{TAG}$"));
    assert_eq!(refusal(&extra), Some(StoredHashError::Malformed));
}

#[test]
fn the_other_schemes_are_read_strictly() {
    for stored in [
        "$2b$04$uJPulY9QPNPK8MRB/cDD3OS4it4/r5YZQUPtPNaRojtCeSIOvtCXyy",
        "$2b$+4$uJPulY9QPNPK8MRB/cDD3OS4it4/r5YZQUPtPNaRojtCeSIOvtCXy",
        "$2b$32$uJPulY9QPNPK8MRB/cDD3OS4it4/r5YZQUPtPNaRojtCeSIOvtCXy",
        "$2b$04$uJPulY9QPNPK8MRB/cDD3éS4it4/r5YZQUPtPNaRojtCeSIOvtCXy",
        "bcrypt$2b$04$g6xZAfiaGN1kSWRlcmQZRe8.8y.bPSHqGQjVNqFPKeFqwN/o0D20e",
        "bcrypt_sha256$$2x$04$g6xZAfiaGN1kSWRlcmQZRe8.8y.bPSHqGQjVNqFPKeFqwN/o0D20e",
        "$pbkdf2$0$AaA0Zkyp9T7nHMM4RwghhA$e2wvFArsFC8ciEXs2RKj1LS3oJ0",
        "$pbkdf2$1000$$e2wvFArsFC8ciEXs2RKj1LS3oJ0",
        "$pbkdf2$1000$AaA0Zkyp9T7nHMM4RwghhA$e2wvFArsFC8ciEXs2RKj",
        "$pbkdf2-sha256$i=1000,l=31$c2FsdHNhbHRzYWx0c2FsdA$8nX7hwFEzIB8aPajJTYK8weHQc5Ngz0pFVAKvSu4jQA",
        "$pbkdf2-sha256$i=1000,i=1000$c2FsdHNhbHRzYWx0c2FsdA$8nX7hwFEzIB8aPajJTYK8weHQc5Ngz0pFVAKvSu4jQA",
        "pbkdf2_sha256$1000$$NxeZHAj5MT11eWhfNAbq0p/7KYuAI5t4pm03eXMmxio=",
        "pbkdf2_sha256$1000$salt$NxeZHAj5MT11eWhfNAbq0p/7KYuAI5t4pm03eXMmxio",
        "pbkdf2_sha1$1000$salt$NxeZHAj5MT11eWhfNAbq0p/7KYuAI5t4pm03eXMmxio=",
        "$scrypt$ln=0,r=8,p=1$AsB4b22t9Z4TAgCg9L6XMg$Ksxw21nlFe3HGwAsIjzl7yW7pFyaLvpmg+ZfzKV7Bx0",
        "$scrypt$ln=4,r=0,p=1$AsB4b22t9Z4TAgCg9L6XMg$Ksxw21nlFe3HGwAsIjzl7yW7pFyaLvpmg+ZfzKV7Bx0",
        "$scrypt$ln=4,r=8,p=0$AsB4b22t9Z4TAgCg9L6XMg$Ksxw21nlFe3HGwAsIjzl7yW7pFyaLvpmg+ZfzKV7Bx0",
        "$scrypt$ln=4,r=8,r=8$AsB4b22t9Z4TAgCg9L6XMg$Ksxw21nlFe3HGwAsIjzl7yW7pFyaLvpmg+ZfzKV7Bx0",
        "$scrypt$ln=4,r=8,p=1$$Ksxw21nlFe3HGwAsIjzl7yW7pFyaLvpmg+ZfzKV7Bx0",
        "scrypt$1023$salt$8$1$Ksxw21nlFe3HGwAsIjzl7yW7pFyaLvpmg+ZfzKV7Bx0=",
        "scrypt$0$salt$8$1$Ksxw21nlFe3HGwAsIjzl7yW7pFyaLvpmg+ZfzKV7Bx0=",
        "scrypt$1024$$8$1$Ksxw21nlFe3HGwAsIjzl7yW7pFyaLvpmg+ZfzKV7Bx0=",
    ] {
        assert_eq!(refusal(stored), Some(StoredHashError::Malformed), "{stored}");
    }
}

#[test]
fn texts_longer_than_any_hash_are_malformed() {
    assert_eq!(refusal(&("!".to_owned() + &"x".repeat(1023))), None);
    assert_eq!(refusal(&("!".to_owned() + &"x".repeat(1024))), Some(StoredHashError::Malformed));
}

#[test]
fn texts_that_are_no_hashes_have_no_scheme() {
    for stored in ["", "$", "$2x$04$uJPulY9QPNPK8MRB/cDD3OS4it4/r5YZQUPtPNaRojtCeSIOvtCXy", "$1$salt$hash", " $2b$"] {
        assert_eq!(refusal(stored), Some(StoredHashError::UnknownScheme), "{stored}");
    }
}
