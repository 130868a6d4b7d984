//! The names of settings, and the search for misspelled ones.

/// The variables that are read; all other names are ignored.
pub(super) const VARIABLES: [&str; 34] = [
    "ENVIRONMENT",
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "PRIVATE_KEY",
    "PUBLIC_KEYS",
    "ALGORITHM",
    "ISSUER",
    "AUDIENCE",
    "PUBLIC_URL",
    "ACCESS_TOKEN_EXPIRE_MINUTES",
    "REFRESH_TOKEN_EXPIRE_DAYS",
    "SESSION_MAX_DAYS",
    "CLOCK_SKEW_SECONDS",
    "TOKEN_EXPIRY_LEEWAY_SECONDS",
    "DATABASE_URL",
    "DATABASE_DIRECT_URL",
    "DATABASE_MAX_CONNECTIONS",
    "DATABASE_TIMEOUT_SECONDS",
    "REDIS_URL",
    "REDIS_PREFIX",
    "INSTANCES",
    "CSRF_TRUSTED_ORIGINS",
    "COOKIE_INSECURE",
    "TRUSTED_PROXIES",
    "TRUSTED_PROXY_HEADER",
    "TLS_CERT",
    "TLS_KEY",
    "ALLOWED_HOSTS",
    "ALLOWED_ORIGINS",
    "CORS_ALLOW_CREDENTIALS",
    "PROBE_PATHS",
    "HTTPS_PORT",
    "REQUEST_TIMEOUT_SECONDS",
    "MAX_BODY_BYTES",
];

/// Returns the variable that was probably meant by `name`, which is the name of no setting. The names differ by at most
/// two letters, or by one if the setting's name is shorter than eight. Case does not count, since some systems ignore
/// it.
pub(super) fn meant_by(name: &str) -> Option<&'static str> {
    if VARIABLES.contains(&name) {
        return None;
    }
    let name = name.to_ascii_uppercase();
    let distance = |variable: &&str| letters_apart(&name, variable);
    let nearest = VARIABLES.into_iter().min_by_key(distance)?;
    let most = if nearest.len() < 8 { 1 } else { 2 };
    (distance(&nearest) <= most).then_some(nearest)
}

/// Returns how many letters must be inserted, removed or replaced (Levenshtein distance, by bytes).
fn letters_apart(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (above, a) in one.bytes().enumerate() {
        let mut diagonal = above;
        let mut left = above.saturating_add(1);
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (b, cell) in other.bytes().zip(row.iter_mut().skip(1)) {
            let replaced = diagonal.saturating_add(usize::from(a != b));
            diagonal = *cell;
            *cell = replaced.min(left.min(*cell).saturating_add(1));
            left = *cell;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_of_ours_but_for_two_letters_is_told_from_others() {
        for (name, meant) in [
            ("ACCES_TOKEN_EXPIRE_MINUTES", "ACCESS_TOKEN_EXPIRE_MINUTES"),
            ("TRUSTED_PROXYS", "TRUSTED_PROXIES"),
            ("SECRETKEY", "SECRET_KEY"),
            ("SECRET_KEY_FALLBACK", "SECRET_KEY_FALLBACKS"),
            ("secret_key", "SECRET_KEY"),
            ("PUBLIC_KEY", "PUBLIC_KEYS"),
            ("ENVIRONEMNT", "ENVIRONMENT"),
            ("ISUER", "ISSUER"),
            ("SESSION_MAX_DAY", "SESSION_MAX_DAYS"),
        ] {
            assert_eq!(meant_by(name), Some(meant), "{name}");
        }
        for name in
            ["", "PATH", "HOME", "USER", "ISUSER", "ISSUED_BY", "TRUSTED", "KEY", "SECRET", "ENV", "DATABASE", "é"]
        {
            assert_eq!(meant_by(name), None, "{name}");
        }
        for name in VARIABLES {
            assert_eq!(meant_by(name), None, "{name}");
        }
    }

    /// Computes the distance by its definition, without a table.
    fn by_definition(one: &[u8], other: &[u8]) -> usize {
        let ([a, one @ ..], [b, other @ ..]) = (one, other) else { return one.len().max(other.len()) };
        if a == b {
            return by_definition(one, other);
        }
        let (whole_one, whole_other) = ([&[*a], one].concat(), [&[*b], other].concat());
        let shorter = [by_definition(one, other), by_definition(one, &whole_other), by_definition(&whole_one, other)];
        1 + shorter.into_iter().min().unwrap()
    }

    proptest! {
        #[test]
        fn letters_are_counted_as_defined(one in "[ABC]{0,5}", other in "[ABC]{0,5}") {
            prop_assert_eq!(letters_apart(&one, &other), by_definition(one.as_bytes(), other.as_bytes()));
        }
    }
}
