//! The reasons in `because = ".."`.

use syn::LitStr;

use super::foreign_value::string;
use super::options::Given;
use super::text::text;
use crate::attribute::Attribute;
use crate::diag::{Code, Problem, problem};

/// Texts that stand in for a reason.
const PLACEHOLDERS: &[&str] =
    &["todo", "fixme", "tbd", "xxx", "n/a", "none", "reason", "because", "why", "placeholder"];

/// Returns the reason, which says something: it goes to the reviewers of the access matrix.
pub(super) fn reason(because: &Given) -> Result<LitStr, Problem> {
    let written = match because.value.as_slice() {
        [token] => string(token),
        _ => None,
    };
    let says_nothing = |message: String| {
        let wrong = problem(because.tokens(), Code::EmptyName, message)
            .advice(format_args!("say why, as in `{}`", because.example()));
        // The other attributes need their reason.
        Err(if because.attribute() == Attribute::Public {
            wrong.note("without a reason, write `#[public]`")
        } else {
            wrong
        })
    };
    match written {
        Some(text) if text.trim().is_empty() => says_nothing("the reason is empty".to_owned()),
        Some(text) if is_placeholder(&text) => says_nothing(format!("`{text:?}` gives no reason")),
        _ => text(because, "the reason"),
    }
}

fn is_placeholder(text: &str) -> bool {
    let word = text.trim_matches(|char: char| !char.is_alphanumeric()).to_lowercase();
    word.is_empty() || PLACEHOLDERS.contains(&word.as_str())
}
