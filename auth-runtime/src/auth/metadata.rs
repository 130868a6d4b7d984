use axum::body::Bytes;

use super::auth::Auth;

impl Auth {
    /// Returns whether the challenges name the metadata of a protected resource.
    pub(crate) fn has_metadata(&self) -> bool {
        !self.0.metadata.is_empty()
    }

    /// Returns the metadata of the protected resource. Its document has this path behind the well-known one.
    pub(crate) fn metadata(&self, suffix: &str) -> Option<Bytes> {
        self.0.metadata.iter().find(|metadata| metadata.suffix == suffix).map(|metadata| metadata.document.clone())
    }
}
