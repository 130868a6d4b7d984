use core::fmt::{self, Display};

use proc_macro2::TokenStream;
use quote::ToTokens;

use super::Code;

/// One mistake: one compile error.
#[derive(Debug)]
pub(crate) struct Problem {
    at: TokenStream,
    code: Code,
    message: String,
    help: Option<Box<Help>>,
    note: Option<String>,
}

/// What to do about a mistake. Each kind but `Advice` is a replacement: typed at the marked place, it compiles. The
/// tests type it there.
#[derive(Debug)]
enum Help {
    /// Type this in place of the marked tokens.
    Write { text: String, why: Option<String> },
    /// Type this near word in place of the marked one.
    DidYouMean(String),
    /// Type this attribute above the marked line, or this option behind the marked tokens and a comma.
    Add(String),
    /// Delete the marked tokens, with the comma before or after them.
    Remove { why: Option<String> },
    /// Nothing can be typed as it stands.
    Advice(String),
}

impl Display for Help {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match self {
            Self::Write { text, why } => write!(f, "write `{text}`").map(|()| why.as_ref())?,
            Self::Remove { why } => write!(f, "remove it").map(|()| why.as_ref())?,
            Self::Add(text) => return write!(f, "add `{text}`"),
            Self::DidYouMean(word) => return write!(f, "did you mean `{word}`?"),
            Self::Advice(advice) => return f.write_str(advice),
        };
        why.map_or(Ok(()), |why| write!(f, "; {why}"))
    }
}

/// Creates a mistake at `at`, which is the smallest token or run of tokens that the user has to change.
///
/// `message` says what is wrong with the user's code, in lower case, without a full stop, with the user's words in
/// backticks.
pub(crate) fn problem(at: impl ToTokens, code: Code, message: impl Display) -> Problem {
    Problem { at: at.into_token_stream(), code, message: message.to_string(), help: None, note: None }
}

impl Problem {
    /// Adds the text to type in place of the marked tokens.
    pub(crate) fn write(self, text: impl Display) -> Self {
        self.help(Help::Write { text: text.to_string(), why: None })
    }

    /// Adds the attribute to type above the marked line, or the option to type behind the marked tokens and a comma.
    pub(crate) fn add(self, text: impl Display) -> Self {
        self.help(Help::Add(text.to_string()))
    }

    /// Says to delete the marked tokens, with the comma before or after them.
    pub(crate) fn remove(self) -> Self {
        self.help(Help::Remove { why: None })
    }

    /// Adds the reason for a replacement or a deletion, in lower case, without a full stop.
    pub(crate) fn because(mut self, reason: impl Display) -> Self {
        if let Some(Help::Write { why, .. } | Help::Remove { why }) = self.help.as_deref_mut() {
            *why = Some(reason.to_string());
        }
        self
    }

    /// Adds "did you mean …" if there is a near word.
    pub(crate) fn did_you_mean(self, word: Option<&str>) -> Self {
        match word {
            Some(word) => self.help(Help::DidYouMean(word.to_owned())),
            None => self,
        }
    }

    /// Says what to do where no text can be typed as it stands.
    pub(crate) fn advice(self, advice: impl Display) -> Self {
        self.help(Help::Advice(advice.to_string()))
    }

    fn help(mut self, help: Help) -> Self {
        self.help = Some(Box::new(help));
        self
    }

    /// Adds a fact that explains the mistake.
    pub(crate) fn note(mut self, note: impl Display) -> Self {
        self.note = Some(note.to_string());
        self
    }

    pub(crate) fn code(&self) -> Code {
        self.code
    }

    /// Returns the marked place, what stands there after the help, and the reason, if the help is a replacement or a
    /// deletion.
    pub(crate) fn replacement(&self) -> Option<(&TokenStream, &str, Option<&str>)> {
        match self.help.as_deref()? {
            Help::Write { text, why } => Some((&self.at, text, why.as_deref())),
            Help::DidYouMean(text) => Some((&self.at, text, None)),
            Help::Remove { why } => Some((&self.at, "", why.as_deref())),
            Help::Add(_) | Help::Advice(_) => None,
        }
    }

    /// Returns the text as the compiler prints it: at most three lines.
    pub(crate) fn text(&self) -> String {
        let mut text = format!("{} [{}]", self.message, self.code);
        if let Some(help) = &self.help {
            text.push_str(&format!("\nhelp: {help}"));
        }
        if let Some(note) = &self.note {
            text.push_str(&format!("\nnote: {note}"));
        }
        text
    }

    pub(super) fn to_error(&self) -> syn::Error {
        syn::Error::new_spanned(&self.at, self.text())
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::{Code, problem};

    #[test]
    fn the_text_has_code_help_and_note_in_this_order() {
        let problem = problem(quote!(mni), Code::UnknownUnit, "unknown time unit `mni`")
            .note("units are `sec`, `min`, `hour`, `day`")
            .did_you_mean(Some("min"));
        let expected =
            "unknown time unit `mni` [AUTH061]\nhelp: did you mean `min`?\nnote: units are `sec`, `min`, `hour`, `day`";
        assert_eq!(problem.text(), expected);
    }

    #[test]
    fn without_help_and_note_it_is_one_line() {
        let problem = problem(quote!(x), Code::NotAsync, "wrong").did_you_mean(None);
        assert_eq!(problem.text(), "wrong [AUTH002]");
    }
}
