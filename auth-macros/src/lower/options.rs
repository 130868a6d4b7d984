use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use super::every_kind::{EVERY_KIND, names_every_kind};
use super::foreign_value::meant;
use super::known_options::{Form, Known, OPTIONS, is_off};
use super::misplaced;
use super::unknown::{is_similar, unknown};
use crate::attribute::Attribute;
use crate::diag::{Code, Problem, Sink, nearest, problem};
use crate::syntax::{Argument, Clause, flat, is_punct, spelled, stream};

/// The options of one attribute. Each is known, occurs at most once and has its own form.
pub(super) struct Options {
    given: Vec<Given>,
}

/// One option as the user gave it.
pub(super) struct Given {
    known: &'static Known,
    pub(super) name: Ident,
    pub(super) value: Vec<TokenTree>,
    /// All tokens of the option.
    pub(super) at: TokenStream,
}

impl Options {
    /// Separates the options from a clause's other arguments, which the caller reads.
    pub(super) fn read(clause: &Clause, sink: &mut Sink) -> (Self, Vec<Argument>) {
        let arguments = separated(clause, sink);
        let arguments = misplaced::taken_out(clause, arguments, sink);
        let mut options = Self { given: Vec::new() };
        let mut rest = Vec::new();
        for argument in arguments {
            match read_one(clause, argument) {
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
        let Some(first) = self.get(given.known.name) else {
            self.given.push(given);
            return;
        };
        let message = format_args!("`{}` is given twice", given.known.name);
        sink.push(if spelled(first.at.clone()) == spelled(given.at.clone()) {
            problem(&given.at, Code::OptionTwice, message).remove()
        } else {
            let problem = problem(&given.name, Code::OptionTwice, message);
            match first.known.form() {
                Form::List | Form::Value if first.known.takes_form(Form::List) => problem.advice(format_args!(
                    "join them: `{}({}, {})`",
                    given.known.name,
                    spelled(first.tokens()),
                    spelled(given.tokens())
                )),
                Form::Flag | Form::Value | Form::List => problem.advice("keep one"),
            }
        });
    }
}

/// Returns the arguments, also where a `;` stands in place of a comma or behind the last one.
fn separated(clause: &Clause, sink: &mut Sink) -> Vec<Argument> {
    let mut arguments = Vec::new();
    for part in &clause.parts {
        let tokens = flat(part.clone());
        let mut pieces: Vec<Vec<TokenTree>> = vec![Vec::new()];
        for (at, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Punct(sign) if sign.as_char() == ';' => {
                    let wrong = problem(token, Code::StrayToken, "commas separate arguments, not `;`");
                    sink.push(if at + 1 == tokens.len() { wrong.remove() } else { wrong.write(",") });
                    pieces.push(Vec::new());
                }
                _ => pieces.last_mut().into_iter().for_each(|piece| piece.push(token.clone())),
            }
        }
        // Two commas with nothing between them are one argument without tokens.
        let is_gap = tokens.is_empty();
        arguments.extend(pieces.into_iter().filter(|piece| is_gap || !piece.is_empty()).map(Argument::read));
    }
    arguments
}

impl Given {
    /// Returns the option as one may write it.
    pub(super) fn example(&self) -> &'static str {
        self.known.example
    }

    pub(super) fn attribute(&self) -> Attribute {
        self.known.attribute
    }

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

    /// Words the problem of an option that another form says.
    pub(super) fn rewritten(&self, message: &str) -> Problem {
        let problem = problem(&self.at, Code::MalformedOption, message);
        match self.known.written(&self.value) {
            Some(written) => problem.write(written),
            None => problem.advice(format_args!("give it as in `{}`", self.known.example)),
        }
    }

    /// Words the problem of a value of the wrong kind.
    pub(super) fn malformed(&self, message: &str) -> Problem {
        let problem = problem(self.tokens(), Code::MalformedOption, message);
        match meant(self.known.takes, &self.value) {
            Some(value) => problem.write(value),
            None => problem.advice(format_args!("give it as in `{}`", self.known.example)),
        }
    }
}

/// Returns whether the attribute has an option of this name.
pub(super) fn is_known(attribute: Attribute, name: &Ident) -> bool {
    OPTIONS.iter().any(|known| known.attribute == attribute && name == known.name)
}

