/// How values are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::validate) struct Style {
    /// Numbers and truth values are texts, as in forms.
    pub(in crate::validate) is_text: bool,
    /// A struct takes no member that it does not have.
    pub(in crate::validate) is_closed: bool,
}
