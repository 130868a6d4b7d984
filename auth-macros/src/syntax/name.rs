//! The text of a role's name or of a scope.

/// Returns the first character of a name that no name has. Elsewhere, these characters separate several names, and a
/// control character is never meant. Spaces inside a role's name are allowed, because directories have such roles.
pub(crate) fn separator(name: &str) -> Option<char> {
    name.chars().find(|char| is_separator(*char))
}

/// Returns the names that one text holds, each once.
pub(crate) fn pieces(names: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    for piece in names.split(is_separator).map(str::trim) {
        if !piece.is_empty() && !pieces.contains(&piece) {
            pieces.push(piece);
        }
    }
    pieces
}

/// Converts a name to snake case. A word begins at a capital that follows a small letter or a digit, and at the last
/// capital of a run that a small letter follows: `SuperAdmin` is `super_admin`, `HTTPAdmin` is `http_admin`,
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
    use super::{pieces, separator, snake_case, upper_camel};

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
