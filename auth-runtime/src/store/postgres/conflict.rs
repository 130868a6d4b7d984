//! Transactions that the server ends because of another one, and that are repeated.

/// Runs a block that begins and commits its own transaction, and runs it again after a conflict.
macro_rules! repeated {
    ($block:expr) => {{
        let mut repeats = 0;
        loop {
            let outcome: Result<_, sqlx::Error> = async { $block }.await;
            match outcome {
                Err(error)
                    if repeats < $crate::store::postgres::conflict::REPEATS
                        && $crate::store::postgres::conflict::is_conflict(&error) =>
                {
                    repeats = repeats.saturating_add(1);
                }
                outcome => break outcome,
            }
        }
    }};
}

/// The number of times that a transaction is repeated after a conflict.
pub(super) const REPEATS: u32 = 5;

/// Returns whether the server ended the transaction because of another one: a serialization failure or a deadlock. A
/// repetition then finds what the other transaction left.
pub(super) fn is_conflict(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    matches!(code.as_deref(), Some("40001" | "40P01"))
}

pub(super) use repeated;
