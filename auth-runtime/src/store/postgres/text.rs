/// Returns whether no row can have this text: PostgreSQL keeps no NUL, and answers a statement with one by an error. A
/// client that sends one must find nothing instead, as with any other unknown name.
pub(super) fn is_in_no_row(text: &str) -> bool {
    text.contains('\0')
}
