use std::{collections::HashSet, sync::Mutex};

use proptest::prelude::*;

use super::{ApiKeyFormat, KeyEnvironment, ParseApiKeyError, checksum::checksum};
use crate::secret::{Entropy, EntropyError, SystemEntropy};

fn live() -> ApiKeyFormat {
    ApiKeyFormat::new("ak", KeyEnvironment::Live).unwrap()
}

fn test() -> ApiKeyFormat {
    ApiKeyFormat::new("ak", KeyEnvironment::Test).unwrap()
}

/// Appends the correct checksum to a text that may be wrong otherwise.
fn signed(text: &str) -> String {
    format!("{text}{}", String::from_utf8(checksum(text).to_vec()).unwrap())
}

/// A source that returns these bytes in order and fails when they are used up.
struct Script(Mutex<Vec<u8>>);

impl Entropy for Script {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
        let mut script = self.0.lock().unwrap();
        if script.len() < bytes.len() {
            return Err(EntropyError);
        }
        let rest = script.split_off(bytes.len());
        bytes.copy_from_slice(&script);
        *script = rest;
        Ok(())
    }
}

#[test]
fn a_key_matches_the_documented_expression_and_is_read_again() {
    for (format, environment) in [(live(), "live"), (test(), "test")] {
        let key = format.mint(&SystemEntropy::new()).unwrap();
        let parts: Vec<&str> = key.expose().split('_').collect();
        assert_eq!(parts[..2], ["ak", environment]);
        assert_eq!(parts[2].len(), 38);
        assert!(parts[2].bytes().all(|byte| byte.is_ascii_alphanumeric()));
        let read = format.parse(key.expose()).unwrap();
        assert_eq!((read.hash(), read.expose()), (key.hash(), key.expose()));
        assert_eq!(key.display(), format!("ak_{environment}_{}", &parts[2][..4]));
        assert_eq!(format!("{key:?}"), "ApiKey(..)");
    }
}

#[test]
fn a_known_key_stays_what_it_is() {
    // The expected checksum was computed with zlib.
    let bytes: Vec<u8> = (0..32).collect();
    let key = live().mint(&Script(Mutex::new(bytes))).unwrap();
    assert_eq!(key.expose(), "ak_live_0123456789ABCDEFGHIJKLMNOPQRSTUV06nxXO");
}

#[test]
fn keys_differ() {
    let (format, entropy) = (live(), SystemEntropy::new());
    let keys: HashSet<_> = (0..1_000).map(|_| format.mint(&entropy).unwrap().hash()).collect();
    assert_eq!(keys.len(), 1_000);
}

#[test]
fn every_character_is_equally_likely() {
    let (format, entropy) = (live(), SystemEntropy::new());
    let mut counts = [0_u32; 128];
    for _ in 0..20_000 {
        let key = format.mint(&entropy).unwrap();
        for byte in key.expose()[8..40].bytes() {
            counts[usize::from(byte)] += 1;
        }
    }
    let (least, most) = counts
        .iter()
        .filter(|count| **count > 0)
        .fold((u32::MAX, 0), |(least, most), count| (least.min(*count), most.max(*count)));
    assert_eq!(counts.iter().filter(|count| **count > 0).count(), 62);
    // Each character is expected 10,000 times, give or take 100. With `byte % 62` alone, eight of them would occur a
    // quarter more often.
    assert!(f64::from(most) / f64::from(least) < 1.15, "{least} to {most}");
}

#[test]
fn a_source_without_randomness_makes_no_key() {
    assert!(live().mint(&Script(Mutex::new(Vec::new()))).is_err());
    assert!(live().mint(&Script(Mutex::new(vec![255; 4096]))).is_err(), "a broken source must not loop for ever");
}

#[test]
fn texts_that_resemble_keys_are_refused_with_the_reason() {
    let key = live().mint(&SystemEntropy::new()).unwrap();
    let key = key.expose();
    let random = "0".repeat(32);
    for (text, why) in [
        (String::new(), ParseApiKeyError::Shape),
        ("ak_live_".to_owned(), ParseApiKeyError::Shape),
        (key[..key.len() - 1].to_owned(), ParseApiKeyError::Shape),
        (key[1..].to_owned(), ParseApiKeyError::Shape),
        (format!("{key}="), ParseApiKeyError::Shape),
        (format!("{key} "), ParseApiKeyError::Shape),
        (format!(" {key}"), ParseApiKeyError::Shape),
        (format!("{key}\0"), ParseApiKeyError::Shape),
        (format!("{key}{key}"), ParseApiKeyError::Shape),
        (key.replace('_', "%5F"), ParseApiKeyError::Shape),
        (key.replace('_', "-"), ParseApiKeyError::Shape),
        (format!("AK{}", &key[2..]), ParseApiKeyError::Shape),
        (signed(&format!("ak_live_{}", "0".repeat(31))), ParseApiKeyError::Shape),
        (signed(&format!("ak_live_{}_", "0".repeat(31))), ParseApiKeyError::Shape),
        (signed(&format!("ak_live_{}\u{e9}", "0".repeat(30))), ParseApiKeyError::Shape),
        (signed(&format!("bk_live_{random}")), ParseApiKeyError::Shape),
        (signed(&format!("ak_prod_{random}")), ParseApiKeyError::Shape),
        (signed(&format!("ak_test_{random}")), ParseApiKeyError::Environment),
        (format!("ak_live_{random}000000"), ParseApiKeyError::Checksum),
        (format!("ak_live_{}", key[8..].to_ascii_lowercase()), ParseApiKeyError::Checksum),
    ] {
        assert_eq!(live().parse(&text).err(), Some(why), "{text}");
    }
    assert!(live().parse(&signed(&format!("ak_live_{random}"))).is_ok());
    assert_eq!(test().parse(key).err(), Some(ParseApiKeyError::Environment));
}

#[test]
fn a_text_is_claimed_by_its_beginning() {
    for (text, claimed) in [
        ("ak_live_x", true),
        ("ak_test_", true),
        ("ak_livex", false),
        ("ak_", false),
        ("bk_live_x", false),
        ("eyJhbGciOiJIUzI1NiJ9.e30.x", false),
        ("", false),
    ] {
        assert_eq!(live().claims(text), claimed, "{text}");
    }
}

#[test]
fn prefixes_are_short_words() {
    for good in ["ak", "notes", "a1", "abcdefghijklmnop"] {
        assert!(ApiKeyFormat::new(good, KeyEnvironment::Live).is_ok(), "{good}");
    }
    for bad in ["", "a", "1a", "Ak", "a_k", "a-k", "a k", "n\u{f6}", "abcdefghijklmnopq"] {
        assert!(ApiKeyFormat::new(bad, KeyEnvironment::Live).is_err(), "{bad}");
    }
}

proptest! {
    /// A CRC detects every change within 32 consecutive bits, and one character has eight.
    #[test]
    fn one_wrong_character_is_always_found(place in 8_usize..46, with in "[0-9A-Za-z]") {
        let key = live().mint(&SystemEntropy::new()).unwrap();
        let mut text = key.expose().to_owned();
        let before = text[place..=place].to_owned();
        text.replace_range(place..=place, &with);
        let outcome = live().parse(&text);
        prop_assert_eq!(outcome.is_ok(), before == with);
    }

    #[test]
    fn no_text_makes_reading_panic(text in "\\PC{0,80}", rest in "[0-9A-Za-z_\u{e9}]{30,50}") {
        let _ = live().parse(&text);
        let _ = live().parse(&format!("ak_live_{rest}"));
        live().claims(&text);
    }
}
