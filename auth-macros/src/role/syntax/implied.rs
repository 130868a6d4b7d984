//! The roles that `implies` names.

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::{Lit, LitStr};

use super::written::{Value, Written, malformed};
use crate::diag::{Problem, Sink, nearest, one_of};
use crate::syntax::{flat, is_punct, pieces, snake_case, split, stream};

/// A role in `implies = ..`.
pub(in crate::role) struct Implied {
    pub(in crate::role) role: Ident,
    /// The tokens that disappear with it.
    pub(in crate::role) removable: TokenStream,
}

/// Reads the roles that the variant `role` implies.
pub(super) fn implied(role: &Ident, option: &Written, roles: &[&Ident], sink: &mut Sink) -> Vec<Implied> {
    let others = Others { names: roles.iter().filter(|other| **other != role).map(ToString::to_string).collect() };
    let parts: Vec<TokenStream> = match &option.value {
        Value::Missing => Vec::new(),
        Value::Assigned(value) => vec![value.clone()],
        Value::Listed(list) => split(list.clone()).iter().map(|part| stream(part)).collect(),
    };
    if parts.iter().all(TokenStream::is_empty) {
        sink.push(others.none(option));
        return Vec::new();
    }
    let is_only = parts.len() == 1;
    let is_list = matches!(option.value, Value::Listed(_));
    let read = |part: TokenStream| match syn::parse2::<Ident>(part.clone()) {
        Ok(role) => Ok(Implied { role, removable: if is_only { option.removable.clone() } else { part } }),
        Err(_) => Err(others.unreadable(option, part, is_list)),
    };
    parts.into_iter().filter_map(|part| sink.keep(read(part))).collect()
}

/// The roles that a variant can imply.
struct Others {
    names: Vec<String>,
}

impl Others {
    fn none(&self, option: &Written) -> Problem {
        let wrong = malformed(&option.whole, "`implies` names no role");
        match self.names.as_slice() {
            [only] => wrong.write(format_args!("implies = {only}")),
            _ => wrong.advice(self.choice()),
        }
    }

    fn choice(&self) -> String {
        let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        match names.as_slice() {
            [] => "add the weaker role to the enum first".to_owned(),
            names => format!("name {}", one_of(names)),
        }
    }

    /// Words the problem of a role that is not a single word: `"member"`, `Role::Member`, `[A, B]`.
    fn unreadable(&self, option: &Written, part: TokenStream, is_list: bool) -> Problem {
        const MESSAGE: &str = "a role is named by its variant alone";
        if flat(part.clone()).iter().all(|token| is_punct(token, ',')) {
            let stray = malformed(&part, "no role stands before this comma");
            return if part.into_iter().count() > 1 { stray.write(",") } else { stray.remove() };
        }
        match self.meant(&flat(part.clone())).as_deref() {
            Some([only]) => malformed(part, MESSAGE).write(only),
            Some(all) if is_list => malformed(part, MESSAGE).write(all.join(", ")),
            Some(all) => malformed(&option.whole, MESSAGE).write(format_args!("implies({})", all.join(", "))),
            None => malformed(part, MESSAGE).advice(self.choice()),
        }
    }

    /// Returns the roles that the tokens probably mean.
    fn meant(&self, tokens: &[TokenTree]) -> Option<Vec<String>> {
        let is_separator = |token: &TokenTree| [',', '|', '&', '+'].iter().any(|sign| is_punct(token, *sign));
        let parts = tokens.split(is_separator).filter(|part| !part.is_empty());
        let roles: Vec<Vec<String>> = parts.map(|part| self.meant_by(part.last()?)).collect::<Option<_>>()?;
        let roles = roles.concat();
        (!roles.is_empty()).then_some(roles)
    }

    fn meant_by(&self, token: &TokenTree) -> Option<Vec<String>> {
        match token {
            TokenTree::Ident(word) => Some(vec![self.named(&word.unraw().to_string())?]),
            TokenTree::Group(group) => self.meant(&flat(group.stream())),
            TokenTree::Literal(literal) => match Lit::new(literal.clone()) {
                Lit::Str(text) => self.quoted(&text),
                _ => None,
            },
            TokenTree::Punct(_) => None,
        }
    }

    fn quoted(&self, text: &LitStr) -> Option<Vec<String>> {
        let value = text.value();
        let roles: Vec<String> = pieces(&value).iter().map(|name| self.named(name)).collect::<Option<_>>()?;
        (!roles.is_empty()).then_some(roles)
    }

    /// Returns the variant with this name, in either spelling, or the nearest one.
    fn named(&self, name: &str) -> Option<String> {
        let exact = self.names.iter().find(|known| *known == name || snake_case(known) == snake_case(name));
        let known: Vec<&str> = self.names.iter().map(String::as_str).collect();
        exact.cloned().or_else(|| nearest(name, &known).map(str::to_owned))
    }
}
