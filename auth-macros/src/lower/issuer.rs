//! The option `issuer` of `#[protected]`.

use proc_macro2::TokenTree;

use super::foreign_value::string;
use super::names::free_path;
use super::options::Given;
use crate::diag::{Code, Problem, Sink, problem};
use crate::model::Issuer;
use crate::syntax::{flat, is_path, spelled, split, stream};

/// Returns the issuers of `issuer = Trusted::Corporate` or `issuer(Trusted::Corporate, Trusted::Partner)`, each once.
pub(super) fn issuers(option: &Given, sink: &mut Sink) -> Vec<Issuer> {
    let parts = split(flat(option.tokens()));
    if parts.is_empty() {
        sink.push(
            problem(&option.at, Code::EmptyList, "no issuer is accepted")
                .advice("name what is accepted, as in `issuer = Trusted::Corporate`")
                .note("to accept every issuer that the service knows, leave `issuer` out"),
        );
    }
    let mut spellings: Vec<String> = Vec::new();
    let mut issuers = Vec::new();
    for part in &parts {
        if !is_path(part) || !ends_in_variant(part) {
            sink.push(no_path(option, part));
            return Vec::new();
        }
        let path = stream(part);
        let spelling = spelled(path.clone());
        if spellings.contains(&spelling) {
            sink.push(problem(path, Code::DuplicateName, format_args!("`{spelling}` is named twice")).remove());
        } else if let Some(path) = sink.keep(free_path(path)) {
            spellings.push(spelling);
            issuers.push(Issuer { path });
        }
    }
    issuers
}

/// Returns whether the last name of the path begins with a capital, as a variant or a constant does.
fn ends_in_variant(path: &[TokenTree]) -> bool {
    matches!(path.last(), Some(TokenTree::Ident(name)) if name.to_string().starts_with(char::is_uppercase))
}

/// Words the problem of an issuer that is no path: `issuer = "corporate"`, `issuer = A | B`.
fn no_path(option: &Given, part: &[TokenTree]) -> Problem {
    match part {
        [token] if string(token).is_some() => {
            problem(token, Code::MalformedOption, "an issuer is named by a path, not by a text")
                .advice("name a variant of an enum with `#[derive(Issuer)]`, as in `issuer = Trusted::Corporate`")
                .note("`Auth::builder()` says which URL the issuer has")
        }
        _ => option.rewritten("an issuer is named by the path of a variant"),
    }
}
