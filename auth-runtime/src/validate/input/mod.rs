//! Reads what [`Valid`](super::Valid) stands around.

mod csrf_form;
mod fields;
mod form;
mod json;
mod path;
mod query;

/// Returns how often values of this many bytes are read, at most.
///
/// Short ones are read again after each fault, so that the answer has all of them. With long ones, the time that this
/// takes would help an attacker.
fn readings(bytes: usize) -> usize {
    const LONGEST_READ_AGAIN: usize = 32 * 1024;
    if bytes > LONGEST_READ_AGAIN { 1 } else { 32 }
}
