//! The text of a role's name or of a scope.

/// Returns the first character of a name that no name has. Elsewhere, these characters separate several names, and a
/// control character is never meant. Spaces inside a role's name are allowed, because directories have such roles.
pub(crate) fn separator(name: &str) -> Option<char> {
    name.chars().find(|char| is_separator(*char))
}

/// Returns whether the text holds several roles: `admin, user` or `admin or user`. The word "and" is in names, such as
/// `Sales and Marketing`.
pub(crate) fn is_several(names: &str) -> bool {
    separator(names).is_some() || alternatives(names).len() > 1
}

/// Returns the parts of the text between which the word "or" stands.
fn alternatives(names: &str) -> Vec<String> {
    let words: Vec<&str> = names.split_whitespace().collect();
    let parts: Vec<String> = words.split(|word| word.eq_ignore_ascii_case("or")).map(|words| words.join(" ")).collect();
    if parts.len() > 1 && parts.iter().all(|part| !part.is_empty()) { parts } else { vec![names.to_owned()] }
}

/// Returns whether the text is a placeholder, such as `$role`.
pub(crate) fn is_placeholder(name: &str) -> bool {
    let is_word = |text: &str| text.chars().all(|char| char.is_alphanumeric() || char == '_');
    name.strip_prefix('$').is_some_and(|rest| rest.starts_with(|char: char| char.is_alphabetic()) && is_word(rest))
}

/// Returns whether the text is a pattern, such as `admin*`, `^admin$`, `%admin%` or `{role}`. Names are compared
/// exactly, so no name matches it. The clinical scopes of SMART on FHIR, such as `patient/*.read`, are names.
pub(crate) fn is_pattern(name: &str) -> bool {
    let is_between = |first, last| name.len() > 1 && name.starts_with(first) && name.ends_with(last);
    let is_clinical = ["patient/", "user/", "system/"].iter().any(|lead| name.starts_with(lead));
    let is_filled_in = name.find('{').is_some_and(|open| name[open..].contains('}'));
    name.contains('*') && !is_clinical || is_between('^', '$') || is_between('%', '%') || is_filled_in
}

/// Returns whether the text is code, for example `!banned`, `admin && user` or `hasRole('admin')`.
pub(crate) fn is_code(name: &str) -> bool {
    let is_word = |text: &str| !text.is_empty() && text.chars().all(|char| char.is_alphanumeric() || char == '_');
    let is_call = name.split_once('(').is_some_and(|(called, rest)| is_word(called) && rest.starts_with(['"', '\'']));
    name.contains("&&")
        || name.contains(" AND ")
        || name.strip_prefix('!').is_some_and(|rest| rest.starts_with(char::is_alphabetic))
        || is_call
}

/// Returns whether the text is a path, for example `Role::Admin`.
pub(crate) fn is_quoted_path(name: &str) -> bool {
    let is_word = |text: &str| !text.is_empty() && text.chars().all(|char| char.is_alphanumeric() || char == '_');
    name.contains("::") && name.split("::").all(is_word) && name.starts_with(char::is_alphabetic)
}

/// Returns the names that one text holds, each once.
pub(crate) fn pieces(names: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    for piece in names.split(is_separator).flat_map(alternatives) {
        let piece = piece.trim_matches(is_bracket).to_owned();
        if !piece.is_empty() && !pieces.contains(&piece) {
            pieces.push(piece);
        }
    }
    pieces
}

