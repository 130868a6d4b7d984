//! The options inside `#[role(..)]`.

use proc_macro2::{Ident, TokenTree};
use syn::ext::IdentExt;
use syn::{Attribute, LitStr, Path, parse::Parser};

use super::implied::{Implied, implied};
use super::written::{Value, Written, malformed, written};
use crate::diag::{Code, Problem, Sink, nearest, problem};
use crate::syntax::{flat, snake_case};

const ON_VARIANT: [&str; 2] = ["implies", "rename"];

/// Words of other libraries for `rename` and `implies`.
const LIKE_RENAME: &[&str] = &["name", "value", "alias", "key", "code", "slug", "string", "text"];
const LIKE_IMPLIES: &[&str] = &["inherits", "includes", "include", "extends", "grants", "contains", "above"];

/// Words for the opposite of `implies`.
const IMPLIED_BY: &[&str] = &["implied_by", "included_in", "inherited_by", "granted_by", "below"];

/// The options of one variant.
#[derive(Default)]
pub(super) struct Options {
    pub(super) implies: Vec<Implied>,
    pub(super) rename: Option<LitStr>,
}

/// Reads the options of the variant `role` of an enum with the variants `roles`.
pub(super) fn on_variant(role: &Ident, attributes: &[Attribute], roles: &[&Ident], sink: &mut Sink) -> Options {
    let mut options = Options::default();
    for written in written(attributes, true, sink) {
        match written.name.to_string().as_str() {
            "implies" => options.implies.extend(implied(role, &written, roles, sink)),
            "rename" => {
                let name = new_name(role, &written, sink);
                once(&mut options.rename, &written, name, sink);
            }
            "crate" => sink.push(misplaced(&written, "put `#[role(crate = path)]` above the enum")),
            _ => sink.push(unknown_on_variant(role, &written, roles)),
        }
    }
    options
}

/// Reads the only option of the enum: the path of the runtime crate.
pub(super) fn on_enum(attributes: &[Attribute], sink: &mut Sink) -> Option<Path> {
    let mut runtime = None;
    for written in written(attributes, false, sink) {
        match written.name.to_string().as_str() {
            "crate" => {
                let path = runtime_path(&written, sink);
                once(&mut runtime, &written, path, sink);
            }
            name if ON_VARIANT.contains(&name) => {
                sink.push(misplaced(&written, format!("put `#[role({name} = …)]` above a variant")));
            }
            "rename_all" => sink.push(
                unknown(&written, "an enum takes `crate = …`; its variants, `implies` and `rename`")
                    .advice("rename each variant by `#[role(rename = \"…\")]`"),
            ),
            name => sink.push(match nearest(name, &["crate"]) {
                Some(near) => unknown_name(&written, "an enum takes `crate = …`; its variants, `implies` and `rename`")
                    .did_you_mean(Some(near)),
                None => unknown(&written, "an enum takes `crate = …`; its variants, `implies` and `rename`").remove(),
            }),
        }
    }
    runtime
}

fn new_name(role: &Ident, option: &Written, sink: &mut Sink) -> Option<LitStr> {
    let message = "`rename` wants a string";
    let Some(value) = option.assigned() else {
        let usual = snake_case(&role.unraw().to_string());
        let name = match &option.value {
            Value::Listed(list) => syn::parse2::<LitStr>(list.clone()).map_or(usual, |name| name.value()),
            _ => usual,
        };
        sink.push(malformed(&option.whole, message).write(format_args!("rename = {name:?}")));
        return None;
    };
    if let Ok(name) = syn::parse2(value.clone()) {
        return Some(name);
    }
    let wrong = malformed(value, message);
    sink.push(match flat(value.clone()).as_slice() {
        [TokenTree::Ident(word)] => wrong.write(format_args!("{:?}", word.unraw().to_string())),
        _ => wrong.advice("put the name in quotation marks, such as `\"member\"`"),
    });
    None
}

fn runtime_path(option: &Written, sink: &mut Sink) -> Option<Path> {
    let example = "name the crate by its path, such as `crate = my_framework::auth_runtime`";
    let message = "`crate` names the runtime by its path";
    let Some(value) = option.assigned() else {
        sink.push(malformed(&option.whole, message).advice(example));
        return None;
    };
    if let Ok(path) = Path::parse_mod_style.parse2(value.clone()) {
        return Some(path);
    }
    let quoted = syn::parse2::<LitStr>(value.clone()).ok();
    let quoted = quoted.filter(|text| text.parse_with(Path::parse_mod_style).is_ok());
    sink.push(match quoted {
        Some(text) => malformed(value, message).write(text.value()),
        None => malformed(value, message).advice(example),
    });
    None
}

/// Stores the value, or refuses it if there is one already.
fn once<T>(place: &mut Option<T>, option: &Written, value: Option<T>, sink: &mut Sink) {
    if place.is_some() {
        let message = format!("`{}` is given twice", option.name);
        sink.push(problem(&option.removable, Code::RoleOptionTwice, message).remove());
    } else {
        *place = value;
    }
}

fn misplaced(option: &Written, help: impl Into<String>) -> Problem {
    let name = &option.name;
    problem(name, Code::RoleOptionPlace, format!("`{name}` does not belong here")).advice(help.into())
}

fn unknown_on_variant(role: &Ident, option: &Written, roles: &[&Ident]) -> Problem {
    let note = format!("`{role}` takes `implies = …` and `rename = \"…\"`");
    let typed = option.name.to_string();
    let is_bare_role = matches!(option.value, Value::Missing) && roles.contains(&&option.name);
    let like = |words: &[&str]| words.contains(&typed.as_str());
    match nearest(&typed, &ON_VARIANT) {
        _ if is_bare_role => unknown_name(option, &note).write(format_args!("implies = {typed}")),
        _ if like(IMPLIED_BY) => unknown_name(option, &note)
            .advice(format!("put `#[role(implies = {role})]` above the role that implies `{role}`")),
        Some(near) => unknown_name(option, &note).did_you_mean(Some(near)),
        None if like(LIKE_RENAME) => unknown_name(option, &note).write("rename"),
        None if like(LIKE_IMPLIES) => unknown_name(option, &note).write("implies"),
        None => unknown(option, &note).remove(),
    }
}

/// Words the problem of an unknown option, at the tokens that disappear with it.
fn unknown(option: &Written, note: &str) -> Problem {
    let message = format!("unknown option `{}`", option.name);
    problem(&option.removable, Code::RoleUnknownOption, message).note(note.to_owned())
}

/// Words the problem of an unknown option, at its name.
fn unknown_name(option: &Written, note: &str) -> Problem {
    let name = &option.name;
    problem(name, Code::RoleUnknownOption, format!("unknown option `{name}`")).note(note.to_owned())
}
