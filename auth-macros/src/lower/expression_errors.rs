use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::meant::{Extreme, Meant, Noun, condition, list, unsaid, unsaid_in};
use crate::{
    diag::{Code, Problem, problem},
    syntax::{Mistake, is_punct, spelled, stream},
};

/// Words the problem of tokens that are not an expression, with the probable intention. `whole` holds the tokens of the
/// whole expression.
pub(super) fn wording(mistake: &Mistake, whole: &[TokenStream]) -> Problem {
    match mistake {
        Mistake::Operator { at, meant } => {
            problem(at, Code::WrongOperator, format_args!("`{at}` joins no conditions")).write(meant)
        }
        Mistake::Comparison { at } => comparison(at, whole),
        Mistake::Gap { after } => gap(after),
        Mistake::NoOperator { left, right } => no_operator(left, right, whole),
        Mistake::Commas { parts } => commas(parts),
        Mistake::NoPredicate { at } => no_predicate(at, whole),
    }
}

/// Returns the condition that the tokens probably mean, as it is typed in their place.
fn replacement(at: &TokenStream, whole: &[TokenStream]) -> Option<String> {
    let meant = condition(&tokens(at), Noun::Role)?;
    let is_alone = matches!(whole, [only] if only.to_string() == at.to_string());
    Some(if is_alone { meant.alone() } else { meant.operand() })
}

fn tokens(at: &TokenStream) -> Vec<TokenTree> {
    at.clone().into_iter().collect()
}

fn comparison(at: &TokenStream, whole: &[TokenStream]) -> Problem {
    let wrong = problem(at, Code::WrongOperator, format_args!("`{}` compares nothing here", spelled(at.clone())));
    match replacement(at, whole) {
        Some(text) => wrong.write(text).note("a condition holds or does not; join them by `&&`, `||`, `!`"),
        None => wrong.advice(scopes_or_check(at)),
    }
}

/// Returns what to do about tokens without a clear meaning.
fn scopes_or_check(at: &TokenStream) -> String {
    match unsaid_in(&tokens(at)) {
        Some(names) => unsaid(&Meant::Scopes(names.clone()).alone(), &names, Meant::alone),
        None => COMPARE_IN_A_CHECK.to_owned(),
    }
}

const COMPARE_IN_A_CHECK: &str = "compare in a `#[check]` function, and ask it by `check(its_name)`";

fn gap(after: &TokenStream) -> Problem {
    let is_group = matches!(after.clone().into_iter().next(), Some(TokenTree::Group(_)));
    if is_group {
        return problem(after, Code::MissingPredicate, "these parentheses hold no condition")
            .advice("fill the parentheses, or remove them");
    }
    let operator = match after.to_string().as_str() {
        "&" => "&&".to_owned(),
        "|" => "||".to_owned(),
        other => other.to_owned(),
    };
    problem(after, Code::MissingPredicate, format_args!("no condition stands beside this `{operator}`"))
        .advice("complete the condition, or remove the operator")
}

/// Joins by `&&`, which admits fewer callers than `||`.
fn no_operator(left: &TokenStream, right: &TokenStream, whole: &[TokenStream]) -> Problem {
    let all = stream(&[tokens(left), tokens(right)].concat());
    if let Some(call) = call_in_brackets(left, right) {
        let message = format_args!("`{}` is no condition", spelled(all.clone()));
        return problem(&all, Code::UnknownPredicate, message).write(call.operand());
    }
    let both = condition(&tokens(left), Noun::Role).zip(condition(&tokens(right), Noun::Role));
    let Some((left, right_meant)) = both else { return no_predicate(&all, whole) };
    let message = format_args!("no operator before `{}`", spelled(right.clone()));
    problem(&all, Code::WrongOperator, message)
        .write(format_args!("{} && {}", left.operand(), right_meant.operand()))
        .because("join them by `||` if one is enough")
}

