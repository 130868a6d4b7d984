use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::{DeriveInput, Lit, LitInt, Path, parse::Parser};

use super::options::{Given, options};
use super::types::{Family, types};
use crate::diag::{Code, Problem, Sink, problem};
use crate::lower::{meant_size, size_in_bytes};
use crate::runtime::runtime_path;
use crate::syntax::{TimeSpan, stream};

const EXAMPLE: &str = r#"#[upload(max = "5 MiB", types("image/png"))]"#;

/// What the expansion needs. With a mistake, it takes no file.
pub(super) struct Policy {
    pub(super) runtime: TokenStream,
    /// Bytes.
    pub(super) max: u64,
    /// Variants of `FileType`.
    pub(super) types: Vec<Ident>,
    /// The other limits: the method that sets one, and its value.
    pub(super) limits: Vec<(Ident, TokenStream)>,
    /// Whether an implementation can be written: the type has no parameters.
    pub(super) is_plain: bool,
}

/// Reads the policy, and refuses what contradicts itself.
pub(super) fn read(input: &DeriveInput, sink: &mut Sink) -> Policy {
    let (name, generics) = (&input.ident, &input.generics);
    let is_plain = generics.params.is_empty();
    if !is_plain {
        let message = format!("`{name}` has generic parameters");
        sink.push(
            problem(quote!(#name #generics), Code::UploadShape, message)
                .write(name)
                .because("an upload policy is fixed and carries no type"),
        );
    }
    let given = options(&input.attrs, sink);
    let of = |word: &str| given.iter().find(|given| given.name == word);
    let max = of("max").map(|max| sink.keep(size(max)));
    let listed = of("types").map(|list| types(list, sink));
    if sink.is_empty() && (max.is_none() || listed.is_none()) {
        sink.push(missing(input, max.is_none(), listed.is_none()));
    }
    let limits = limits(&given, sink);
    if let Some(Some(listed)) = &listed {
        for given in &given {
            without_effect(given, listed, sink);
        }
    }
    let runtime = of("crate").and_then(|given| sink.keep(path(given)));
    let (max, listed) = (max.flatten().unwrap_or_default(), listed.flatten().unwrap_or_default());
    let types = if sink.is_empty() { listed.into_iter().map(|(variant, _)| variant).collect() } else { Vec::new() };
    Policy { runtime: runtime_path(runtime), max, types, limits, is_plain }
}

/// Words the problem of a policy without one of its two bounds.
fn missing(input: &DeriveInput, max: bool, types: bool) -> Problem {
    let name = &input.ident;
    match (max, types) {
        (true, true) => problem(name, Code::UploadMissing, format!("`{name}` does not say which files it takes"))
            .advice(format!("put `{EXAMPLE}` below the derive")),
        (true, false) => problem(name, Code::UploadMissing, format!("`{name}` does not say how large a file may be"))
            .advice("add `max`, as in `max = \"5 MiB\"`"),
        _ => problem(name, Code::UploadMissing, format!("`{name}` does not say which types of files it takes"))
            .advice("add `types`, as in `types(\"image/png\", \"image/jpeg\")`"),
    }
}

fn limits(given: &[Given], sink: &mut Sink) -> Vec<(Ident, TokenStream)> {
    let mut limits = Vec::new();
    for given in given {
        let value = match given.name.to_string().as_str() {
            "max_files" | "max_entries" => sink.keep(count(given, u32::MAX.into())).map(|count| {
                let count = u32::try_from(count).unwrap_or(u32::MAX);
                quote!(#count)
            }),
            "max_pixels" => sink.keep(count(given, u64::MAX)).map(|count| quote!(#count)),
            "max_unpacked" => sink.keep(size(given)).map(|size| quote!(#size)),
            _ => None,
        };
        let method = Ident::new(&format!("with_{}", given.name), Span::call_site().located_at(given.name.span()));
        limits.extend(value.map(|value| (method, value)));
    }
    limits
}

/// Refuses an option for types that are not listed.
fn without_effect(given: &Given, listed: &[(Ident, Family)], sink: &mut Sink) {
    let (needed, word) = match given.name.to_string().as_str() {
        "max_pixels" => (Family::Image, "image"),
        "max_entries" | "max_unpacked" => (Family::Archive, "archive"),
        _ => return,
    };
    if !listed.iter().any(|(_, family)| *family == needed) {
        let message = format!("`{}` bounds nothing: `types` lists no {word}", given.name);
        sink.push(problem(&given.whole, Code::UploadNoEffect, message).remove());
    }
}

/// Reads a size, with or without quotation marks.
fn size(given: &Given) -> Result<u64, Problem> {
    let value = given.value.as_deref().unwrap_or_default();
    let span = match value {
        [TokenTree::Literal(literal)] if let Lit::Str(text) = Lit::new(literal.clone()) => TimeSpan::quoted(&text),
        value => TimeSpan::read(value),
    };
    if let Some(amount) = span.as_ref().and_then(|span| span.amount.as_ref())
        && amount.base10_digits() == "0"
    {
        return Err(zero(given));
    }
    match span.and_then(|span| size_in_bytes(&span, value)) {
        Some(bytes) => bytes.map(Into::into),
        None => {
            let problem = malformed(given, format!("`{}` is a size", given.name));
            Err(match meant_size(value) {
                Some(meant) => problem.write(format_args!("{} = \"{meant}\"", given.name)),
                None => problem.advice(format!("give a size, as in `{} = \"5 MiB\"`", given.name)),
            })
        }
    }
}

fn count(given: &Given, most: u64) -> Result<u64, Problem> {
    let value = given.value.as_deref().unwrap_or_default();
    // syn takes a minus sign for a part of the number.
    let number = syn::parse2::<LitInt>(stream(value)).ok().filter(|_| value.len() == 1);
    let Some(number) = number else {
        let problem = malformed(given, format!("`{}` is a number", given.name));
        return Err(problem.advice(format!("give a number, as in `{} = 3`", given.name)));
    };
    match number.base10_parse::<u64>() {
        Ok(0) => Err(zero(given)),
        Ok(number) if number <= most => Ok(number),
        _ => Err(problem(&number, Code::NumberTooLarge, format!("`{}` is larger than can be counted", given.name))
            .advice("give the largest number that the handler needs")),
    }
}

fn zero(given: &Given) -> Problem {
    let message = format!("`{}` of zero admits no file", given.name);
    problem(&given.whole, Code::UploadZero, message).advice("give the largest value that the handler needs")
}

fn malformed(given: &Given, message: String) -> Problem {
    problem(&given.whole, Code::UploadOption, message)
}

fn path(given: &Given) -> Result<Path, Problem> {
    let value = given.value.as_deref().unwrap_or_default();
    Path::parse_mod_style.parse2(stream(value)).map_err(|_| {
        malformed(given, "`crate` names the runtime by its path".to_owned())
            .advice("name the crate by its path, such as `crate = my_framework::auth_runtime`")
    })
}
