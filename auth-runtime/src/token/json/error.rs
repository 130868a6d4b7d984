/// The reason why a document was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JsonError {
    /// The document is not JSON, or the value is not of the requested kind.
    Malformed,
    /// A member name occurs twice in one object.
    Duplicate,
    /// There are too many members or too many levels of nesting.
    TooLarge,
}
