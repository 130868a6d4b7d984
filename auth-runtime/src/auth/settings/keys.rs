//! The signing key, and former keys that still verify tokens.

use secrecy::{ExposeSecret, SecretString};

use crate::{
    auth::{Settings, fault::Collector},
    list::{NotAList, entries},
    token::{Algorithm, KeyRing, SigningKey, VerifyingKey},
};

/// Returns the key ring, or `None` when a fault leaves no usable one.
pub(in crate::auth) fn keys(settings: &Settings, faults: &mut Collector) -> Option<KeyRing> {
    let signing = signing_key(settings, faults);
    let mut former = fallbacks(settings, faults);
    former.extend(public_keys(settings, faults));
    let former = without_doubles(former, signing.as_ref(), faults);
    let setting = former.last().map_or("SECRET_KEY", |last| last.setting);
    let ring = former.into_iter().fold(KeyRing::builder().sign_with(signing?), |ring, key| ring.verify_with(key.key));
    faults.take(setting, ring.build())
}

/// Checks the secret as far as that is possible without a known algorithm.
pub(in crate::auth) fn check_secret(settings: &Settings, faults: &mut Collector) {
    if let Some(secret) = &settings.secret_key {
        faults.take("SECRET_KEY", SigningKey::from_secret(secret));
    }
}

fn signing_key(settings: &Settings, faults: &mut Collector) -> Option<SigningKey> {
    match (settings.algorithm, &settings.secret_key, &settings.private_key) {
        (Algorithm::HS256, Some(secret), _) => faults.take("SECRET_KEY", SigningKey::from_secret(secret)),
        (Algorithm::HS256, None, Some(_)) => {
            faults.missing("ALGORITHM", "is missing; `PRIVATE_KEY` is set, so write its algorithm, such as `ES256`");
            None
        }
        (Algorithm::HS256, None, None) => {
            faults.missing("SECRET_KEY", "is missing; generate one with `openssl rand -base64 48`; `DevelopmentEnv::ensure` writes one in a debug build");
            None
        }
        (algorithm, _, Some(pem)) => faults.take("PRIVATE_KEY", SigningKey::from_pem(algorithm, pem)),
        (algorithm, _, None) => {
            let message = format!("is missing; `ALGORITHM={algorithm}` signs with a private key in PEM");
            faults.missing("PRIVATE_KEY", message);
            None
        }
    }
}

/// A key that no longer signs, and its place in the settings.
struct Former {
    setting: &'static str,
    /// The key's place in the list, from 1.
    entry: usize,
    key: VerifyingKey,
}

/// A list of more entries is not tried as one secret with commas in it.
const MOST_PARTS: usize = 8;

fn fallbacks(settings: &Settings, faults: &mut Collector) -> Vec<Former> {
    let Some(list) = &settings.secret_key_fallbacks else { return Vec::new() };
    let whole = list.expose_secret().trim();
    let secrets = entries(whole).map(|mut secrets| {
        // A former secret may have a few commas in it. Split, it would start the service and refuse all of its tokens.
        if (2..=MOST_PARTS).contains(&secrets.len()) && !whole.starts_with('[') {
            secrets.push(whole.to_owned());
        }
        secrets.into_iter().map(SecretString::from).collect()
    });
    let is_split = whole.contains(',') && !whole.starts_with('[');
    all("SECRET_KEY_FALLBACKS", secrets, faults, |secret| {
        SigningKey::from_secret(&secret).map(SigningKey::retire).map_err(|error| match is_split {
            true => format!("{error}; a comma separates entries: write a secret that has one as `[\"…\"]`"),
            false => error.to_string(),
        })
    })
}

