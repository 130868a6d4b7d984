use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::Lit;

use super::words::{self, Segment};
use super::{Meant, Noun};
use crate::syntax::{flat, is_path, is_punct, pieces, spelled, split, stream};

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

/// Returns the names in a list, each as it is typed: strings, characters, numbers, paths, words, lists in brackets.
pub(in crate::lower) fn list(tokens: &[TokenTree], noun: Noun) -> Option<Vec<String>> {
    let mut names = Vec::new();
    for part in split(tokens.to_vec()) {
        for name in one_or_more(&part, noun)? {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    (!names.is_empty()).then_some(names)
}

fn one_or_more(part: &[TokenTree], noun: Noun) -> Option<Vec<String>> {
    match part {
        [TokenTree::Literal(literal)] => text(&Lit::new(literal.clone()), noun),
        [TokenTree::Group(group)] => list(&flat(group.stream()), noun),
        [reference, rest @ ..] if is_punct(reference, '&') => one_or_more(rest, noun),
        [TokenTree::Ident(vec), bang, TokenTree::Group(group)] if vec == "vec" && is_punct(bang, '!') => {
            list(&flat(group.stream()), noun)
        }
        // `"admin".to_string()`, `Role::Admin.name()`
        [name @ .., dot, TokenTree::Ident(_), TokenTree::Group(none)] if is_punct(dot, '.') && none.stream().is_empty() => {
            matches!(name, [TokenTree::Literal(_)]).then(|| one_or_more(name, noun)).flatten()
        }
        [TokenTree::Ident(word)] if !words::is_upper(word) => Some(vec![format!("{:?}", words::plain(word))]),
        path if is_path(path) && noun == Noun::Role => Some(vec![spelled(stream(path))]),
        _ => None,
    }
}

/// Returns the names in a literal. One text may hold several: `"admin, user"`.
fn text(literal: &Lit, noun: Noun) -> Option<Vec<String>> {
    let text = match literal {
        Lit::Str(text) => text.value(),
        Lit::ByteStr(bytes) => String::from_utf8(bytes.value()).ok()?,
        Lit::CStr(text) => text.value().into_string().ok()?,
        Lit::Char(char) => char.value().to_string(),
        Lit::Int(number) => number.to_string(),
        _ => return None,
    };
    let pieces = pieces(&text).into_iter();
    let names: Vec<String> = match noun {
        Noun::Role => pieces.map(|name| format!("{name:?}")).collect(),
        Noun::Scope => pieces.flat_map(str::split_whitespace).map(|name| format!("{name:?}")).collect(),
    };
    (!names.is_empty()).then_some(names)
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
        [not, rest @ ..] if is_punct(not, '!') || words::is_negation(not) => {
            // `!role != "x"` may mean either.
            let inner = operand(rest, noun).filter(|_| comparison(rest).is_none_or(|(_, sign, _)| !sign.negates));
            inner.map(Meant::negated)
        }
        [TokenTree::Group(group)] if matches!(group.delimiter(), Delimiter::Parenthesis | Delimiter::None) => {
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            condition(&inner, noun).or_else(|| list(&inner, noun).map(|names| named(names, noun)))
        }
        [TokenTree::Literal(literal)] => match &Lit::new(literal.clone()) {
            Lit::Str(text) => words::quoted(&text.value(), noun),
            other => text(other, noun).map(|names| named(names, noun)),
        },
        tokens => match comparison(tokens) {
            Some((left, sign, right)) => words::compared(left, right, sign.negates),
            None => chained(tokens, noun),
        },
    }
}

fn chained(tokens: &[TokenTree], noun: Noun) -> Option<Meant> {
    match tokens {
        [TokenTree::Group(_)] => list(tokens, noun).map(|names| named(names, noun)),
        [TokenTree::Ident(_), bang, TokenTree::Group(_)] if is_punct(bang, '!') => {
            list(tokens, noun).map(|names| named(names, noun))
        }
        [TokenTree::Ident(name), literal @ TokenTree::Literal(_)] => {
            let arguments = Some(vec![literal.clone()]);
            words::meaning(&[Segment { name: name.clone(), arguments, is_member: false }], noun)
        }
        [sign, rest @ ..] if is_punct(sign, '@') || is_punct(sign, '$') => chained(rest, noun),
        tokens => words::meaning(&segments(tokens)?, noun),
    }
}

pub(super) fn named(names: Vec<String>, noun: Noun) -> Meant {
    match noun {
        Noun::Role => Meant::Roles(names),
        Noun::Scope => Meant::Scopes(names),
    }
}

pub(super) struct Sign {
    negates: bool,
}

/// Splits `role != "banned"` at the first comparison.
fn comparison(tokens: &[TokenTree]) -> Option<(&[TokenTree], Sign, &[TokenTree])> {
    let starts = |at: usize| (1..=3).rev().find_map(|length| Some((sign(tokens.get(at..at + length)?)?, length)));
    let (at, (negates, length)) = (1..tokens.len()).find_map(|at| Some((at, starts(at)?)))?;
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
            [] => return Some(segments).map(without_await),
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

/// Reads text that holds an expression, such as `"hasRole('ADMIN')"`.
pub(super) fn expression_in(text: &str) -> Option<Meant> {
    let tokens: TokenStream = text.replace('\'', "\"").parse().ok()?;
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    condition(&tokens, Noun::Role)
}
