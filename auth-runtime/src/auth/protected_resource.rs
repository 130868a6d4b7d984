use core::fmt;

use axum::body::Bytes;
use serde::Serialize;

use super::public_url::{PublicUrl, is_place};

/// A protected resource of this service, as its metadata describes it to OAuth clients (RFC 9728).
///
/// [`AuthBuilder::protected_resource`](super::AuthBuilder::protected_resource) declares it, and
/// [`metadata::routes`](crate::metadata::routes) serves its document.
///
/// ```
/// use auth_runtime::auth::ProtectedResource;
///
/// let resource = ProtectedResource::at("/mcp").name("Notes").scope("notes:read");
/// # let _ = resource;
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct ProtectedResource {
    path: String,
    name: Option<String>,
    documentation: Option<String>,
    scopes: Vec<String>,
}

impl ProtectedResource {
    /// Creates a resource: this path and all paths below it, as the router knows them. `/` is the whole service.
    ///
    /// The URL of the resource is the public URL with this path. Clients compare it with the URL that they call (RFC
    /// 9728, section 3.3). Declare each address that clients know on its own, such as the endpoint of an MCP server.
    pub fn at(path: impl Into<String>) -> Self {
        Self { path: path.into(), name: None, documentation: None, scopes: Vec::new() }
    }

    /// Sets the name that clients show to people: `resource_name`.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets the URL of a page for developers: `resource_documentation`.
    pub fn documentation(mut self, url: impl Into<String>) -> Self {
        self.documentation = Some(url.into());
        self
    }

    /// Adds a scope for which clients may ask: `scopes_supported`.
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scopes.push(scope.into());
        self
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// Returns the mistakes in the resource.
    pub(super) fn faults(&self) -> impl Iterator<Item = &'static str> {
        let is_url = |url: &String| url.starts_with("https://") || url.starts_with("http://");
        let is_scope = |scope: &String| {
            !scope.is_empty() && scope.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\'))
        };
        [
            (self.path != "/" && !is_place(&self.path))
                .then_some("has no path such as `/mcp`: without a final slash, a query, `%` and empty parts"),
            (!self.documentation.iter().all(is_url))
                .then_some("has documentation without a URL such as `https://example.com/docs`"),
            (!self.scopes.iter().all(is_scope))
                .then_some("has a scope that is not visible ASCII without `\"` and `\\` (RFC 6749)"),
        ]
        .into_iter()
        .flatten()
    }
}

/// Where the metadata of protected resources is (RFC 9728, section 3.1). The path of the resource follows.
pub(crate) const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

/// Returns whether the path is one at which metadata is served.
#[cfg(feature = "web")]
pub(crate) fn is_metadata_path(path: &str) -> bool {
    path.strip_prefix(WELL_KNOWN).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The metadata of one resource, written when the service starts.
pub(super) struct Metadata {
    /// The path in the router at which the resource begins.
    pub(super) resource: String,
    /// The path of the document behind [`WELL_KNOWN`].
    pub(super) suffix: String,
    /// The URL of the document.
    pub(super) url: String,
    pub(super) document: Bytes,
}

/// The members of the document. Its names are those of RFC 9728, section 2.
#[derive(Serialize)]
struct Members<'a> {
    resource: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    authorization_servers: &'a [&'a str],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    scopes_supported: &'a [String],
    bearer_methods_supported: [&'static str; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_documentation: Option<&'a str>,
}

impl Metadata {
    /// Writes the document. This service accepts the tokens of `issuers`.
    pub(super) fn of(resource: &ProtectedResource, service: &PublicUrl, issuers: &[&str]) -> Self {
        let suffix = service.path_of(&resource.path);
        let members = Members {
            resource: &service.at(&suffix),
            authorization_servers: issuers,
            scopes_supported: &resource.scopes,
            bearer_methods_supported: ["header"],
            resource_name: resource.name.as_deref(),
            resource_documentation: resource.documentation.as_deref(),
        };
        // Strings and lists of strings are serialized, which cannot fail.
        let document = serde_json::to_vec(&members).unwrap_or_default().into();
        let url = service.at(&format!("{WELL_KNOWN}{suffix}"));
        Self { resource: resource.path.clone(), suffix, url, document }
    }
}

impl fmt::Debug for Metadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metadata").field("url", &self.url).finish_non_exhaustive()
    }
}
