//! Turns the function as written into a check. Only this module refuses code.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;

use super::model::Check;
use crate::diag::{Code, Problem, Sink, problem};
use crate::lower::is_guarded;
use crate::runtime::runtime_path;
use crate::syntax::{Function, Item, Parameter, runtime_of, spelled, split, stream};

/// Returns the path of the runtime crate, which is the only argument.
pub(super) fn runtime(arguments: TokenStream, sink: &mut Sink) -> TokenStream {
    let unfit = split(arguments.clone()).into_iter().filter(|part| runtime_of(stream(part)).is_none());
    unfit.for_each(|part| sink.push(unfit_argument(&part)));
    runtime_path(runtime_of(arguments))
}

fn unfit_argument(part: &[TokenTree]) -> Problem {
    if matches!(part, [TokenTree::Ident(name), ..] if name == "crate") {
        return problem(stream(part), Code::CheckArguments, "`crate` names the runtime by its path")
            .write("#[check(crate = my_framework::auth_runtime)]");
    }
    let message = format!("`#[check]` takes no argument `{}`", spelled(stream(part)));
    problem(stream(part), Code::CheckArguments, message).advice("write `#[check]`; the function says everything")
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
    Some(Check { answer: answer(item, &function), visibility: function.visibility, name: function.name, arguments })
}

/// Returns a replacement for a check with mistakes, if a type with its name is possible at this position.
pub(super) fn stand_in(item: &Item) -> Option<Check> {
    let function = item.function()?;
    let free = function.has_body && !function.parameters.iter().any(Parameter::is_receiver);
    free.then(|| Check {
        answer: TokenStream::new(),
        visibility: function.visibility,
        name: function.name,
        arguments: Vec::new(),
    })
}

fn not_a_function(item: &Item) -> Problem {
    let what: &dyn ToTokens = match item.first_word() {
        Some(word) => word,
        None => &stream(&item.tokens),
    };
    problem(what, Code::CheckNotAFunction, "`#[check]` stands on something that is no function")
        .advice("write it on `async fn owns_post(..) -> bool { .. }`")
}

/// Refuses a function without a body, which cannot run. A function of a trait is at a position where no type can be
/// declared.
fn has_body(_: &Item, function: &Function) -> Option<Problem> {
    let name = &function.name;
    (!function.has_body).then(|| {
        problem(name, Code::CheckNotAFunction, format!("the check `{name}` has no body"))
            .advice("write a free function: `async fn owns_post(..) -> bool { .. }`")
    })
}

/// Refuses qualifiers, because the runtime calls the check like an ordinary function.
fn plain(_: &Item, function: &Function) -> Option<Problem> {
    let qualifier =
        function.qualifiers.iter().find(|token| !matches!(token, TokenTree::Ident(word) if word == "async"))?;
    Some(
        problem(qualifier, Code::CheckQualifier, format!("the check `{}` is `{qualifier}`", function.name))
            .write(format_args!("async fn {}", function.name)),
    )
}

fn asynchronous(_: &Item, function: &Function) -> Option<Problem> {
    function.qualifier("async").is_none().then(|| {
        problem(&function.keyword, Code::CheckNotAsync, format!("the check `{}` is not async", function.name))
            .write(format_args!("async fn {}", function.name))
    })
}

/// Refuses generic functions. A policy states only the check's path, so it cannot choose parameters.
fn not_generic(item: &Item, function: &Function) -> Option<Problem> {
    // Between the function's name and its parameters.
    let generics = item.tokens.get(function.keyword_at + 2..function.parentheses_at)?;
    (!generics.is_empty()).then(|| {
        problem(stream(generics), Code::CheckGeneric, format!("the check `{}` is generic", function.name))
            .advice("write the types themselves; a policy names the check and chooses no types for it")
    })
}

fn returns(item: &Item, function: &Function) -> Option<Problem> {
    let after = item.tokens.get(function.parentheses_at + 1..)?;
    let is_arrow = matches!(after, [TokenTree::Punct(dash), ..] if dash.as_char() == '-');
    (!is_arrow).then(|| {
        problem(&function.name, Code::CheckNoAnswer, format!("the check `{}` returns nothing", function.name))
            .advice("write `-> bool`, where `true` admits the caller, or `-> Result<bool, E>`")
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
        .advice("write the `#[cfg(..)]` on two functions of the same name")
    } else if names_impl(ty.clone()) {
        problem(&ty, Code::CheckGeneric, format!("the check `{}` is generic", function.name))
            .advice("write the type itself; a policy names the check and chooses no types for it")
    } else {
        return Some(ty);
    };
    sink.push(unfit);
    None
}

fn receiver(function: &Function, parameter: &Parameter) -> Problem {
    problem(stream(&parameter.pattern), Code::CheckReceiver, format!("the check `{}` takes `self`", function.name))
        .advice(format!(
            "write `{}` as a free function; what it needs, it takes as an extractor: `State(app): State<App>`",
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