/// Reads an option, words the problem with it, or returns the argument if it is not an option.
fn read_one(clause: &Clause, argument: Argument) -> Result<Result<Given, Problem>, Argument> {
    let attribute = clause.attribute;
    let takes_names = matches!(attribute, Attribute::RequireRole | Attribute::RequireScope);
    let (name, form, value) = match &argument {
        Argument::Word(word) => (word, Form::Flag, Vec::new()),
        Argument::Set { name, value, .. } => (name, Form::Value, value.clone()),
        Argument::Call { name, arguments } => (name, Form::List, arguments.stream().into_iter().collect()),
        Argument::Other(tokens) => return with_colon(attribute, tokens, &argument).map(Err).ok_or(argument),
        Argument::Text(_) | Argument::Path(_) => return Err(argument),
    };
    if name == "crate" {
        return Ok(Err(runtime(&argument, clause.runtime.is_some(), Code::MalformedOption)));
    }
    match OPTIONS.iter().find(|known| known.attribute == attribute && name == known.name) {
        Some(known) => Ok(formed(known, name, form, value, &argument)),
        // All else is a directive.
        None if attribute == Attribute::Csp && !is_similar(attribute, name) => Err(argument),
        None if takes_names && (form != Form::Value || super::names::introduces_names(name)) => Err(argument),
        None => Ok(Err(unknown(attribute, name, &value, &argument))),
    }
}

/// Words the problem of `burst: 3`, `burst <= 3` and `fresh < 5 min`.
fn with_colon(attribute: Attribute, tokens: &[TokenTree], argument: &Argument) -> Option<Problem> {
    let [TokenTree::Ident(name), colon, value @ ..] = tokens else { return None };
    let known = OPTIONS.iter().find(|known| known.attribute == attribute && name == known.name)?;
    let (value, compares) = match value {
        [equals, value @ ..] if is_punct(equals, '=') => (value, is_punct(colon, '<') || is_punct(colon, '>')),
        value => (value, is_punct(colon, '<') && known.name == "fresh"),
    };
    let is_sign = is_punct(colon, ':') || compares;
    (is_sign && !value.is_empty()).then(|| other_form(known, name, value, argument))
}

fn formed(
    known: &'static Known,
    name: &Ident,
    form: Form,
    value: Vec<TokenTree>,
    argument: &Argument,
) -> Result<Given, Problem> {
    let has_value = form != Form::Value || !value.is_empty();
    if known.takes_form(form) && has_value {
        return Ok(Given { known, name: name.clone(), value, at: argument.to_token_stream() });
    }
    Err(other_form(known, name, &value, argument))
}

/// Words the problem of an option in another form than its own.
fn other_form(known: &Known, name: &Ident, value: &[TokenTree], argument: &Argument) -> Problem {
    let problem = problem(argument, Code::MalformedOption, format_args!("`{name}` is not written like this"));
    match known.written(value) {
        None if known.form() == Form::Flag && is_off(value) => problem.remove(),
        None if known.name == "via" && names_every_kind(value) => problem.remove().because(EVERY_KIND),
        Some(written) => problem.write(written),
        None => problem.advice(format_args!("give it as in `{}`", known.example)),
    }
}

/// Words the problem of `crate` with another value than one path.
pub(crate) fn runtime(argument: &Argument, is_second: bool, code: Code) -> Problem {
    if is_second {
        return problem(argument, code, "`crate` is given twice").remove();
    }
    let message = "`crate` names the runtime crate by its path";
    let path = match argument {
        Argument::Set { value, .. } => text_of(value),
        Argument::Call { arguments, .. } => {
            text_of(&arguments.stream().into_iter().collect::<Vec<_>>()).or(Some(spelled(arguments.stream())))
        }
        _ => None,
    };
    let path = path.filter(|path| syn::parse_str::<syn::Path>(path).is_ok());
    match (path, argument) {
        (Some(path), Argument::Set { value, .. }) => problem(stream(value), code, message).write(path),
        (Some(path), _) => problem(argument, code, message).write(format_args!("crate = {path}")),
        (None, _) => problem(argument, code, message).advice("give it as in `crate = my_framework::auth_runtime`"),
    }
}

fn text_of(value: &[TokenTree]) -> Option<String> {
    match value {
        [token] => super::foreign_value::string(token),
        _ => None,
    }
}

/// Words the problem of an argument that the attribute does not accept, as an option or otherwise.
pub(super) fn stray(attribute: Attribute, argument: &Argument, help: impl core::fmt::Display) -> Problem {
    strange(attribute, argument).advice(help)
}

/// The same, without a help.
pub(super) fn strange(attribute: Attribute, argument: &Argument) -> Problem {
    let written = spelled(argument.to_token_stream());
    problem(argument, Code::StrayToken, format_args!("`{written}` means nothing in `{attribute}`"))
}
