use core::fmt::Display;

use proc_macro2::TokenStream;
use quote::ToTokens;

use super::Code;

/// One mistake: one compile error.
#[derive(Debug)]
pub(crate) struct Problem {
    at: TokenStream,
    code: Code,
    message: String,
    help: Option<String>,
    note: Option<String>,
}

/// Creates a mistake at `at`, which is the smallest token or run of tokens that the user has to change.
///
/// `message` says what is wrong with the user's code, in lower case, without a full stop, with the user's words in
/// backticks.
pub(crate) fn problem(at: impl ToTokens, code: Code, message: impl Display) -> Problem {
    Problem { at: at.into_token_stream(), code, message: message.to_string(), help: None, note: None }
}

impl Problem {
    /// Adds the text to type instead.
    pub(crate) fn help(mut self, help: impl Display) -> Self {
        self.help = Some(help.to_string());
        self
    }

    /// Adds "did you mean …" if there is a near word.
    pub(crate) fn did_you_mean(self, word: Option<&str>) -> Self {
        match word {
            Some(word) => self.help(format_args!("did you mean `{word}`?")),
            None => self,
        }
    }

    /// Adds a fact that explains the mistake.
    pub(crate) fn note(mut self, note: impl Display) -> Self {
        self.note = Some(note.to_string());
        self
    }

    #[cfg(test)]
    pub(crate) fn code(&self) -> Code {
        self.code
    }

    /// Returns the text as the compiler prints it: at most three lines.
    pub(crate) fn text(&self) -> String {
        let mut text = format!("{} [{}]", self.message, self.code);
        for (title, line) in [("help", &self.help), ("note", &self.note)] {
            if let Some(line) = line {
                text.push_str(&format!("\n{title}: {line}"));
            }
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
