//! Only `secret::is_same` and `secret::is_same_text`, which take constant time, compare secrets.
//!
//! The compiler cannot check this. `SecretString` has no `==`, but an exposed secret is an ordinary text. So these
//! tests read the sources. They look for comparisons of values that are named like a secret, and for `PartialEq` on
//! types that hold a secret. A list gives each exception and its reason.

use std::path::Path;

use crate::{production_code, root, sources};

/// Names of secrets, and of values that are derived from secrets.
const SECRETS: [&str; 16] = [
    "cookie",
    "derived",
    "digest",
    "expose",
    "expose_secret",
    "fingerprint",
    "hash",
    "hmac",
    "key_hash",
    "mac",
    "password",
    "password_hash",
    "sealed",
    "secret",
    "signature",
    "tag",
];

/// Comparisons that need no constant time: the file, the comparison, the reason.
const COMPARED: [(&str, &str, &str); 5] = [
    ("limit/memory/cells.rs", "cell.hash == 0)", COUNTER),
    ("limit/memory/cells.rs", "u32::from(cell.hash == key.get())", COUNTER),
    ("limit/memory/cells.rs", "select_unpredictable(cell.hash == key.get()", COUNTER),
    ("limit/memory/cells.rs", "last.hash == 0", COUNTER),
    ("store/memory/session_table.rs", "session.cookie != Some(old)", HASH),
];

/// Types with `PartialEq` that seem to hold a secret: the name, the reason.
const COMPARABLE: [(&str, &str); 16] = [
    ("RetiredName", "the hash of a user name, which others knew"),
    ("AccountKey", "the hash of a name that is no secret"),
    ("ApiKeyRecord", HASH),
    ("Attempt", "whose attempt it was, by the hash of a name that is no secret"),
    ("ClientKey", "the hash of an address that is no secret"),
    ("CookieSwap", HASH),
    ("FirstCredential", HASH),
    ("KeyFault", "what is wrong with a key, without the key"),
    ("OneTimeRecord", HASH),
    ("ParseSessionSecretError", "it says that a text is no secret, and holds nothing"),
    ("Parts", COUNTER),
    ("Place", COUNTER),
    ("PublicNumbers", "the public half of a key"),
    ("Revocation", "its mark is random and no secret, and its target is no credential"),
    ("Rotated", "the sealed successor is ciphertext, and its key is kept nowhere"),
    ("TokenHash", HASH),
];

/// Types of values that are secret, or derived from a secret.
const HOLDERS: [&str; 6] = ["Secret", "Opaque", "Zeroizing", "[u8", "TokenHash", "Fingerprint"];

/// Stores find a secret by its hash. The time of a look-up may reveal how much of a hash matches, but an attacker
/// cannot choose how a hash begins.
const HASH: &str = "a SHA-256 of 190 random bits or more, which no guess approaches byte by byte";
const COUNTER: &str = "finds a counter, and opens nothing";

