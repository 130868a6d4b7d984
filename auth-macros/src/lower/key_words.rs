//! Words for the keys of limits, ours and those of other frameworks.

use proc_macro2::TokenTree;
use syn::{Lit, LitStr};

use crate::diag::nearest;
use crate::syntax::flat;

/// The kinds of key, and other words that users may write for them. A slip in one of them is found, too.
const KINDS: &[(&str, &str)] = &[
    ("user", "user"),
    ("ip", "ip"),
    ("api_key", "api_key"),
    ("global", "global"),
    ("header", "header(\"x-tenant\")"),
    ("path", "path(\"id\")"),
    ("identity", "user"),
    ("account", "user"),
    ("subject", "user"),
    ("caller", "user"),
    ("address", "ip"),
    ("client_ip", "ip"),
    ("host", "ip"),
    ("everyone", "global"),
];

/// Words of other frameworks, in lower case without `_` and `-`. They count only as they stand here, because a
/// function of the application may have a similar name.
const FOREIGN: &[(&str, &[&str])] = &[
    ("user", &["userid", "username", "uid", "sub", "principal", "currentuser", "useridentity", "getuserid"]),
    (
        "ip",
        &[
            "remoteaddr",
            "remoteaddress",
            "getremoteaddress",
            "remoteip",
            "remoteipaddress",
            "realip",
            "peeraddr",
            "peerip",
            "ipaddress",
            "ipaddr",
            "getipaddr",
            "clientaddr",
            "clientaddress",
            "addr",
            "peeripkeyextractor",
            "smartipkeyextractor",
        ],
    ),
    ("api_key", &["apikey", "xapikey"]),
    ("global", &["all", "anyone", "total", "globalkeyextractor", "endpoint", "route", "handler"]),
];

/// Words that may mean several kinds, or something of which a caller may have several.
const UNCLEAR: &[&str] = &[
    "key",
    "keys",
    "client",
    "id",
    "role",
    "roles",
    "scope",
    "scopes",
    "permission",
    "permissions",
    "session",
    "token",
];

/// Headers in which proxies report the client's address, in lower case.
const FORWARDED: &[&str] = &[
    "forwarded",
    "forwarded-for",
    "x-forwarded",
    "x-forwarded-for",
    "x-original-forwarded-for",
    "x-vercel-forwarded-for",
    "x-real-ip",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-originating-ip",
    "x-remote-ip",
    "x-remote-addr",
    "x-envoy-external-address",
    "x-appengine-user-ip",
    "x-azure-clientip",
    "x-nf-client-connection-ip",
    "client-ip",
    "true-client-ip",
    "cf-connecting-ip",
    "cf-connecting-ipv6",
    "do-connecting-ip",
    "fastly-client-ip",
    "fly-client-ip",
];

/// Returns whether proxies report the client's address in the header.
pub(super) fn is_forwarded(header: &str) -> bool {
    FORWARDED.contains(&header.to_ascii_lowercase().as_str())
}

/// Returns the key that is meant by a header.
fn header(name: &str) -> String {
    if is_forwarded(name) { "ip".to_owned() } else { format!("header({name:?})") }
}

/// Returns whether the word may mean several kinds of key.
pub(super) fn is_unclear(word: &str) -> bool {
    UNCLEAR.contains(&word.to_lowercase().as_str())
}

/// Returns the kind that the word means here or elsewhere, as it stands.
pub(super) fn kind_of(word: &str) -> Option<&'static str> {
    let word = word.to_lowercase();
    let squashed = word.replace(['_', '-'], "");
    let ours = KINDS.iter().find(|(name, _)| *name == word).map(|(_, meant)| *meant);
    ours.or_else(|| FOREIGN.iter().find(|(_, words)| words.contains(&squashed.as_str())).map(|(kind, _)| *kind))
}

/// Returns the kind with the typed word or a similar one.
pub(super) fn similar(typed: &str) -> Option<&'static str> {
    if is_unclear(typed) {
        return None;
    }
    kind_of(typed).or_else(|| {
        let words: Vec<&str> = KINDS.iter().map(|(word, _)| *word).collect();
        let near = nearest(typed, &words)?;
        KINDS.iter().find(|(word, _)| *word == near).map(|(_, meant)| *meant)
    })
}

/// Returns the key that is meant by a string.
pub(super) fn of_text(text: &str) -> Option<String> {
    if let Some(kind) = similar(text) {
        return Some(kind.to_owned());
    }
    let parameter = text.trim_start_matches(['/', '{', ':', '*']).trim_end_matches('}');
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|char| char.is_ascii_alphanumeric() || char == '_');
    if parameter != text && is_name(parameter) {
        return Some(format!("path({parameter:?})"));
    }
    let is_header = text.contains('-') && text.split('-').all(is_name);
    is_header.then(|| header(text))
}

/// Returns the only key in an expression of another language: `req.ip`, `request.headers["x-tenant"]`,
/// `req.params.id`.
pub(super) fn kind_in(tokens: &[TokenTree]) -> Option<String> {
    let words: Vec<String> = tokens.iter().filter_map(word).collect();
    let is_plain = tokens.iter().all(|token| !matches!(token, TokenTree::Punct(sign) if sign.as_char() != '.'));
    if !is_plain {
        return None;
    }
    let texts: Vec<LitStr> = tokens.iter().filter_map(text_in).collect();
    match (words.iter().position(|word| matches!(word.as_str(), "headers" | "header")), texts.as_slice()) {
        (Some(_), [name]) => return Some(header(&name.value().to_lowercase())),
        (Some(_), _) => return None,
        (None, _) => {}
    }
    if let Some(at) = words.iter().position(|word| matches!(word.as_str(), "params" | "path_params" | "route_values")) {
        let name = words.get(at + 1).cloned().or_else(|| texts.first().map(LitStr::value))?;
        return Some(format!("path({name:?})"));
    }
    let mut kinds: Vec<&str> = words.iter().filter_map(|word| kind_of(word)).collect();
    kinds.dedup();
    match kinds.as_slice() {
        [kind] if !kind.contains('(') => Some((*kind).to_owned()),
        _ => None,
    }
}

fn word(token: &TokenTree) -> Option<String> {
    match token {
        TokenTree::Ident(word) => Some(word.to_string()),
        _ => None,
    }
}

/// Returns the string in `["x-tenant"]` or `("x-tenant")`.
fn text_in(token: &TokenTree) -> Option<LitStr> {
    let TokenTree::Group(group) = token else { return None };
    match flat(group.stream()).as_slice() {
        [TokenTree::Literal(literal)] => match Lit::new(literal.clone()) {
            Lit::Str(text) => Some(text),
            _ => None,
        },
        _ => None,
    }
}
