//! Named policies in an expression: `policy(CanEdit) && role("clerk")`.

use proc_macro2::{Group, Ident, TokenTree};
use quote::quote;

use super::meant::is_upper;
use super::names;
use crate::diag::{Code, Problem, Sink, problem};
use crate::model::Named;
use crate::syntax::{Expression, Node, flat, spelled, split};

pub(super) const NAME_A_POLICY: &str = "name a type that implements `HasPolicy`, such as `policy(CanEdit)`";

/// Takes the named policies out of an expression into `all`, and returns the rest; `None` if nothing else is demanded.
///
/// A named policy has its own kinds of credential, its own limits and checks. They hold beside the handler's, so the
/// policy can only be joined to the expression as a whole.
pub(super) fn taken_out(tree: &Expression, all: &mut Vec<Named>, sink: &mut Sink) -> Option<Expression> {
    match &tree.node {
        Node::Predicate { name, arguments: Some(list) } if name == "policy" => {
            if let Some(one) = sink.keep(named(name, list)) {
                note(one, list, all, sink);
            }
            None
        }
        Node::All(operands) => {
            let rest: Vec<Expression> = operands.iter().filter_map(|operand| taken_out(operand, all, sink)).collect();
            match rest.len() {
                0 => None,
                1 => rest.into_iter().next(),
                _ => Some(Expression { tokens: tree.tokens.clone(), node: Node::All(rest) }),
            }
        }
        _ => Some(tree.clone()),
    }
}

/// Words the problem of a named policy below `||` or `!`.
pub(super) fn elsewhere(name: &Ident, list: &Group) -> Problem {
    let call = quote!(#name #list);
    problem(call, Code::NamedPolicyPlace, "a named policy holds beside the whole expression")
        .advice("join it with `&&`, outside of `||` and `!`, as in `policy(CanEdit) && (role(\"a\") || role(\"b\"))`")
        .note("for a condition inside of `||`, write a `#[check]` function")
}

/// Notes a named policy, once.
fn note(one: Named, at: &Group, all: &mut Vec<Named>, sink: &mut Sink) {
    if all.iter().any(|known| known.spelled == one.spelled) {
        let message = format_args!("`{}` is named twice", one.spelled);
        sink.push(problem(at.stream(), Code::DuplicateName, message).advice("name it once"));
        return;
    }
    all.push(one);
}

fn named(name: &Ident, list: &Group) -> Result<Named, Problem> {
    let parts = split(flat(list.stream()));
    let malformed = |message| problem(quote!(#name #list), Code::MalformedPredicate, message);
    let [path] = parts.as_slice() else {
        return Err(malformed("the path of one type with a policy belongs here").advice(NAME_A_POLICY));
    };
    let Some(path) = names::only_path(path) else {
        return Err(malformed("the path of one type with a policy belongs here").advice(NAME_A_POLICY));
    };
    let spelled = spelled(path.clone());
    match path.clone().into_iter().last() {
        Some(TokenTree::Ident(last)) if is_upper(&last) => names::free_path(path).map(|path| Named { path, spelled }),
        // Types have a capital, and functions do not.
        _ => Err(malformed("a policy is the path of a type").write(format_args!("check({spelled})"))),
    }
}
