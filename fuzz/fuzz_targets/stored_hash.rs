//! Gives any text to the reader of stored hashes. It must neither panic nor derive anything, whatever the text asks for.

#![no_main]

use std::{
    sync::{Arc, LazyLock},
    time::{Duration, Instant},
};

use auth_runtime::{password::Passwords, secret::SystemEntropy};
use libfuzzer_sys::fuzz_target;

static PASSWORDS: LazyLock<Passwords> = LazyLock::new(|| Passwords::builder(Arc::new(SystemEntropy::new())).build());

/// Far less than one derivation at a usual cost, and far more than reading 1,024 bytes.
const READING: Duration = Duration::from_millis(100);

fuzz_target!(|stored: &str| {
    let began = Instant::now();
    let readable = PASSWORDS.check_stored(stored).is_ok();
    assert!(began.elapsed() < READING, "the reader worked on {stored:?}");
    assert!(!readable || stored.len() <= 1024, "a hash of {} bytes was read", stored.len());
});