fn public_keys(settings: &Settings, faults: &mut Collector) -> Vec<Former> {
    let Some(list) = &settings.public_keys else { return Vec::new() };
    let keys = if list.starts_with('[') { entries(list) } else { Ok(blocks(list)) };
    // An RSA key does not tell for which of the two algorithms it is.
    let rsa = if settings.algorithm == Algorithm::PS256 { Algorithm::PS256 } else { Algorithm::RS256 };
    all("PUBLIC_KEYS", keys, faults, |entry| match named_algorithm(&entry) {
        Ok(Some((algorithm, pem))) => VerifyingKey::from_pem(algorithm, pem).map_err(|error| error.to_string()),
        Ok(None) => VerifyingKey::from_pem_of_any(&entry, rsa).map_err(|error| error.to_string()),
        Err(UnknownAlgorithm) => {
            Err("the algorithm in front of the key is unknown; write `RS256:`, `PS256:`, `ES256:` or \
                                      `EdDSA:`, or leave it out"
                .to_owned())
        }
    })
}

/// Returns the keys of a list, except those with a fault.
fn all<T, E: core::fmt::Display>(
    setting: &'static str,
    entries: Result<Vec<T>, NotAList>,
    faults: &mut Collector,
    load: impl Fn(T) -> Result<VerifyingKey, E>,
) -> Vec<Former> {
    let Ok(entries) = entries else {
        faults.push(setting, "is no JSON list of strings, although it begins with `[`");
        return Vec::new();
    };
    let numbered = (1..).zip(entries);
    let loaded = numbered.filter_map(|(entry, text)| match load(text) {
        Ok(key) => Some(Former { setting, entry, key }),
        Err(error) => {
            faults.push(setting, format!("entry {entry}: {error}"));
            None
        }
    });
    loaded.collect()
}

/// Removes keys that are listed twice, and reports them. With two keys of one id, it would be unclear which key has
/// signed a token. An operator who lists the signing key has probably forgotten to put in the new one.
fn without_doubles(all: Vec<Former>, signing: Option<&SigningKey>, faults: &mut Collector) -> Vec<Former> {
    let mut kept: Vec<Former> = Vec::new();
    for Former { setting, entry, key } in all {
        if signing.is_some_and(|signing| signing.id() == key.id()) {
            faults.push(setting, format!("entry {entry} is the key that signs now; list former keys only"));
        } else if kept.iter().any(|other| other.key.id() == key.id()) {
            faults.push(setting, format!("entry {entry} is the same key as one before it"));
        } else {
            kept.push(Former { setting, entry, key });
        }
    }
    kept
}

/// Splits PEM blocks that follow each other, with line ends or commas between them.
fn blocks(mut text: &str) -> Vec<String> {
    // Line ends that are written as `\n` get a precise message when the whole is read.
    if text.contains("\\n") {
        return vec![text.to_owned()];
    }
    let mut found = Vec::new();
    loop {
        text = text.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        if text.is_empty() {
            return found;
        }
        let (block, rest) = end_of_block(text).and_then(|end| text.split_at_checked(end)).unwrap_or((text, ""));
        found.push(block.to_owned());
        text = rest;
    }
}

/// Returns the position after the line `-----END …-----`.
fn end_of_block(text: &str) -> Option<usize> {
    const END: &str = "-----END ";
    let label = text.find(END)?.checked_add(END.len())?;
    let dashes = label.checked_add(text.get(label..)?.find("-----")?)?;
    dashes.checked_add("-----".len())
}

/// A word that names no algorithm, directly before a key.
struct UnknownAlgorithm;

/// Splits an algorithm like `PS256:` from the front of a key. Other text before a key, for example a comment, is no
/// algorithm.
fn named_algorithm(entry: &str) -> Result<Option<(Algorithm, &str)>, UnknownAlgorithm> {
    let Some((name, pem)) = entry.split_once(':') else { return Ok(None) };
    let name = name.trim();
    match name.parse() {
        Ok(algorithm) => Ok(Some((algorithm, pem))),
        Err(_)
            if name.bytes().all(|byte| byte.is_ascii_alphanumeric()) && pem.trim_start().starts_with("-----BEGIN ") =>
        {
            Err(UnknownAlgorithm)
        }
        Err(_) => Ok(None),
    }
}
