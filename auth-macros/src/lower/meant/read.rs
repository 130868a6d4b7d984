use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::Lit;

use super::list::{list, text};
use super::meaning::{Meant, Noun};
use super::several::{Several, several_scopes};
use super::spelling::is_negation;
use super::words::{self, Segment};
use crate::syntax::{flat, is_punct, pieces, spelled, stream};

/// Returns the condition that the tokens probably mean, or `None` if that is unclear. `noun` is what a bare name names.
pub(in crate::lower) fn condition(tokens: &[TokenTree], noun: Noun) -> Option<Meant> {
    let tokens = body_of_closure(tokens);
    let tokens = match tokens {
        [reference, rest @ ..] if is_punct(reference, '&') => rest,
        tokens => tokens,
    };
    let all = |part: &[TokenTree]| chain(part, '&', "and", &|part| operand(part, noun), Meant::all);
    chain(tokens, '|', "or", &all, Meant::any)
}

/// Returns the body of `|user| user.is_admin()`, or the tokens if they are no closure.
fn body_of_closure(tokens: &[TokenTree]) -> &[TokenTree] {
    let tokens = match tokens {
        [TokenTree::Ident(word), rest @ ..] if word == "move" => rest,
        tokens => tokens,
    };
    match tokens {
        [bar, rest @ ..] if is_punct(bar, '|') => {
            let end = rest.iter().position(|token| is_punct(token, '|'));
            end.and_then(|end| rest.get(end + 1..)).unwrap_or_default()
        }
        tokens => tokens,
    }
}

/// Reads parts between `sign`, which may be doubled, or `word`.
fn chain(
    tokens: &[TokenTree],
    sign: char,
    word: &str,
    read: &dyn Fn(&[TokenTree]) -> Option<Meant>,
    join: fn(Vec<Meant>) -> Meant,
) -> Option<Meant> {
    let mut parts = vec![Vec::new()];
    let mut after_sign = false;
    for token in tokens {
        let is_sign = is_punct(token, sign);
        let is_word = matches!(token, TokenTree::Ident(ident) if ident.to_string().eq_ignore_ascii_case(word));
        match parts.last_mut() {
            _ if is_sign && after_sign => {}
            _ if is_sign || is_word => parts.push(Vec::new()),
            Some(part) => part.push(token.clone()),
            None => {}
        }
        after_sign = is_sign;
    }
    parts.iter().map(|part| read(part)).collect::<Option<Vec<_>>>().map(join)
}

fn operand(tokens: &[TokenTree], noun: Noun) -> Option<Meant> {
    match tokens {
        [not, rest @ ..] if is_punct(not, '!') || is_negation(not) => {
            // `!role != "x"` may mean either.
            let inner = operand(rest, noun).filter(|_| comparison(rest).is_none_or(|(_, sign, _)| !sign.negates));
            inner.map(Meant::negated)
        }
        [TokenTree::Group(group)] if matches!(group.delimiter(), Delimiter::Parenthesis | Delimiter::None) => {
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            condition(&inner, noun).or_else(|| list(&inner, noun).map(|names| Meant::named(names, noun)))
        }
        [TokenTree::Literal(literal)] => match &Lit::new(literal.clone()) {
            Lit::Str(text) => quoted(&text.value(), noun),
            other => text(other, noun).map(|names| Meant::named(names, noun)),
        },
        tokens => match comparison(tokens) {
            Some((left, sign, right)) => words::compared(left, right, sign.negates, condition),
            None => chained(tokens, noun),
        },
    }
}

fn chained(tokens: &[TokenTree], noun: Noun) -> Option<Meant> {
    match tokens {
        [TokenTree::Group(_)] => list(tokens, noun).map(|names| Meant::named(names, noun)),
        [TokenTree::Ident(_), bang, TokenTree::Group(_)] if is_punct(bang, '!') => {
            list(tokens, noun).map(|names| Meant::named(names, noun))
        }
        [TokenTree::Ident(name), literal @ TokenTree::Literal(_)] => {
            let arguments = Some(vec![literal.clone()]);
            words::meaning(&[Segment { name: name.clone(), arguments, is_member: false }], noun, condition)
        }
        [sign, rest @ ..] if is_punct(sign, '@') || is_punct(sign, '$') => chained(rest, noun),
        tokens => words::meaning(&segments(tokens)?, noun, condition),
    }
}

