//! Turns the function as written into a check. Only this module refuses code.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};

use super::model::{Check, StandIn};
use crate::diag::{Code, Problem, Sink, problem};
use crate::lower::{allowance, is_guarded, unfit_runtime};
use crate::runtime::runtime_path;
use crate::syntax::{Argument, Function, Item, Parameter, is_word, runtime_of, spelled, split, stream};

/// Returns the path of the runtime crate, which is the only argument.
pub(super) fn runtime(arguments: TokenStream, sink: &mut Sink) -> TokenStream {
    let unfit = split(arguments.clone()).into_iter().filter(|part| runtime_of(stream(part)).is_none());
    unfit.for_each(|part| sink.push(unfit_argument(&part)));
    runtime_path(runtime_of(arguments))
}

fn unfit_argument(part: &[TokenTree]) -> Problem {
    if matches!(part, [TokenTree::Ident(name), ..] if name == "crate") {
        return unfit_runtime(&Argument::read(part.to_vec()), false, Code::CheckArguments);
    }
    let message = format!("`#[check]` takes no argument `{}`", spelled(stream(part)));
    problem(stream(part), Code::CheckArguments, message).remove().because("the function says everything")
}

/// Returns the check. If the sink has problems afterwards, the result must not be used.
pub(super) fn check(item: &Item, sink: &mut Sink) -> Option<Check> {
    let Some(function) = item.function() else {
        sink.push(not_a_function(item));
        return None;
    };
    let rules: [fn(&Item, &Function) -> Option<Problem>; 6] =
        [has_body, plain, asynchronous, not_generic, returns, no_policy];
    for problem in rules.iter().filter_map(|rule| rule(item, &function)) {
        sink.push(problem);
    }
    let arguments = function.parameters.iter().filter_map(|parameter| argument(&function, parameter, sink)).collect();
    Some(Check {
        answer: answer(item, &function),
        name: function.name,
        visibility: function.visibility,
        lints: lints(item),
        arguments,
    })
}

/// Returns a replacement for a check with mistakes, if a type with its name is possible at this position.
pub(super) fn stand_in(item: &Item) -> Option<StandIn> {
    let new = |name, visibility| {
        StandIn::Function(Check {
            answer: TokenStream::new(),
            name,
            visibility,
            lints: Vec::new(),
            arguments: Vec::new(),
        })
    };
    let Some(function) = item.function() else {
        let word = item.first_word()?.to_string();
        let at = item.tokens.iter().position(|token| is_word(token, &word))?;
        let visibility = stream(&item.tokens[..at]);
        let is_generic = |rest: &[TokenTree]| matches!(rest, [TokenTree::Punct(angle), ..] if angle.as_char() == '<');
        return match (word.as_str(), item.tokens.get(at + 1..)?) {
            ("struct" | "enum" | "union", [TokenTree::Ident(name), rest @ ..]) if !is_generic(rest) => {
                Some(StandIn::Type(name.clone()))
            }
            ("const" | "static", [TokenTree::Ident(name), ..]) if name != "mut" => Some(new(name.clone(), visibility)),
            _ => None,
        };
    };
    let free = function.has_body && !function.parameters.iter().any(Parameter::is_receiver);
    free.then(|| new(function.name, function.visibility))
}

