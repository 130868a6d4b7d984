//! The media types that a policy may list.

use proc_macro2::{Ident, Span, TokenTree};
use syn::{Lit, LitStr};

use super::options::Given;
use crate::diag::{Code, Problem, Sink, nearest, problem};
use crate::syntax::{split, stream};

/// The families that have options of their own.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Image,
    Archive,
    Other,
}

/// A media type, its variant of `FileType`, and its family, in the order of that enum. A test compares the two lists.
pub(super) const TYPES: [(&str, &str, Family); 16] = [
    ("image/png", "Png", Family::Image),
    ("image/jpeg", "Jpeg", Family::Image),
    ("image/gif", "Gif", Family::Image),
    ("image/webp", "WebP", Family::Image),
    ("application/pdf", "Pdf", Family::Other),
    ("image/svg+xml", "Svg", Family::Other),
    ("text/html", "Html", Family::Other),
    ("text/plain", "PlainText", Family::Other),
    ("text/csv", "Csv", Family::Other),
    ("application/json", "Json", Family::Other),
    ("application/zip", "Zip", Family::Archive),
    ("audio/mpeg", "Mp3", Family::Other),
    ("audio/ogg", "Ogg", Family::Other),
    ("audio/wav", "Wav", Family::Other),
    ("video/mp4", "Mp4", Family::Other),
    ("video/webm", "WebM", Family::Other),
];

/// Other names of the types, and their extensions.
const FOREIGN: [(&str, &str); 21] = [
    ("png", "image/png"),
    ("image/x-png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("image/jpg", "image/jpeg"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("pdf", "application/pdf"),
    ("svg", "image/svg+xml"),
    ("image/svg", "image/svg+xml"),
    ("html", "text/html"),
    ("txt", "text/plain"),
    ("csv", "text/csv"),
    ("json", "application/json"),
    ("text/json", "application/json"),
    ("zip", "application/zip"),
    ("application/x-zip-compressed", "application/zip"),
    ("mp3", "audio/mpeg"),
    ("audio/mp3", "audio/mpeg"),
    ("mp4", "video/mp4"),
    ("webm", "video/webm"),
];

/// Reads `types("image/png", "image/jpeg")`. Returns the variants and their families, or `None` if a
/// problem prevents them.
pub(super) fn types(given: &Given, sink: &mut Sink) -> Option<Vec<(Ident, Family)>> {
    let Some(list) = &given.list else {
        sink.push(malformed(given));
        return None;
    };
    if list.is_empty() {
        let message = "`types` lists no type, so no file would be taken";
        sink.push(
            problem(&given.whole, Code::UploadType, message)
                .advice("list the media types that the handler needs, as in `types(\"image/png\", \"image/jpeg\")`"),
        );
        return None;
    }
    let mut found: Vec<(Ident, Family)> = Vec::new();
    let mut is_whole = true;
    for part in split(list.iter().cloned()) {
        match one(&part) {
            Ok((variant, _)) if found.iter().any(|(other, _)| *other == variant) => {
                sink.push(problem(stream(&part), Code::UploadType, "the type is listed twice").remove());
            }
            Ok(known) => found.push(known),
            Err(problem) => {
                is_whole = false;
                sink.push(problem);
            }
        }
    }
    is_whole.then_some(found)
}

fn malformed(given: &Given) -> Problem {
    let problem = problem(&given.whole, Code::UploadOption, "`types` lists media types in parentheses");
    match given.value.as_deref() {
        Some([TokenTree::Literal(literal)]) if matches!(Lit::new(literal.clone()), Lit::Str(_)) => {
            problem.write(format_args!("types({literal})"))
        }
        _ => problem.advice("list them as in `types(\"image/png\", \"image/jpeg\")`"),
    }
}

fn one(part: &[TokenTree]) -> Result<(Ident, Family), Problem> {
    let text: LitStr = syn::parse2(stream(part)).map_err(|_| {
        problem(stream(part), Code::UploadType, "a media type is a string")
            .advice("write each type in quotation marks, as in `types(\"image/png\")`")
    })?;
    let word = text.value().to_ascii_lowercase();
    if let Some((_, variant, family)) = TYPES.iter().find(|(name, ..)| *name == text.value()) {
        return Ok((Ident::new(variant, Span::call_site().located_at(text.span())), *family));
    }
    let note = "docs of `upload::FileType` list all types";
    if word.contains('*') {
        return Err(problem(&text, Code::UploadType, "a list of types has no wildcards").advice(
            "list each type, as in `types(\"image/png\", \"image/jpeg\")`; a new type should not be taken by accident",
        ));
    }
    let foreign = FOREIGN.iter().find(|(other, _)| *other == word.trim_start_matches('.')).map(|(_, ours)| *ours);
    let near = foreign.or_else(|| nearest_type(&word)).map(|near| format!("{near:?}"));
    let message = format!("no check is known for files of the type `{}`", text.value());
    Err(problem(&text, Code::UploadType, message).did_you_mean(near.as_deref()).note(note))
}

/// Returns the type that the word probably means. Only what follows the slash is compared: in `application/`, types
/// with nothing in common are alike.
fn nearest_type(word: &str) -> Option<&'static str> {
    let subtype = |name: &'static str| name.rsplit('/').next().unwrap_or(name);
    let typed = word.rsplit('/').next().unwrap_or(word);
    let near = nearest(typed, &TYPES.map(|(name, ..)| subtype(name)))?;
    TYPES.iter().map(|(name, ..)| *name).find(|name| subtype(name) == near)
}