struct Sign {
    negates: bool,
}

/// Splits `role != "banned"` at the first comparison.
fn comparison(tokens: &[TokenTree]) -> Option<(&[TokenTree], Sign, &[TokenTree])> {
    let starts = |at: usize| (1..=3).rev().find_map(|length| Some((sign(tokens.get(at..at + length)?)?, length)));
    let (at, (negates, length)) = (1..tokens.len()).find_map(|at| Some((at, starts(at)?)))?;
    // `role >= "moderator"` compares values without an order.
    if tokens.get(at - 1).is_some_and(|before| is_punct(before, '<') || is_punct(before, '>')) {
        return None;
    }
    Some((&tokens[..at], Sign { negates }, &tokens[at + length..]))
}

/// Returns whether the tokens compare for inequality, or `None` if they do not compare.
fn sign(tokens: &[TokenTree]) -> Option<bool> {
    match spelled(stream(tokens)).as_str() {
        "=" | "==" | "===" | "in" | "is" => Some(false),
        "!=" | "!==" | "<>" | "not in" | "is not" | "!in" => Some(true),
        _ => None,
    }
}

/// Reads `a.b.c(x)` or `a::b(x)`.
fn segments(tokens: &[TokenTree]) -> Option<Vec<Segment>> {
    let mut segments = Vec::new();
    let mut rest = tokens;
    let mut is_member = false;
    while let [TokenTree::Ident(name), after @ ..] = rest {
        let (arguments, after): (Option<Group>, _) = match after {
            [TokenTree::Group(group), after @ ..] if group.delimiter() == Delimiter::Parenthesis => {
                (Some(group.clone()), after)
            }
            after => (None, after),
        };
        let arguments = arguments.map(|group| flat(group.stream()));
        segments.push(Segment { name: name.clone(), arguments, is_member });
        is_member = !after.first().is_some_and(|next| is_punct(next, ':'));
        rest = match after {
            [] => return Some(without_await(segments)),
            [question] if is_punct(question, '?') => return Some(segments),
            [dot, after @ ..] if is_punct(dot, '.') => after,
            [one, two, after @ ..] if is_punct(one, ':') && is_punct(two, ':') => after,
            [one, two, after @ ..] if is_punct(one, '?') && is_punct(two, '.') => after,
            _ => return None,
        };
    }
    None
}

fn without_await(mut segments: Vec<Segment>) -> Vec<Segment> {
    if segments.len() > 1 && segments.last().is_some_and(|last| last.name == "await") {
        let _ = segments.pop();
    }
    segments
}

/// Reads text that holds an expression, for example `"hasRole('ADMIN')"`.
fn expression_in(text: &str) -> Option<Meant> {
    let tokens: TokenStream = text.replace('\'', "\"").parse().ok()?;
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    condition(&tokens, Noun::Role)
}

/// Returns the meaning of a string: a name, names, or a whole expression.
fn quoted(text: &str, noun: Noun) -> Option<Meant> {
    if text.contains(['(', '=', '<', '>', '#']) {
        return expression_in(text);
    }
    let (noun, text) = match text.split_once(':') {
        Some(("auth", "sanctum")) => return Some(Meant::Authenticated),
        Some(("ability" | "scope", rest)) => {
            let each = pieces(rest).into_iter().map(|name| Meant::Scopes(vec![format!("{name:?}")]));
            return Some(Meant::any(each.collect()));
        }
        Some(("role" | "roles", rest)) => (Noun::Role, rest),
        Some(("scopes" | "abilities", rest)) => {
            let names: Vec<String> = pieces(rest).into_iter().map(|name| format!("{name:?}")).collect();
            return (!names.is_empty()).then_some(Meant::Scopes(names));
        }
        Some(("permission" | "can", rest)) => (Noun::Scope, rest),
        Some(_) => (Noun::Scope, text),
        None => (noun, text),
    };
    if let Some(several) = several_scopes(text).filter(|_| noun == Noun::Scope) {
        return match several {
            Several::Either(meant) => Some(meant),
            Several::Unsaid(_) | Several::Unclear => None,
        };
    }
    let names: Vec<String> = pieces(text).into_iter().map(|name| format!("{name:?}")).collect();
    (!names.is_empty()).then(|| Meant::named(names, noun))
}
