use std::sync::LazyLock;

use proptest::prelude::*;
use tokio::runtime::{Builder, Runtime};

use super::{secret, vectors::MADE, weak};
use crate::password::{Ceilings, Passwords, Verified, is_same, stored::Stored};

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Builder::new_multi_thread().worker_threads(1).build().unwrap());
static PASSWORDS: LazyLock<Passwords> = LazyLock::new(weak);

/// Ceilings low enough for a test to wait for a hash.
const LOW: Ceilings = Ceilings {
    memory_kib: 1024,
    work_kib: 1024,
    scrypt_memory_kib: 1024,
    scrypt_work_kib: 1024,
    bcrypt_cost: 5,
    pbkdf2_iterations: 9_999,
    pbkdf2_sha512_iterations: 9_999,
    sha_crypt_bytes: 2_000_000,
    phpass_exponent: 9,
};

/// One hash of each form, of the password "password", at the lowest cost that is read.
const FORMS: [&str; 6] = [
    "$argon2i$v=19$m=64,t=1,p=1$B2DMOQcgpFQqxbiXEgIAoA$zxp61fm4uVSgA1YcZPamblhIQfLvRFZgTdg2hCwd77Y",
    "$2b$04$uJPulY9QPNPK8MRB/cDD3OS4it4/r5YZQUPtPNaRojtCeSIOvtCXy",
    "bcrypt$$2b$04$g6xZAfiaGN1kSWRlcmQZRe8.8y.bPSHqGQjVNqFPKeFqwN/o0D20e",
    "$scrypt$ln=4,r=8,p=1$AsB4b22t9Z4TAgCg9L6XMg$Ksxw21nlFe3HGwAsIjzl7yW7pFyaLvpmg+ZfzKV7Bx0",
    "$pbkdf2$1000$AaA0Zkyp9T7nHMM4RwghhA$e2wvFArsFC8ciEXs2RKj1LS3oJ0",
    "$pbkdf2-sha256$i=1000,l=32$c2FsdHNhbHRzYWx0c2FsdA$8nX7hwFEzIB8aPajJTYK8weHQc5Ngz0pFVAKvSu4jQA",
];

/// What the reader of any form looks for: separators, schemes, settings, numbers, salts and tags.
const PARTS: &str = include_str!("../../../tests/vectors/password-elsewhere/parts.dict");

/// Returns one of the parts, or text of the length of a salt or a tag.
fn part() -> impl Strategy<Value = String> {
    let quoted = |line: &str| line.strip_prefix('"')?.strip_suffix('"').map(str::to_owned);
    let parts: Vec<String> = PARTS.lines().filter_map(quoted).collect();
    assert!(parts.len() > 60, "{}", parts.len());
    prop_oneof![
        4 => prop::sample::select(parts),
        1 => "[./A-Za-z0-9+]{1,90}={0,2}|[0-9a-f]{32}|[0-9a-f]{128}|[0-9]{1,20}|\\PC{1,3}",
    ]
}

