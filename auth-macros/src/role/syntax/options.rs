//! The options inside `#[role(..)]`.

use core::fmt::Display;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, LitStr, Meta, Path, parse::Parser};

use crate::diag::{Code, Problem, Sink, nearest, problem};
use crate::syntax::{Argument, split, stream};

const ON_VARIANT: [&str; 2] = ["implies", "rename"];
const ON_ENUM: [&str; 1] = ["crate"];

/// The options of one variant.
#[derive(Default)]
pub(super) struct Options {
    pub(super) implies: Vec<Ident>,
    pub(super) rename: Option<LitStr>,
}

/// Reads the options of the variant `role`.
pub(super) fn on_variant(role: &Ident, attributes: &[Attribute], sink: &mut Sink) -> Options {
    let mut options = Options::default();
    for written in written(attributes, "implies = Member", sink) {
        match written.name.to_string().as_str() {
            "implies" => options.implies.extend(implied(written, sink)),
            "rename" => once(&mut options.rename, &written.name.clone(), new_name(written, sink), sink),
            "crate" => sink.push(misplaced(&written.name, "write `#[role(crate = path)]` on the enum")),
            _ => sink.push(unknown(
                &written.name,
                &ON_VARIANT,
                format!("`{role}` takes `implies = …` and `rename = \"…\"`"),
            )),
        }
    }
    options
}

/// Reads the only option of the enum: the path of the runtime crate.
pub(super) fn on_enum(attributes: &[Attribute], sink: &mut Sink) -> Option<Path> {
    let mut runtime = None;
    for written in written(attributes, "crate = path", sink) {
        match written.name.to_string().as_str() {
            "crate" => once(&mut runtime, &written.name.clone(), runtime_path(written, sink), sink),
            name if ON_VARIANT.contains(&name) => {
                sink.push(misplaced(&written.name, format!("write `#[role({name} = …)]` on a variant")));
            }
            _ => sink.push(unknown(
                &written.name,
                &ON_ENUM,
                "an enum takes `crate = …`; its variants, `implies` and `rename`",
            )),
        }
    }
    runtime
}

/// One option as written: its name and its value.
struct Written {
    name: Ident,
    value: Value,
}

enum Value {
    Missing,
    /// `= tokens`
    Assigned(TokenStream),
    /// `(tokens)`
    Listed(TokenStream),
}

impl Written {
    fn assigned(&self) -> Option<TokenStream> {
        match &self.value {
            Value::Assigned(value) => Some(value.clone()),
            Value::Missing | Value::Listed(_) => None,
        }
    }

    /// Returns the tokens that the user has to change when the value does not fit: the value, or the name without one.
    fn place(&self) -> TokenStream {
        match &self.value {
            Value::Assigned(value) | Value::Listed(value) if !value.is_empty() => value.clone(),
            _ => self.name.to_token_stream(),
        }
    }
}

/// Reads the options of all `#[role(..)]` attributes. `example` is an option that is valid here.
fn written(attributes: &[Attribute], example: &str, sink: &mut Sink) -> Vec<Written> {
    let mut all = Vec::new();
    for attribute in ours(attributes) {
        let Meta::List(list) = &attribute.meta else {
            let message = "`#[role]` wants options in parentheses";
            sink.push(malformed(attribute.path(), message, format!("#[role({example})]")));
            continue;
        };
        if list.tokens.is_empty() {
            sink.push(malformed(attribute.path(), "`#[role()]` says nothing", format!("#[role({example})]")));
        }
        let arguments = split(list.tokens.clone()).into_iter().map(Argument::read);
        all.extend(arguments.filter_map(|argument| named(argument, example, sink)));
    }
    all
}

/// Returns the `#[role(..)]` attributes.
fn ours(attributes: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attributes.iter().filter(|attribute| attribute.path().is_ident("role"))
}

fn named(argument: Argument, example: &str, sink: &mut Sink) -> Option<Written> {
    match argument {
        Argument::Word(name) => Some(Written { name, value: Value::Missing }),
        Argument::Set { name, value, .. } => Some(Written { name, value: Value::Assigned(stream(&value)) }),
        Argument::Call { name, arguments } => Some(Written { name, value: Value::Listed(arguments.stream()) }),
        other => {
            sink.push(malformed(other, "an option of `#[role(..)]` has a name", example));
            None
        }
    }
}

fn implied(option: Written, sink: &mut Sink) -> Vec<Ident> {
    let roles = match &option.value {
        Value::Missing => Vec::new(),
        Value::Assigned(role) => vec![role.clone()],
        Value::Listed(roles) => split(roles.clone()).iter().map(|role| stream(role)).collect(),
    };
    if roles.iter().all(TokenStream::is_empty) {
        sink.push(malformed(&option.name, "`implies` names no role", "implies = Member"));
        return Vec::new();
    }
    roles.into_iter().filter_map(|role| sink.keep(variant(role))).collect()
}

fn variant(role: TokenStream) -> Result<Ident, Problem> {
    syn::parse2(role.clone()).map_err(|_| {
        let name = role.clone().into_iter().last().filter(|last| matches!(last, TokenTree::Ident(_)));
        let name = name.map_or_else(|| "Member".to_owned(), |name| name.to_string());
        malformed(role, "a role is named by its variant alone", format!("implies = {name}"))
    })
}

fn new_name(option: Written, sink: &mut Sink) -> Option<LitStr> {
    let name = option.assigned().and_then(|name| syn::parse2(name).ok());
    if name.is_none() {
        sink.push(malformed(option.place(), "`rename` wants a string", "rename = \"member\""));
    }
    name
}

fn runtime_path(option: Written, sink: &mut Sink) -> Option<Path> {
    let path = option.assigned().and_then(|path| Path::parse_mod_style.parse2(path).ok());
    if path.is_none() {
        sink.push(malformed(
            option.place(),
            "`crate` names the runtime by its path",
            "crate = my_framework::auth_runtime",
        ));
    }
    path
}

/// Stores the value, or refuses it if there is one already.
fn once<T>(place: &mut Option<T>, name: &Ident, value: Option<T>, sink: &mut Sink) {
    if place.is_some() {
        let message = format!("`{name}` is given twice");
        sink.push(problem(name, Code::RoleOptionTwice, message).advice("keep one of the two"));
    } else {
        *place = value;
    }
}

fn malformed(at: impl ToTokens, message: &str, example: impl Display) -> Problem {
    problem(at, Code::RoleOption, message).write(format_args!("{example}"))
}

fn misplaced(name: &Ident, help: impl Into<String>) -> Problem {
    problem(name, Code::RoleOptionPlace, format!("`{name}` does not belong here")).advice(help.into())
}

fn unknown(name: &Ident, known: &[&str], note: impl Into<String>) -> Problem {
    problem(name, Code::RoleUnknownOption, format!("unknown option `{name}`"))
        .did_you_mean(nearest(&name.to_string(), known))
        .note(note.into())
}
