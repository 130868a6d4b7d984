use core::time::Duration;
use std::{
    sync::{Arc, LazyLock},
    time::Instant,
};

use super::text::text;
use crate::{password::Passwords, secret::SystemEntropy};

/// Far less than one derivation at a usual cost, and far more than reading 1,024 bytes.
const READING: Duration = Duration::from_millis(250);

/// A stored hash is read or refused. No key is derived, even if the text asks for one.
pub(super) fn stored_hash(bytes: &[u8]) {
    static PASSWORDS: LazyLock<Passwords> =
        LazyLock::new(|| Passwords::builder(Arc::new(SystemEntropy::new())).build());
    let Some(stored) = text(bytes) else { return };
    let passwords = &*PASSWORDS;
    let began = Instant::now();
    let readable = passwords.check_stored(stored).is_ok();
    assert!(began.elapsed() < READING, "the reader worked on {stored:?}");
    assert!(!readable || stored.len() <= 1024, "a hash of {} bytes was read", stored.len());
}
