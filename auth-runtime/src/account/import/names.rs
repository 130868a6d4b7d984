/// The most roles, and the most scopes, that one account brings. They stand in each of its access tokens.
const MOST: usize = 64;
const MOST_BYTES: usize = 64;

/// What is wrong with the names of roles and scopes.
pub(super) fn faults(roles: &[String], scopes: &[String]) -> Vec<String> {
    let mut faults = Vec::new();
    for (column, names, is_name) in [("roles", roles, is_role as fn(&str) -> bool), ("scopes", scopes, is_scope)] {
        if names.len() > MOST {
            faults.push(format!("`{column}` has more than {MOST} names"));
        }
        if !names.iter().all(|name| is_name(name)) {
            faults.push(format!("`{column}` has a name that is empty, too long, or has characters that none may have"));
        }
    }
    faults
}

fn is_role(name: &str) -> bool {
    (1..=MOST_BYTES).contains(&name.len()) && name.trim() == name && !name.chars().any(char::is_control)
}

/// A scope-token (RFC 6749, section 3.3).
fn is_scope(name: &str) -> bool {
    (1..=MOST_BYTES).contains(&name.len()) && name.bytes().all(|byte| matches!(byte, b'!' | b'#'..=b'[' | b']'..=b'~'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn roles_are_short_text_and_scopes_are_tokens() {
        let good = (owned(&["admin", "Content editors", "éditeur"]), owned(&["notes:read", "a"]));
        assert_eq!(faults(&good.0, &good.1), [""; 0]);
        let long = "x".repeat(65);
        for bad in ["", " admin", "ad\nmin", &long] {
            assert_eq!(faults(&owned(&[bad]), &[]).len(), 1, "{bad:?}");
        }
        for bad in ["", "a b", "a\"b", "a\\b", "é", &long] {
            assert_eq!(faults(&[], &owned(&[bad])).len(), 1, "{bad:?}");
        }
        let many = vec!["x".to_owned(); 65];
        assert_eq!(faults(&many, &many).len(), 2);
    }
}