/// Words the problem of `role("a").or(role("b"))`.
pub(super) fn joined_by_methods(parts: &[TokenStream]) -> Option<Problem> {
    let [only] = parts else { return None };
    let meant = by_methods(&tokens(only))?;
    let message = format_args!("`{}` is no condition", spelled(only.clone()));
    Some(problem(only, Code::UnknownPredicate, message).write(meant.alone()))
}

fn by_methods(tokens: &[TokenTree]) -> Option<Meant> {
    let [left @ .., dot, TokenTree::Ident(method), TokenTree::Group(right)] = tokens else { return None };
    let right: Vec<TokenTree> = right.stream().into_iter().collect();
    let read = |tokens: &[TokenTree]| by_methods(tokens).or_else(|| condition(tokens, Noun::Role));
    let both = is_punct(dot, '.').then(|| Some(vec![read(left)?, read(&right)?])).flatten()?;
    match method.to_string().as_str() {
        "or" => Some(Meant::any(both)),
        "and" => Some(Meant::all(both)),
        _ => None,
    }
}

/// Reads `has_any_role[ADMIN, USER]`.
fn call_in_brackets(left: &TokenStream, right: &TokenStream) -> Option<Meant> {
    match (tokens(left).as_slice(), tokens(right).as_slice()) {
        ([TokenTree::Ident(name)], [TokenTree::Group(list)]) if list.delimiter() == Delimiter::Bracket => {
            let list = Group::new(Delimiter::Parenthesis, list.stream());
            condition(&[TokenTree::Ident(name.clone()), TokenTree::Group(list)], Noun::Role)
        }
        _ => None,
    }
}

fn commas(parts: &[TokenStream]) -> Problem {
    let wrong = problem(stream(&parts.iter().flat_map(tokens).collect::<Vec<_>>()), Code::WrongOperator, COMMA);
    let note = "join them by `||` if one is enough";
    match all_of(parts) {
        Some(roles @ Meant::Roles(_)) => wrong.write(roles.operand()).because("one of the roles is enough"),
        Some(meant) => wrong.write(meant.alone()).because(note),
        None => wrong.advice("join conditions by `&&` if all must hold, by `||` if one is enough"),
    }
}

const COMMA: &str = "a comma joins no conditions";

/// Returns the meaning of conditions with commas between them: roles if all are plain names of roles, and otherwise
/// that all hold.
pub(super) fn all_of(parts: &[TokenStream]) -> Option<Meant> {
    let parts = parts.iter().map(tokens).filter(|part| !is_comma(part));
    let is_name = |part: &Vec<TokenTree>| list(part, Noun::Role).is_some();
    let parts: Vec<Vec<TokenTree>> = parts.collect();
    // `role("a"), || role("b")` has an operator, too.
    let is_joined = |part: &Vec<TokenTree>| part.first().is_some_and(|sign| is_punct(sign, '|') || is_punct(sign, '&'));
    if parts.iter().any(is_joined) {
        return None;
    }
    let meant = parts.iter().map(|part| condition(part, Noun::Role)).collect::<Option<Vec<_>>>()?;
    let are_roles = meant.iter().all(|meant| matches!(meant, Meant::Roles(_)));
    Some(if are_roles && parts.iter().all(is_name) { Meant::any(meant) } else { Meant::all(meant) })
}

fn is_comma(part: &[TokenTree]) -> bool {
    part.iter().all(|token| is_punct(token, ','))
}

fn no_predicate(at: &TokenStream, whole: &[TokenStream]) -> Problem {
    let written = spelled(at.clone());
    let wrong = problem(at, Code::UnknownPredicate, format_args!("`{written}` is no condition"));
    if let Some(extreme) = Extreme::read(&tokens(at)) {
        return wrong.advice(extreme.advice());
    }
    match replacement(at, whole) {
        Some(text) if text == format!("role({written})") && written.starts_with('"') => {
            wrong.write(text).because(format_args!("a scope is asked by `scope({written})`"))
        }
        Some(text) => wrong.write(text),
        None => wrong.advice(scopes_or_check(at)),
    }
}