/// Returns the lints that the function allows or expects. A deprecated function also allows the lint about its use.
fn lints(item: &Item) -> Vec<TokenStream> {
    let is_deprecated =
        item.attributes.iter().any(|outer| outer.path().first().is_some_and(|name| name == "deprecated"));
    let deprecated = is_deprecated.then(|| quote!(#[allow(deprecated)]));
    item.attributes.iter().filter_map(allowance).chain(deprecated).collect()
}

fn not_a_function(item: &Item) -> Problem {
    let what: &dyn ToTokens = match item.first_word() {
        Some(word) => word,
        None => &stream(&item.tokens),
    };
    problem(what, Code::CheckNotAFunction, "`#[check]` stands on something that is no function")
        .advice("it stands on a function such as `async fn owns_post(..) -> bool { .. }`")
}

/// Refuses a function without a body, which cannot run. A function of a trait is at a position where no type can be
/// declared.
fn has_body(_: &Item, function: &Function) -> Option<Problem> {
    let name = &function.name;
    (!function.has_body).then(|| {
        problem(name, Code::CheckNotAFunction, format!("the check `{name}` has no body"))
            .advice("make it a free function: `async fn owns_post(..) -> bool { .. }`")
    })
}

/// Refuses qualifiers, because the runtime calls the check like an ordinary function.
fn plain(_: &Item, function: &Function) -> Option<Problem> {
    let is_async = |token: &TokenTree| is_word(token, "async");
    let run = function.qualifiers.split(is_async).find(|run| !run.is_empty())?;
    let message = format!("the check `{}` is `{}`", function.name, spelled(stream(run)));
    Some(
        problem(stream(run), Code::CheckQualifier, message)
            .remove()
            .because("the guard calls a check like any other function"),
    )
}

fn asynchronous(_: &Item, function: &Function) -> Option<Problem> {
    function.qualifier("async").is_none().then(|| {
        problem(&function.keyword, Code::CheckNotAsync, format!("the check `{}` is not async", function.name))
            .write("async fn")
    })
}

/// Refuses generic functions. A policy states only the check's path, so it cannot choose parameters.
fn not_generic(item: &Item, function: &Function) -> Option<Problem> {
    // Between the function's name and its parameters.
    let generics = item.tokens.get(function.keyword_at + 2..function.parentheses_at)?;
    (!generics.is_empty()).then(|| {
        problem(stream(generics), Code::CheckGeneric, format!("the check `{}` is generic", function.name))
            .advice("name the types themselves: a policy names the check and chooses no types for it")
    })
}

fn returns(item: &Item, function: &Function) -> Option<Problem> {
    let after = item.tokens.get(function.parentheses_at + 1..)?;
    let is_arrow = matches!(after, [TokenTree::Punct(dash), ..] if dash.as_char() == '-');
    (!is_arrow).then(|| {
        problem(&function.name, Code::CheckNoAnswer, format!("the check `{}` returns nothing", function.name))
            .advice("return `bool`, where `true` admits the caller, or `Result<bool, E>`")
    })
}

/// Returns the return type, separated from a `where` clause.
fn answer(item: &Item, function: &Function) -> TokenStream {
    let after = item.tokens.get(function.parentheses_at + 1..).unwrap_or_default();
    let is_where = |token: &TokenTree| matches!(token, TokenTree::Ident(word) if word == "where");
    let end = after.iter().position(is_where).unwrap_or(after.len().saturating_sub(1));
    stream(after.get(2..end).unwrap_or_default())
}

fn no_policy(_: &Item, function: &Function) -> Option<Problem> {
    is_guarded(function).then(|| {
        problem(&function.name, Code::CheckWithPolicy, format!("the check `{}` has a policy of its own", function.name))
            .advice("keep `#[check]` alone here, and the policy on the handlers that ask it")
            .note("a check runs when the policy of a handler asks it: the caller is known by then")
    })
}

/// Returns the type of one parameter, if the macro can name it outside the function.
fn argument(function: &Function, parameter: &Parameter, sink: &mut Sink) -> Option<TokenStream> {
    let ty = stream(&parameter.ty);
    let unfit = if parameter.is_receiver() {
        receiver(function, parameter)
    } else if let Some(cfg) = parameter.attributes.iter().find(|attribute| attribute.is_cfg()) {
        problem(
            cfg,
            Code::CheckCfgArgument,
            format!("an argument of the check `{}` is there only at times", function.name),
        )
        .advice("put the `#[cfg(..)]` on two functions of the same name")
    } else if let Some(owned) = behind_reference(&parameter.ty) {
        problem(&ty, Code::CheckReference, format!("the check `{}` borrows an argument", function.name))
            .write(spelled(stream(owned)))
            .because("the guard hands the value over")
    } else if super::body::is_known(&parameter.ty) {
        super::body::problem_of(&function.name, &ty)
    } else if names_impl(ty.clone()) {
        problem(&ty, Code::CheckGeneric, format!("the check `{}` is generic", function.name))
            .advice("name the type itself: a policy names the check and chooses no types for it")
    } else if super::plain::is_known(&parameter.ty) {
        super::plain::problem_of(&function.name, &ty)
    } else {
        return Some(ty);
    };
    sink.push(unfit);
    None
}

/// Returns the type behind `&`, `&mut` or `&'a`.
fn behind_reference(ty: &[TokenTree]) -> Option<&[TokenTree]> {
    let rest = match ty {
        [TokenTree::Punct(and), TokenTree::Punct(tick), TokenTree::Ident(_), rest @ ..]
            if and.as_char() == '&' && tick.as_char() == '\'' =>
        {
            rest
        }
        [TokenTree::Punct(and), rest @ ..] if and.as_char() == '&' => rest,
        _ => return None,
    };
    Some(match rest {
        [TokenTree::Ident(word), rest @ ..] if word == "mut" => rest,
        _ => rest,
    })
}

fn receiver(function: &Function, parameter: &Parameter) -> Problem {
    problem(stream(&parameter.pattern), Code::CheckReceiver, format!("the check `{}` takes `self`", function.name))
        .advice(format!(
            "move `{}` out of the `impl` block; what it needs, it takes as an extractor, such as `State<App>`",
            function.name
        ))
}

fn names_impl(ty: TokenStream) -> bool {
    ty.into_iter().any(|token| match token {
        TokenTree::Ident(word) => word == "impl",
        TokenTree::Group(group) => names_impl(group.stream()),
        _ => false,
    })
}
