use std::collections::HashMap;

use super::text::text;
use crate::auth::{Settings, read_dotenv};

/// Values stand in the file, but for escapes. A fault repeats no text.
pub(super) fn dotenv(bytes: &[u8]) {
    let (values, faults) = read_dotenv(bytes);
    assert_eq!((&values, &faults), (&read_dotenv(bytes).0, &read_dotenv(bytes).1));
    for (name, value) in &values {
        assert!(!name.is_empty() && !name.contains(['=', '\n', '"', '\'']), "{name:?}");
        assert!(value.len() <= bytes.len());
    }
    for fault in faults {
        assert!(fault.len() < 300 && fault.is_ascii(), "{fault}");
    }
}

/// The reader returns settings or all faults, and no fault shows a secret.
pub(super) fn settings(bytes: &[u8]) {
    /// No message of this crate contains it.
    const MARK: &str = "canary-5d41";
    const SECRETS: [&str; 4] = ["SECRET_KEY", "PRIVATE_KEY", "DATABASE_URL", "REDIS_URL"];
    let Some(text) = text(bytes) else { return };
    let mut values: HashMap<_, _> =
        text.lines().filter_map(|line| line.split_once('=')).map(|(name, value)| (name, value.to_owned())).collect();
    for (name, value) in &mut values {
        if SECRETS.contains(name) {
            value.push_str(MARK);
        }
    }
    let lookup = |name: &str| values.get(name).cloned();
    for read in [Settings::from_lookup(lookup), Settings::verifier_from_lookup(lookup)] {
        let told = match read {
            Ok(settings) => format!("{settings:?}"),
            Err(faults) => faults.to_string(),
        };
        assert!(!told.contains(MARK), "{told}");
    }
}
