use serde_json::{Value, json};

use super::style::Style;

/// What a type wants at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    Anything,
    Bool,
    Integer,
    Number,
    Char,
    Text,
    List(usize),
    Object,
    Variant(&'static [&'static str]),
}

impl Wanted {
    /// Returns the name of the type for people.
    pub(super) fn name(self) -> Option<&'static str> {
        match self {
            Self::Anything | Self::Variant(_) => None,
            Self::Bool => Some("true or false"),
            Self::Integer => Some("an integer"),
            Self::Number => Some("a number"),
            Self::Char => Some("one character"),
            Self::Text => Some("a string"),
            Self::List(_) => Some("an array"),
            Self::Object => Some("an object"),
        }
    }

    /// Returns a value that most likely fits, so that reading can go on after a fault. It is thrown away.
    pub(super) fn stand_in(self, style: Style) -> Value {
        let written = |value: Value| if style.is_text { Value::String(value.to_string()) } else { value };
        match self {
            Self::Anything => Value::Null,
            Self::Bool => written(json!(true)),
            // One fits where zero is refused.
            Self::Integer => written(json!(1)),
            Self::Number => written(json!(1.0)),
            Self::Char => json!("a"),
            Self::Text => json!(""),
            // No tuple has more parts.
            Self::List(length) => Value::Array(vec![Value::Null; length.min(16)]),
            Self::Object => json!({}),
            Self::Variant(names) => names.first().map_or(Value::Null, |name| json!(name)),
        }
    }
}
