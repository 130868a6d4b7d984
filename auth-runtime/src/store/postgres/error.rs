use crate::error::StoreError;

/// Returns the error of this store for an error of the database.
pub(super) fn failed(error: sqlx::Error) -> StoreError {
    StoreError::new("postgres", error)
}
