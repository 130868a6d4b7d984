use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use syn::{Attribute, Meta};

use crate::diag::{Code, Sink, nearest, problem};
use crate::syntax::{flat, is_punct, split, stream};

pub(super) const NAMES: [&str; 7] = ["max", "types", "max_files", "max_pixels", "max_entries", "max_unpacked", "crate"];

/// Words of other libraries, and what they are here.
const FOREIGN: [(&str, &str); 14] = [
    ("limit", "max"),
    ("size", "max"),
    ("max_size", "max"),
    ("max_bytes", "max"),
    ("file_size", "max"),
    ("type", "types"),
    ("mime", "types"),
    ("mimes", "types"),
    ("content_types", "types"),
    ("accept", "types"),
    ("allow", "types"),
    ("files", "max_files"),
    ("count", "max_files"),
    ("max_count", "max_files"),
];

/// An option as it is written.
pub(super) struct Given {
    pub(super) name: Ident,
    /// All tokens of the option.
    pub(super) whole: TokenStream,
    /// The tokens after `=`.
    pub(super) value: Option<Vec<TokenTree>>,
    /// The tokens inside parentheses.
    pub(super) list: Option<Vec<TokenTree>>,
}

/// Reads the options of all `#[upload(..)]` attributes. Each option is there once.
pub(super) fn options(attributes: &[Attribute], sink: &mut Sink) -> Vec<Given> {
    let mut all: Vec<Given> = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("upload")) {
        let Meta::List(list) = &attribute.meta else {
            let message = "`#[upload]` has its options in parentheses";
            sink.push(
                problem(attribute, Code::UploadOption, message)
                    .write(r#"#[upload(max = "5 MiB", types("image/png"))]"#)
                    .because("the limits are yours to say"),
            );
            continue;
        };
        for part in split(flat(list.tokens.clone())) {
            let Some(given) = option(&part, sink) else { continue };
            if all.iter().any(|other| other.name == given.name) {
                let message = format!("`{}` is given twice", given.name);
                sink.push(problem(&given.whole, Code::UploadOption, message).remove());
            } else {
                all.push(given);
            }
        }
    }
    all
}

fn option(part: &[TokenTree], sink: &mut Sink) -> Option<Given> {
    let whole = stream(part);
    let given = match part {
        [TokenTree::Ident(name)] => Some((name, None, None)),
        [TokenTree::Ident(name), equals, value @ ..] if is_punct(equals, '=') => {
            Some((name, Some(value.to_vec()), None))
        }
        [TokenTree::Ident(name), TokenTree::Group(group)] if group.delimiter() == Delimiter::Parenthesis => {
            Some((name, None, Some(flat(group.stream()))))
        }
        _ => None,
    };
    let note = "options are `max`, `types`, `max_files`, `max_pixels`, `max_entries`, `max_unpacked`, `crate`";
    let Some((name, value, list)) = given else {
        sink.push(problem(&whole, Code::UploadOption, "an option has a name").note(note));
        return None;
    };
    let word = name.to_string();
    if !NAMES.contains(&word.as_str()) {
        let foreign = FOREIGN.iter().find(|(other, _)| *other == word).map(|(_, ours)| *ours);
        let message = format!("`#[upload]` has no option `{word}`");
        let near = foreign.or_else(|| nearest(&word, &NAMES));
        sink.push(problem(name, Code::UploadOption, message).did_you_mean(near).note(note));
        return None;
    }
    Some(Given { name: name.clone(), whole, value, list })
}