/// Converts a name to snake case. A word begins at a capital that follows a small letter or a digit. It also begins at
/// the last capital of a run that a small letter follows: `SuperAdmin` is `super_admin`, `HTTPAdmin` is `http_admin`,
/// `Level2Support` is `level2_support`.
pub(crate) fn snake_case(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::new();
    for (place, letter) in letters.iter().enumerate() {
        if begins_word(&letters, place) {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

/// Converts a name to the name of a variant: `super_admin` is `SuperAdmin`.
pub(crate) fn upper_camel(name: &str) -> String {
    let words = name.split(|char: char| !char.is_alphanumeric());
    let capital = |word: &str| {
        let mut chars = word.chars();
        chars.next().map(|first| first.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default()
    };
    words.map(capital).collect()
}

/// Returns whether the character stands around a name in a list of another language: `['admin', 'user']`.
fn is_bracket(char: char) -> bool {
    char.is_whitespace() || matches!(char, '[' | ']' | '\'' | '"')
}

fn is_separator(char: char) -> bool {
    matches!(char, ',' | ';' | '|') || char.is_control()
}

fn begins_word(letters: &[char], place: usize) -> bool {
    let Some(before) = place.checked_sub(1).map(|before| letters[before]) else { return false };
    let ends_run = letters.get(place + 1).is_some_and(|next| next.is_lowercase());
    letters[place].is_uppercase() && before != '_' && (!before.is_uppercase() || ends_run)
}

#[cfg(test)]
mod tests {
    use super::{
        is_code, is_pattern, is_placeholder, is_quoted_path, is_several, pieces, separator, snake_case, upper_camel,
    };

    #[test]
    fn separators_are_in_no_name() {
        for (name, expected) in [
            ("admin", None),
            ("Billing Admin", None),
            ("team/admin:1+R&D", None),
            ("a,b", Some(',')),
            ("a|b", Some('|')),
            ("a;b", Some(';')),
            ("a\tb", Some('\t')),
        ] {
            assert_eq!(separator(name), expected, "{name}");
        }
        assert_eq!(pieces("a, b;;a |c"), ["a", "b", "c"]);
    }

    #[test]
    fn the_word_or_is_in_no_name() {
        assert_eq!(pieces("admin or user OR  Billing Admin, x"), ["admin", "user", "Billing Admin", "x"]);
        assert!(is_several("admin or user") && is_several("a, b"));
        for name in ["Sales and Marketing", "or", "or admin", "Doctor", "Oregon", "a_or_b"] {
            assert!(!is_several(name), "{name}");
            assert_eq!(pieces(name), [name]);
        }
    }

    #[test]
    fn placeholders_are_told_from_names() {
        assert!(is_placeholder("$role") && is_placeholder("$admin_role"));
        assert!(!is_placeholder("$") && !is_placeholder("US$") && !is_placeholder("$5") && !is_placeholder("$a b"));
    }

    #[test]
    fn patterns_are_told_from_names() {
        for (name, expected) in [
            ("*", true),
            ("admin*", true),
            ("orders:*", true),
            ("orders:write", false),
            ("^admin$", true),
            ("%a%", true),
            ("${ROLE}", true),
            ("patient/*.read", false),
            ("100%", false),
        ] {
            assert_eq!(is_pattern(name), expected, "{name}");
        }
    }

    #[test]
    fn code_is_told_from_names() {
        for name in ["!banned", "admin && user", "admin AND user", "hasRole('admin')", "role(\"a\")"] {
            assert!(is_code(name), "{name}");
        }
        for name in ["R&D", "Sales and Marketing", "Billing (EU)", "Hi!", "O'Brien", "!"] {
            assert!(!is_code(name), "{name}");
        }
        assert!(is_quoted_path("Role::Admin") && is_quoted_path("crate::auth::Role::Admin"));
        assert!(!is_quoted_path("arn:aws:iam::123:role/Admin") && !is_quoted_path("a:b"));
    }

    #[test]
    fn variants_become_words() {
        for (variant, name) in [
            ("Admin", "admin"),
            ("SuperAdmin", "super_admin"),
            ("HTTPAdmin", "http_admin"),
            ("AdminHTTP", "admin_http"),
            ("Level2Support", "level2_support"),
            ("X", "x"),
            ("ABTester", "ab_tester"),
            ("Already_Split", "already_split"),
            ("lower", "lower"),
            ("ÄlterePerson", "ältere_person"),
        ] {
            assert_eq!(snake_case(variant), name, "{variant}");
        }
        assert_eq!(upper_camel("super_admin"), "SuperAdmin");
    }
}
