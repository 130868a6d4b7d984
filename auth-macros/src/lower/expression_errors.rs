use proc_macro2::{TokenStream, TokenTree};

use crate::{
    diag::{Code, Problem, problem},
    syntax::{Argument, Mistake, flat, spelled},
};

/// Words the problem of tokens that are not an expression, with the probable intention.
pub(super) fn wording(mistake: &Mistake) -> Problem {
    match mistake {
        Mistake::Operator { at, meant } => {
            problem(at, Code::WrongOperator, format_args!("`{at}` joins no conditions")).write(format_args!("{meant}"))
        }
        Mistake::Comparison { at, left, right } => comparison(at, left, right),
        Mistake::Gap { after } => gap(after),
        Mistake::NoOperator { at } => problem(at, Code::WrongOperator, format_args!("no operator before `{at}`"))
            .advice("write `&&` if both must hold, `||` if one is enough"),
        Mistake::NoPredicate { at } => no_predicate(at),
    }
}

fn comparison(at: &TokenStream, left: &TokenStream, right: &TokenStream) -> Problem {
    let name = match left.to_string().as_str() {
        "scope" | "scopes" => "scope",
        _ => "role",
    };
    let wanted = match Argument::read(flat(right.clone())) {
        Argument::Text(_) | Argument::Path(_) => spelled(right.clone()),
        _ => "\"admin\"".to_owned(),
    };
    problem(at, Code::WrongOperator, format_args!("`{}` compares nothing here", spelled(at.clone())))
        .write(format_args!("{name}({wanted})"))
        .note("a condition holds or does not; join them by `&&`, `||`, `!`")
}

fn gap(after: &TokenStream) -> Problem {
    let is_group = matches!(after.clone().into_iter().next(), Some(TokenTree::Group(_)));
    if is_group {
        return problem(after, Code::MissingPredicate, "these parentheses hold no condition")
            .advice("write one, or remove them");
    }
    let operator = match after.to_string().as_str() {
        "&" => "&&".to_owned(),
        "|" => "||".to_owned(),
        other => other.to_owned(),
    };
    problem(after, Code::MissingPredicate, format_args!("no condition stands beside this `{operator}`"))
        .advice("write one, or remove the operator")
}

fn no_predicate(at: &TokenStream) -> Problem {
    let written = spelled(at.clone());
    let help = match Argument::read(flat(at.clone())) {
        Argument::Text(_) => format!("write `role({written})` or `scope({written})`"),
        Argument::Path(_) => format!("write `role({written})`, or `check({written})` for a `#[check]` function"),
        _ => "write `role(\"admin\")`, `scope(\"orders:write\")`, `authenticated` or `check(path)`".to_owned(),
    };
    problem(at, Code::UnknownPredicate, format_args!("`{written}` is no condition")).advice(help)
}
