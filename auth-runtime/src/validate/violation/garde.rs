use std::borrow::Cow;

use garde::{Path, Report};
use serde_json::{Map, Number, Value};

use super::{MOST, Message, Step, Violation};

/// The beginnings of the messages of `garde`, which has no codes, and the name of the bound that follows.
const CODES: [(&str, &str, Option<&str>); 18] = [
    ("length is lower than ", "length", Some("min")),
    ("length is greater than ", "length", Some("max")),
    ("lower than ", "range", Some("min")),
    ("greater than ", "range", Some("max")),
    ("not a valid email", "email", None),
    ("not a valid url", "url", None),
    ("not a valid IP", "ip", None),
    ("not a valid phone", "phone", None),
    ("not a valid credit card", "credit_card", None),
    ("not alphanumeric", "alphanumeric", None),
    ("not ascii", "ascii", None),
    ("not set", "required", None),
    ("does not match pattern", "regex", None),
    ("does not match ", "must_match", None),
    ("does not contain ", "contains", None),
    ("does not end with ", "suffix", None),
    ("value does not begin with ", "prefix", None),
    ("not a valid ", "invalid", None),
];

impl Violation {
    /// Reads the errors of `garde`.
    pub(in crate::validate) fn of_garde(report: Report) -> Vec<Self> {
        let errors = report.into_inner().into_iter().take(MOST.saturating_add(1));
        errors.map(|(path, error)| of_one(&path, error.message())).collect()
    }
}

fn of_one(path: &Path, message: &str) -> Violation {
    let mut path = steps(&path.to_string());
    path.reverse();
    for (beginning, code, bound) in CODES {
        let Some(rest) = message.strip_prefix(beginning) else { continue };
        let bound = bound.and_then(|name| Some((name.to_owned(), Value::Number(rest.parse::<Number>().ok()?))));
        let params: Map<_, _> = bound.into_iter().collect();
        return Violation { path, code: Cow::Borrowed(code), message: None, params, has_constant_params: true };
    }
    let message = Some(Message::Made(message.to_owned()));
    Violation { path, code: Cow::Borrowed("invalid"), message, params: Map::new(), has_constant_params: false }
}

/// Reads a path as `garde` writes it: `items[3].name`.
fn steps(path: &str) -> Vec<Step> {
    let parts = path.split(['.', '[']).filter(|part| !part.is_empty());
    let step = |part: &str| match part.strip_suffix(']').and_then(|index| index.parse().ok()) {
        Some(index) => Step::Element(index),
        None => Step::Member(Cow::Owned(part.to_owned())),
    };
    parts.map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_as_they_are_written() {
        let member = |name: &'static str| Step::Member(Cow::Borrowed(name));
        let path = Path::new("items").join(3).join("name");
        assert_eq!(steps(&path.to_string()), [member("items"), Step::Element(3), member("name")]);
        assert_eq!(steps(&Path::new(0).join(1).to_string()), [Step::Element(0), Step::Element(1)]);
        assert_eq!(steps(""), []);
    }
}
