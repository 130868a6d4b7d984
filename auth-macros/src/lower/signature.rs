use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::quote;

use crate::diag::{Code, Problem, Sink, problem};
use crate::model::hidden_name;
use crate::syntax::{Clause, Function, Item, Outer, Parameter, flat, has_word, is_word, spelled, stream};

/// The number of extractors up to which axum implements `Handler`.
const MOST_EXTRACTORS: usize = 16;

/// What can stand in place of a function.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fitness {
    /// The function with a guard.
    Guardable,
    /// A function of the same name that refuses, with the function inside it.
    Replaceable,
    /// A function of the same name that refuses. The function needs the `impl` block around it.
    InsideImpl,
    /// Only the function as written.
    Unfit,
}

/// Refuses functions that cannot be handlers.
pub(super) fn check(function: &Function, clauses: &[Clause], sink: &mut Sink) -> Fitness {
    if is_guarded(function) {
        clauses.iter().for_each(|clause| sink.push(renamed(clause, function)));
        return Fitness::Unfit;
    }
    let is_declaration = !function.has_body;
    let receiver = receiver(function);
    let hopeless = [unsafe_or_extern(function), no_body(function), too_many(function)];
    let hopeless: Vec<Problem> = hopeless.into_iter().flatten().collect();
    let in_impl = receiver.or_else(|| mentions_self_type(function).filter(|_| hopeless.is_empty()));
    let fitness = match () {
        () if is_declaration => Fitness::Unfit,
        () if in_impl.is_some() => Fitness::InsideImpl,
        () if !hopeless.is_empty() || function.qualifier("const").is_some() || returns_future(function) => {
            Fitness::Replaceable
        }
        () => Fitness::Guardable,
    };
    not_async(function).into_iter().chain(in_impl).chain(hopeless).for_each(|problem| sink.push(problem));
    fitness
}

/// Words the problem of an item that is not a function: `#[protected] struct Account;`.
pub(super) fn no_function(item: &Item, clauses: &[Clause]) -> Problem {
    let attribute = clauses.first().map(|clause| clause.attribute.to_string()).unwrap_or_default();
    match item.first_word() {
        Some(word) if word == "impl" || word == "trait" || word == "mod" => {
            problem(word, Code::NotAFunction, format_args!("`{attribute}` stands on a whole `{word}`"))
                .advice("write it on each handler, which is an `async fn` outside of any `impl` block")
        }
        Some(word) => problem(word, Code::NotAFunction, format_args!("`{attribute}` stands on {}", described(word)))
            .advice("write it on the handler, which is an `async fn`"),
        None => problem(stream(&item.tokens), Code::NotAFunction, format_args!("`{attribute}` stands on no function"))
            .advice("write it on the handler, which is an `async fn`"),
    }
}

/// Returns the noun of an item that begins with this word.
fn described(word: &Ident) -> String {
    match word.to_string().as_str() {
        "enum" => "an `enum`".to_owned(),
        keyword @ ("struct" | "union" | "const" | "static" | "type" | "use" | "macro_rules") => {
            format!("a `{keyword}`")
        }
        _ => "no function".to_owned(),
    }
}

/// Returns whether the function has the hidden guard of a policy in front of its parameters. A handler that has it was
/// finished without the attribute that looks at it.
pub(crate) fn is_guarded(function: &Function) -> bool {
    let hidden = hidden_name(&function.name).to_string();
    function.parameters.first().is_some_and(|first| has_word(&first.ty, &hidden))
}

/// Returns whether the function is a handler that another attribute finished with a mistake.
pub(crate) fn is_refused(function: &Function) -> bool {
    let is_refusal = |first: &Parameter| has_word(&first.ty, "Refused") && has_word(&first.ty, "__private");
    function.parameters.first().is_some_and(is_refusal)
}

fn renamed(clause: &Clause, function: &Function) -> Problem {
    let (name, attribute) = (&function.name, clause.attribute);
    let message = format_args!("`{name}` already has a policy, and `{attribute}` was not part of it");
    problem(&clause.name, Code::RenamedImport, message).advice(OWN_NAME)
}

/// Words the problem of an attribute that the attributes above it did not see.
pub(crate) fn unseen(clause: &Clause) -> Problem {
    let message = format_args!("the attributes above did not see `{}`", clause.attribute);
    problem(&clause.name, Code::RenamedImport, message).advice(OWN_NAME)
}

const OWN_NAME: &str = "import the attribute under its own name; the others do not see one renamed with `use .. as ..`";

fn not_async(function: &Function) -> Option<Problem> {
    if function.qualifier("async").is_some() {
        return None;
    }
    let name = &function.name;
    let problem = |at: TokenStream| problem(at, Code::NotAsync, format_args!("`{name}` is a handler and not `async`"));
    let Function { qualifiers, keyword, .. } = function;
    // Other qualifiers are problems of their own.
    let constant = qualifiers.iter().filter(|token| is_word(token, "const"));
    Some(match returns_future(function) {
        true => problem(quote!(#keyword #name))
            .advice("make it an `async fn` that awaits the future and returns its output"),
        false => problem(quote!(#(#constant)* #keyword)).write("async fn"),
    })
}

/// Returns whether the return type looks like a future, which an `async` function would wrap once more.
fn returns_future(function: &Function) -> bool {
    let is_future = |token: &TokenTree| matches!(token, TokenTree::Ident(word) if ["Future", "Ready", "BoxFuture", "Pin"].iter().any(|name| word == name));
    function.qualifier("async").is_none() && flat(stream(&function.tail)).iter().any(is_future)
}

fn unsafe_or_extern(function: &Function) -> Option<Problem> {
    let run = function.qualifiers.split(|token| is_word(token, "async")).find(|run| !run.is_empty())?;
    if run.iter().all(|token| is_word(token, "const")) {
        return None;
    }
    let message = format_args!("a handler cannot be `{}`", spelled(stream(run)));
    Some(
        problem(stream(run), Code::UnsafeOrExtern, message)
            .remove()
            .because("axum calls a handler like any other function"),
    )
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
