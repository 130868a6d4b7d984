//! The metadata of issuers: OpenID Connect Discovery 1.0, and RFC 8414.

use std::borrow::Cow;

use serde::Deserialize;

use super::{Authority, Client, Endpoint, FetchError};

/// The members that are read. The others are not used.
#[derive(Deserialize)]
struct Metadata<'a> {
    #[serde(borrow)]
    issuer: Cow<'a, str>,
    #[serde(borrow)]
    jwks_uri: Option<Cow<'a, str>>,
    #[serde(borrow)]
    introspection_endpoint: Option<Cow<'a, str>>,
}

/// Fetches an issuer's metadata and returns the URL of its keys.
pub(in crate::remote) async fn keys_endpoint(
    client: &Client,
    url: &Endpoint,
    issuer: &str,
    hosts: &[Authority],
    internal: &[Authority],
) -> Result<Endpoint, FetchError> {
    let document = client.get(url, internal).await?;
    read(&document, issuer, hosts)
}

/// Fetches an issuer's metadata and returns the URL of its introspection.
pub(in crate::remote) async fn introspection_endpoint(
    client: &Client,
    url: &Endpoint,
    issuer: &str,
    hosts: &[Authority],
    internal: &[Authority],
) -> Result<Endpoint, FetchError> {
    let document = client.get(url, internal).await?;
    let metadata = about(&document, issuer)?;
    allowed(metadata.introspection_endpoint.as_deref().ok_or(FetchError::NoIntrospection)?, hosts)
}

/// Reads the URL of the keys.
pub(in crate::remote) fn read(document: &[u8], issuer: &str, hosts: &[Authority]) -> Result<Endpoint, FetchError> {
    let metadata = about(document, issuer)?;
    allowed(metadata.jwks_uri.as_deref().ok_or(FetchError::Malformed)?, hosts)
}

/// Reads the metadata. They must be about this issuer (OpenID Connect Discovery, section 4.3; RFC 8414, section 3.3).
fn about<'d>(document: &'d [u8], issuer: &str) -> Result<Metadata<'d>, FetchError> {
    // serde would accept an array for a struct.
    if document.trim_ascii_start().first() != Some(&b'{') {
        return Err(FetchError::Malformed);
    }
    let metadata: Metadata<'_> = serde_json::from_slice(document).map_err(|_| FetchError::Malformed)?;
    if metadata.issuer == issuer { Ok(metadata) } else { Err(FetchError::OtherIssuer) }
}

fn allowed(url: &str, hosts: &[Authority]) -> Result<Endpoint, FetchError> {
    let url = Endpoint::parse(url).map_err(|_| FetchError::OtherHost)?;
    if hosts.contains(&url.authority) { Ok(url) } else { Err(FetchError::OtherHost) }
}
