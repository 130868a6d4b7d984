use proc_macro2::{Ident, TokenTree};

use crate::diag::{Code, Problem, Sink, problem};
use crate::model::hidden_name;
use crate::syntax::{Clause, Function, Item, Outer, Parameter, flat, stream};

/// The number of extractors up to which axum implements `Handler`.
const MOST_EXTRACTORS: usize = 16;

/// Refuses functions that cannot be handlers. Returns whether the function can be guarded nevertheless.
pub(super) fn check(function: &Function, clauses: &[Clause], sink: &mut Sink) -> bool {
    if is_guarded(function) {
        clauses.iter().for_each(|clause| sink.push(renamed(clause, function)));
        return false;
    }
    let hopeless = [unsafe_or_extern(function), receiver(function), no_body(function), too_many(function)];
    let hopeless: Vec<Problem> = hopeless.into_iter().flatten().collect();
    let is_guardable = hopeless.is_empty() && function.qualifier("const").is_none();
    let in_impl = if hopeless.is_empty() { mentions_self_type(function) } else { None };
    let is_free = in_impl.is_none();
    not_async(function).into_iter().chain(hopeless).chain(in_impl).for_each(|problem| sink.push(problem));
    is_guardable && is_free
}

/// Words the problem of an item that is not a function: `#[protected] struct Account;`.
pub(super) fn no_function(item: &Item, clauses: &[Clause]) -> Problem {
    let attribute = clauses.first().map(|clause| clause.attribute.to_string()).unwrap_or_default();
    match item.first_word() {
        Some(word) if word == "impl" || word == "trait" || word == "mod" => {
            problem(word, Code::NotAFunction, format_args!("`{attribute}` stands on a whole `{word}`"))
                .advice("write it on each handler, which is an `async fn` outside of any `impl` block")
        }
        Some(word) => problem(word, Code::NotAFunction, format_args!("`{attribute}` stands on a `{word}`"))
            .advice("write it on the handler, which is an `async fn`"),
        None => problem(stream(&item.tokens), Code::NotAFunction, format_args!("`{attribute}` stands on no function"))
            .advice("write it on the handler, which is an `async fn`"),
    }
}

/// Returns whether the function has the hidden guard of a policy in front of its parameters. A handler that has it was
/// finished without the attribute that looks at it.
pub(crate) fn is_guarded(function: &Function) -> bool {
    let hidden = hidden_name(&function.name);
    let is_hidden = |token: &TokenTree| matches!(token, TokenTree::Ident(word) if *word == hidden);
    function.parameters.first().is_some_and(|first| flat(stream(&first.ty)).iter().any(is_hidden))
}

fn renamed(clause: &Clause, function: &Function) -> Problem {
    let (name, attribute) = (&function.name, clause.attribute);
    let message = format_args!("`{name}` already has a policy, and `{attribute}` was not part of it");
    problem(&clause.name, Code::RenamedImport, message).advice(
        "write auth attributes under their own names; one renamed with `use .. as ..` is not seen by the others",
    )
}

fn not_async(function: &Function) -> Option<Problem> {
    if function.qualifier("async").is_some() {
        return None;
    }
    let name = &function.name;
    Some(
        problem(&function.keyword, Code::NotAsync, format_args!("`{name}` is a handler and not `async`"))
            .write(format_args!("async fn {name}")),
    )
}

fn unsafe_or_extern(function: &Function) -> Option<Problem> {
    let word = function.qualifier("unsafe").or_else(|| function.qualifier("extern"))?;
    let message = format_args!("a handler cannot be `{word}`");
    Some(problem(word, Code::UnsafeOrExtern, message).advice("write a plain `async fn`, and call the other from it"))
}

fn receiver(function: &Function) -> Option<Problem> {
    let receiver = function.parameters.iter().find(|parameter| parameter.is_receiver())?;
    Some(
        problem(stream(&receiver.pattern), Code::SelfReceiver, "a handler takes no `self`")
            .advice("write it outside the `impl` block, and take what it needs from `State<..>`"),
    )
}

fn no_body(function: &Function) -> Option<Problem> {
    if function.has_body {
        return None;
    }
    let message = format_args!("`{}` has no body to guard", function.name);
    Some(problem(&function.name, Code::NoBody, message).advice("write the attribute on the handler itself"))
}

/// Refuses too many extractors. It does not count a parameter under a `cfg`, which may be absent.
fn too_many(function: &Function) -> Option<Problem> {
    let is_certain = |parameter: &&Parameter| !parameter.attributes.iter().any(Outer::is_cfg);
    let first_too_many = function.parameters.iter().filter(is_certain).nth(MOST_EXTRACTORS - 1)?;
    let count = function.parameters.len();
    let message =
        format_args!("{count} arguments are too many: axum takes {MOST_EXTRACTORS}, and the policy is one of them");
    let at = stream(&first_too_many.pattern);
    Some(
        problem(at, Code::TooManyArguments, message).advice("join some in a struct with `#[derive(FromRequestParts)]`"),
    )
}

fn mentions_self_type(function: &Function) -> Option<Problem> {
    let types = function.parameters.iter().map(|parameter| parameter.ty.as_slice());
    let word = types.chain([function.tail.as_slice()]).find_map(self_type)?;
    Some(
        problem(word, Code::InsideImpl, "a handler inside an `impl` block cannot have a policy")
            .advice("write it outside, and the type's name instead of `Self`"),
    )
}

fn self_type(tokens: &[TokenTree]) -> Option<Ident> {
    tokens.iter().find_map(|token| match token {
        TokenTree::Ident(word) if word == "Self" => Some(word.clone()),
        TokenTree::Group(group) => {
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            self_type(&inner)
        }
        _ => None,
    })
}