fn verify(password: &str, stored: &str) -> Option<Verified> {
    RUNTIME.block_on(PASSWORDS.verify(&secret(password), stored)).ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_password_matches_its_own_hash_and_no_other_does(password in "\\PC{0,80}", other in "\\PC{0,80}") {
        let stored = RUNTIME.block_on(PASSWORDS.hash(&secret(&password))).unwrap();
        prop_assert_eq!(verify(&password, &stored), Some(Verified::Match { upgrade: false }));
        let same = is_same(&other, &password);
        let expected = if same { Verified::Match { upgrade: false } } else { Verified::Mismatch };
        prop_assert_eq!(verify(&other, &stored), Some(expected));
    }

    #[test]
    fn a_password_that_a_keyboard_composes_otherwise_is_the_same_one(prefix in "[a-z]{0,20}") {
        let (composed, decomposed) = (format!("{prefix}é"), format!("{prefix}e\u{301}"));
        for (set, typed) in [(&composed, &decomposed), (&decomposed, &composed)] {
            let stored = RUNTIME.block_on(PASSWORDS.hash(&secret(set))).unwrap();
            prop_assert_eq!(verify(typed, &stored), Some(Verified::Match { upgrade: false }));
        }
    }

    #[test]
    fn a_password_that_only_looks_the_same_is_another_one(prefix in "[a-z]{0,20}") {
        let stored = RUNTIME.block_on(PASSWORDS.hash(&secret(&format!("{prefix}ﬃ")))).unwrap();
        prop_assert_eq!(verify(&format!("{prefix}ffi"), &stored), Some(Verified::Mismatch));
    }

    #[test]
    fn a_damaged_hash_matches_nothing_else(form in 0..FORMS.len(), at in 0_usize..100, with in "[ -~]") {
        let mut damaged: Vec<char> = FORMS[form].chars().collect();
        let at = at % damaged.len();
        damaged[at] = with.chars().next().unwrap();
        let damaged: String = damaged.into_iter().collect();
        // Read with low ceilings, so that a damaged cost is refused and not run.
        if Stored::read(&damaged, &LOW, &[]).is_ok() {
            prop_assert_ne!(verify("passwort", &damaged), Some(Verified::Match { upgrade: true }));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    #[test]
    fn reading_any_stored_text_does_not_panic(text in any::<String>(), printable in "\\PC*") {
        let _ = Stored::read(&text, &Ceilings::default(), &[]);
        let _ = Stored::read(&printable, &Ceilings::default(), &[]);
    }

    /// Any order of the parts that the reader looks for. An accepted text has the length of a hash, and a cost that
    /// this crate pays.
    #[test]
    fn reading_any_order_of_the_parts_of_hashes_does_not_panic(parts in prop::collection::vec(part(), 0..16)) {
        let text = parts.concat();
        let _ = Stored::read(&text, &Ceilings::default(), &[]);
        if let Ok(stored) = Stored::read(&text, &LOW, &[]) {
            prop_assert!(text.len() <= 1024, "{}", text);
            if stored.affordable(3, &LOW).is_ok() {
                prop_assert_ne!(verify("xyz", &text), Some(Verified::Match { upgrade: true }));
            }
        }
    }

    #[test]
    fn reading_texts_in_the_shape_of_hashes_does_not_panic(
        scheme in "(argon2|argon2id|2b|bcrypt|bcrypt_sha256|pbkdf2|pbkdf2-sha256|pbkdf2_sha1|scrypt)",
        fields in prop::collection::vec("([a-z]{1,2}=[0-9]{0,11},?){0,4}|[0-9]{0,12}|[./A-Za-z0-9+=]{0,60}", 0..6),
    ) {
        let text = format!("{scheme}${}", fields.join("$"));
        let _ = Stored::read(&text, &Ceilings::default(), &[]);
        let _ = Stored::read(&format!("${text}"), &Ceilings::default(), &[]);
    }

    /// Reading derives nothing. A hash that it accepts is within low ceilings, and is derived here.
    #[test]
    fn a_mutated_hash_of_any_form_makes_nothing_panic_and_stays_within_the_ceilings(
        vector in 0..MADE.len(),
        cuts in prop::collection::vec((0_usize..400, 0_usize..8, "[ -~]{0,6}|[0-9]{1,20}|\\PC{0,2}"), 1..4),
    ) {
        let mut text = MADE[vector].encoded.clone();
        for (at, length, with) in &cuts {
            let from = text.floor_char_boundary(at % (text.len() + 1));
            let to = text.floor_char_boundary((from + length).min(text.len()));
            text.replace_range(from..to.max(from), with);
        }
        let _ = Stored::read(&text, &Ceilings::default(), &[]);
        if let Ok(stored) = Stored::read(&text, &LOW, &[]) {
            let untouched = text == MADE[vector].encoded;
            if stored.affordable(3, &LOW).is_ok() && !untouched {
                prop_assert_ne!(verify("xyz", &text), Some(Verified::Match { upgrade: true }));
            }
        }
    }
}
