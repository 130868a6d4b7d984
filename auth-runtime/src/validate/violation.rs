use std::borrow::Cow;

use serde_json::{Map, Value};

mod validator;

#[cfg(feature = "garde")]
mod garde;

/// The largest number of faults in one answer.
pub(super) const MOST: usize = 64;

/// One rule that a value breaks.
#[derive(Clone, Debug)]
pub struct Violation {
    /// From the innermost step to the outermost.
    pub(super) path: Vec<Step>,
    pub(super) code: Cow<'static, str>,
    pub(super) message: Option<Message>,
    pub(super) params: Map<String, Value>,
    /// Whether the parameters are constants of a rule of the library.
    pub(super) has_constant_params: bool,
}

/// A step from a value to a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Member(Cow<'static, str>),
    Element(usize),
}

#[derive(Clone, Debug)]
pub(super) enum Message {
    /// A constant of the application.
    Constant(&'static str),
    /// A text that was made for this request. It could contain the value.
    Made(String),
}

impl Violation {
    /// Creates a violation of the whole value. The code is a stable name of the rule.
    pub fn new(code: &'static str) -> Self {
        Self {
            path: Vec::new(),
            code: Cow::Borrowed(code),
            message: None,
            params: Map::new(),
            has_constant_params: false,
        }
    }

    /// Sets the message for people.
    #[must_use]
    pub fn with_message(mut self, message: &'static str) -> Self {
        self.message = Some(Message::Constant(message));
        self
    }

    /// Sets a parameter of the rule. The answer leaves out a parameter that contains the value.
    #[must_use]
    pub fn with_param(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.params.insert(name.into(), value.into());
        self
    }

    /// Says that the value is a member of another one, with the name of its field.
    #[must_use]
    pub fn in_member(mut self, name: &'static str) -> Self {
        self.path.push(Step::Member(Cow::Borrowed(name)));
        self
    }

    /// Says that the value is an element of a list.
    #[must_use]
    pub fn in_element(mut self, index: usize) -> Self {
        self.path.push(Step::Element(index));
        self
    }

    /// Returns the steps from the outermost value.
    pub(super) fn steps(&self) -> impl Iterator<Item = &Step> {
        self.path.iter().rev()
    }
}
