use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use crate::attribute::Attribute;
use crate::diag::{Code, Problem, Sink, nearest, one_of, problem};
use crate::syntax::{Argument, Clause, flat, stream};

/// The form in which an option is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Flag,
    Value,
    List,
}

struct Known {
    attribute: Attribute,
    name: &'static str,
    form: Form,
    example: &'static str,
}

const fn known(attribute: Attribute, name: &'static str, form: Form, example: &'static str) -> Known {
    Known { attribute, name, form, example }
}

pub(super) const CSRF_REASON: &str = "because = \"signed by the payment provider\"";

const OPTIONS: &[Known] = &[
    known(Attribute::Public, "because", Form::Value, "because = \"load balancer probe\""),
    known(Attribute::Protected, "via", Form::List, "via(bearer, session)"),
    known(Attribute::Protected, "fresh", Form::Value, "fresh = 5 min"),
    known(Attribute::RateLimit, "by", Form::Value, "by = ip"),
    known(Attribute::RateLimit, "burst", Form::Value, "burst = 20"),
    known(Attribute::RateLimit, "cost", Form::Value, "cost = 5"),
    known(Attribute::RateLimit, "name", Form::Value, "name = \"login\""),
    known(Attribute::RateLimit, "counts", Form::Value, "counts = after_checks"),
    known(Attribute::RateLimit, "on_outage", Form::Value, "on_outage = deny"),
    known(Attribute::RateLimit, "shadow", Form::Flag, "shadow"),
    known(Attribute::CsrfExempt, "because", Form::Value, CSRF_REASON),
];

/// The options of one attribute. Each is known, occurs at most once and has its own form.
pub(super) struct Options {
    given: Vec<Given>,
}

/// One option as the user gave it.
pub(super) struct Given {
    known: &'static Known,
    pub(super) name: Ident,
    pub(super) value: Vec<TokenTree>,
}

impl Options {
    /// Separates the options from a clause's other arguments, which the caller reads.
    pub(super) fn read(clause: &Clause, sink: &mut Sink) -> (Self, Vec<Argument>) {
        let mut options = Self { given: Vec::new() };
        let mut rest = Vec::new();
        for argument in clause.arguments() {
            match read_one(clause.attribute, argument) {
                Ok(Ok(given)) => options.add(given, sink),
                Ok(Err(problem)) => sink.push(problem),
                Err(argument) => rest.push(argument),
            }
        }
        (options, rest)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Given> {
        self.given.iter().find(|given| given.known.name == name)
    }

    fn add(&mut self, given: Given, sink: &mut Sink) {
        if self.get(given.known.name).is_some() {
            let name = given.known.name;
            sink.push(
                problem(&given.name, Code::OptionTwice, format_args!("`{name}` is given twice")).advice("keep one"),
            );
        } else {
            self.given.push(given);
        }
    }
}

impl Given {
    pub(super) fn tokens(&self) -> TokenStream {
        stream(&self.value)
    }

    /// Returns the name and the value.
    pub(super) fn whole(&self) -> TokenStream {
        let (name, value) = (&self.name, self.tokens());
        quote!(#name = #value)
    }

    /// Returns the meaning of a value that is one of `words`. `what` and `note` describe them in the problem.
    pub(super) fn word<T: Copy>(&self, words: &[(&str, T)], code: Code, what: &str, note: &str) -> Result<T, Problem> {
        let tokens = flat(self.tokens());
        let [TokenTree::Ident(word)] = tokens.as_slice() else { return Err(self.malformed("a word belongs here")) };
        let typed = word.to_string();
        let names: Vec<&str> = words.iter().map(|(name, _)| *name).collect();
        match words.iter().find(|(name, _)| *name == typed) {
            Some((_, meaning)) => Ok(*meaning),
            None => Err(problem(word, code, format_args!("unknown {what} `{typed}`"))
                .did_you_mean(nearest(&typed, &names))
                .note(note)),
        }
    }

    /// Words the problem of a value of the wrong kind.
    pub(super) fn malformed(&self, message: &str) -> Problem {
        problem(self.tokens(), Code::MalformedOption, message).write(format_args!("{}", self.known.example))
    }
}

/// Returns whether the attribute has an option of this name.
pub(super) fn is_known(attribute: Attribute, name: &Ident) -> bool {
    OPTIONS.iter().any(|known| known.attribute == attribute && name == known.name)
}

/// Reads an option, words the problem with it, or returns the argument if it is not an option.
fn read_one(attribute: Attribute, argument: Argument) -> Result<Result<Given, Problem>, Argument> {
    let takes_names = matches!(attribute, Attribute::RequireRole | Attribute::RequireScope);
    let (name, form, value) = match &argument {
        Argument::Word(word) => (word, Form::Flag, Vec::new()),
        Argument::Set { name, value } => (name, Form::Value, value.clone()),
        Argument::Call { name, arguments } => (name, Form::List, arguments.stream().into_iter().collect()),
        Argument::Text(_) | Argument::Path(_) | Argument::Other(_) => return Err(argument),
    };
    if name == "crate" {
        return Ok(Err(runtime(&argument)));
    }
    match OPTIONS.iter().find(|known| known.attribute == attribute && name == known.name) {
        Some(known) => Ok(formed(known, name, form, value, &argument)),
        None if takes_names && form != Form::Value => Err(argument),
        None => Ok(Err(unknown(attribute, name))),
    }
}

fn formed(
    known: &'static Known,
    name: &Ident,
    form: Form,
    value: Vec<TokenTree>,
    argument: &Argument,
) -> Result<Given, Problem> {
    let has_value = form != Form::Value || !value.is_empty();
    if form == known.form && has_value {
        return Ok(Given { known, name: name.clone(), value });
    }
    let message = format_args!("`{name}` is not written like this");
    Err(problem(argument, Code::MalformedOption, message).write(format_args!("{}", known.example)))
}

fn runtime(argument: &Argument) -> Problem {
    problem(argument, Code::MalformedOption, "`crate` names the runtime crate once, by its path")
        .write("crate = my_framework::auth_runtime")
}

fn unknown(attribute: Attribute, name: &Ident) -> Problem {
    let own: Vec<&str> = OPTIONS.iter().filter(|known| known.attribute == attribute).map(|known| known.name).collect();
    let typed = name.to_string();
    let unknown = problem(name, Code::UnknownOption, format_args!("unknown option `{typed}` of `{attribute}`"));
    let unknown = match own.as_slice() {
        [] => unknown.note(format_args!("`{attribute}` has no options but `crate`")),
        [only] => unknown.note(format_args!("the only option is `{only}`")),
        own => unknown.note(format_args!("options are {}", one_of(own).replace(" or ", ", "))),
    };
    let elsewhere = OPTIONS.iter().find(|known| known.name == typed);
    match (nearest(&typed, &own), elsewhere) {
        (Some(near), _) => unknown.did_you_mean(Some(near)),
        (None, Some(known)) => {
            unknown.advice(format_args!("write it in `#[{}({})]`", known.attribute.name(), known.example))
        }
        (None, None) => unknown,
    }
}

/// Words the problem of an argument that the attribute does not accept, as an option or otherwise.
pub(super) fn stray(attribute: Attribute, argument: &Argument, help: impl core::fmt::Display) -> Problem {
    let written = crate::syntax::spelled(argument.to_token_stream());
    problem(argument, Code::StrayToken, format_args!("`{written}` means nothing in `{attribute}`")).advice(help)
}
