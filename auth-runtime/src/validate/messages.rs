use serde_json::{Map, Value};

use crate::password::PasswordPolicyError;

/// Returns the message of a rule, in English. An application replaces it by the code
/// ([`SentProblem::with_messages`](crate::error::SentProblem::with_messages)).
pub(super) fn of(code: &str, params: &Map<String, Value>) -> String {
    let text = match code {
        "missing" | "required" => "is missing",
        "unknown" => "is unknown",
        "duplicate" => "is there twice",
        "depth" => "is nested too deeply",
        "type" => return expected(params),
        "choice" => return choice(params),
        "length" => return bounds("must have a length of", params),
        "range" => return bounds("must be", params),
        "contains" => return needle("must contain", params),
        "does_not_contain" => return needle("must not contain", params),
        "must_match" => "does not match the other member",
        "email" => "must be an e-mail address",
        "url" => "must be a URL",
        "phone" => "must be a phone number with its country code, such as +4930123456",
        "username" => "must be 3 to 50 letters, digits or underscores",
        "slug" => "must be lower-case letters and digits, with single hyphens between them",
        "date" => return date(params),
        "plain_text" | "plain_lines" => "must have no control characters and no invisible ones",
        "trimmed" => "must not begin or end with spaces",
        "unique" => "must have no element twice",
        "ip" => "must be an IP address",
        "credit_card" => "must be the number of a credit card",
        "non_control_character" => "must have no control characters",
        _ => return password(code, params).unwrap_or_else(|| "is not acceptable".to_owned()),
    };
    text.to_owned()
}

fn expected(params: &Map<String, Value>) -> String {
    match params.get("expected").and_then(Value::as_str) {
        Some(form) => format!("must be {form}"),
        None => "is not of the expected form".to_owned(),
    }
}

fn choice(params: &Map<String, Value>) -> String {
    let allowed = params.get("expected").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let allowed: Vec<_> = allowed.iter().filter_map(Value::as_str).collect();
    format!("must be one of: {}", allowed.join(", "))
}

fn bounds(begin: &str, params: &Map<String, Value>) -> String {
    const WORDS: [(&str, &str); 5] = [
        ("equal", "exactly"),
        ("min", "at least"),
        ("exclusive_min", "more than"),
        ("max", "at most"),
        ("exclusive_max", "less than"),
    ];
    let part = |(name, words): &(&str, &str)| Some(format!("{words} {}", plain(params.get(*name)?)));
    let parts: Vec<_> = WORDS.iter().filter_map(part).collect();
    if parts.is_empty() { "is out of range".to_owned() } else { format!("{begin} {}", parts.join(" and ")) }
}

fn date(params: &Map<String, Value>) -> String {
    match (params.get("min"), params.get("max")) {
        (Some(min), Some(max)) => format!("must be a date from {} to {}", plain(min), plain(max)),
        _ => "must be a date, such as 2026-12-31".to_owned(),
    }
}

fn password(code: &str, params: &Map<String, Value>) -> Option<String> {
    let min = params.get("min").and_then(Value::as_u64).and_then(|min| usize::try_from(min).ok());
    let faults = [
        PasswordPolicyError::Breached,
        PasswordPolicyError::TooShort { min: min.unwrap_or_default() },
        PasswordPolicyError::TooLong,
        PasswordPolicyError::Common,
        PasswordPolicyError::Context,
        PasswordPolicyError::NoDigit,
        PasswordPolicyError::NoUppercase,
        PasswordPolicyError::NoLowercase,
    ];
    faults.iter().find(|fault| fault.code() == code).map(ToString::to_string)
}

fn needle(begin: &str, params: &Map<String, Value>) -> String {
    match params.get("needle") {
        Some(needle) => format!("{begin} `{}`", plain(needle)),
        None => "is not acceptable".to_owned(),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn bounds_are_told_as_they_are_set() {
        let message = |code: &str, params: Value| of(code, params.as_object().unwrap());
        assert_eq!(
            message("length", json!({ "min": 1, "max": 20 })),
            "must have a length of at least 1 and at most 20"
        );
        assert_eq!(message("length", json!({ "equal": 3 })), "must have a length of exactly 3");
        assert_eq!(message("range", json!({ "exclusive_max": 1.5 })), "must be less than 1.5");
        assert_eq!(message("range", json!({})), "is out of range");
        assert_eq!(message("type", json!({ "expected": "a number" })), "must be a number");
        assert_eq!(message("choice", json!({ "expected": ["a", "b"] })), "must be one of: a, b");
        assert_eq!(message("of-the-application", json!({})), "is not acceptable");
    }
}