#[test]
fn secrets_are_compared_in_constant_time() {
    let mut faults = Vec::new();
    for (file, comparison) in everywhere(comparisons) {
        if names_a_secret(&comparison) && !COMPARED.iter().any(|(of, allowed, _)| *of == file && *allowed == comparison)
        {
            faults.push(format!("{file}: `{comparison}`: compare by `secret::is_same`"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn types_that_hold_secrets_have_no_equality() {
    let mut faults = Vec::new();
    for (file, (name, body)) in everywhere(types_with_equality) {
        let holds = names_a_secret(&body) || HOLDERS.iter().any(|word| body.contains(word));
        if holds && !COMPARABLE.iter().any(|(allowed, _)| *allowed == name) {
            faults.push(format!("{file}: `{name}` holds a secret and has `PartialEq`"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn one_function_compares_in_constant_time() {
    let uses =
        everywhere(|code| code.lines().filter(|line| line.contains("constant_time::")).map(str::to_owned).collect());
    let files: Vec<_> = uses.into_iter().map(|(file, _)| file).collect();
    assert_eq!(files, ["secret.rs"]);
}

#[test]
fn every_exception_is_still_needed() {
    let (compared, comparable) = (everywhere(comparisons), everywhere(types_with_equality));
    for (file, comparison, _) in COMPARED {
        assert!(compared.contains(&(file.to_owned(), comparison.to_owned())), "{file}: {comparison}");
    }
    for (name, _) in COMPARABLE {
        assert!(comparable.iter().any(|(_, (found, _))| *found == name), "{name}");
    }
}

/// Returns the results of `find` in each file of the runtime, with the file's path below `src`.
fn everywhere<T>(find: impl Fn(&str) -> Vec<T>) -> Vec<(String, T)> {
    let src = root().join("auth-runtime/src");
    let below = |file: &Path| file.strip_prefix(&src).unwrap().to_str().unwrap().replace('\\', "/");
    let mut all = Vec::new();
    for file in sources("auth-runtime/src") {
        all.extend(find(&production_code(&file)).into_iter().map(|found| (below(&file), found)));
    }
    all
}

/// `left == right`, `left != right`, and calls of methods that compare, each without white space inside an operand.
fn comparisons(code: &str) -> Vec<String> {
    let words: Vec<&str> = code.split_whitespace().map(operand).collect();
    let operators = words.windows(3).filter(|words| matches!(words[1], "==" | "!=")).map(|words| words.join(" "));
    let methods = words.iter().filter(|word| METHODS.iter().any(|method| word.contains(method)));
    operators.chain(methods.map(|word| (*word).to_owned())).collect()
}

const METHODS: [&str; 6] = [".eq(", ".ne(", ".cmp(", ".starts_with(", ".ends_with(", ".eq_ignore_ascii_case("];

fn operand(word: &str) -> &str {
    if matches!(word, "==" | "!=") {
        return word;
    }
    word.trim_start_matches(['(', '!', '|', '&', '*']).trim_end_matches([',', ';', '{', '}'])
}

fn names_a_secret(text: &str) -> bool {
    text.split(' ').any(|operand| {
        let mut names = operand.split(|char: char| !char.is_alphanumeric() && char != '_');
        // A length is no secret.
        !operand.contains(".len()") && names.any(|name| SECRETS.contains(&name))
    })
}

/// Returns the name and the fields of the types that derive `PartialEq`, or implement it.
fn types_with_equality(code: &str) -> Vec<(String, String)> {
    let derived = code.split("#[derive(").skip(1).filter(|rest| {
        let traits = rest.split(")]").next().unwrap();
        traits.split(", ").any(|name| name == "PartialEq")
    });
    let derived = derived.map(|rest| {
        let item = rest.split_once(")]").unwrap().1;
        let start =
            ["struct ", "enum "].iter().filter_map(|keyword| item.find(keyword).map(|at| at + keyword.len())).min();
        let item = &item[start.unwrap()..];
        let name = identifier(item);
        // A type without braces ends at its semicolon, one with braces in the first column.
        let end = item.find("\n}").unwrap_or(item.len()).min(item.find(";\n").unwrap_or(item.len()));
        (name, item[..end].to_owned())
    });
    // Handwritten implementations are always reported, so that a reviewer reads them.
    let implemented = code.split("PartialEq for ").skip(1).map(|rest| (identifier(rest), "secret".to_owned()));
    derived.chain(implemented).collect()
}

fn identifier(text: &str) -> String {
    text.chars().take_while(|char| char.is_alphanumeric() || *char == '_').collect()
}

#[test]
fn the_reader_of_comparisons_finds_what_it_should() {
    for (code, found) in [
        ("if stored.hash == presented.hash {", true),
        ("let same = (a.expose_secret() != b);", true),
        ("one.tag\n    == other", true),
        ("hash.len() == 32", false),
        ("secret.expose().starts_with(prefix)", true),
        ("kind == SessionKind::Cookie", false),
        ("known.iter().any(|cookie| cookie == presented)", true),
    ] {
        assert_eq!(comparisons(code).iter().any(|comparison| names_a_secret(comparison)), found, "{code}");
    }
    let types = "#[derive(Clone, PartialEq)]\npub struct Kept {\n    pub hash: [u8; 32],\n}\n#[derive(Eq)]\nstruct Other(u8);\n";
    assert_eq!(types_with_equality(types), [("Kept".to_owned(), "Kept {\n    pub hash: [u8; 32],".to_owned())]);
}
