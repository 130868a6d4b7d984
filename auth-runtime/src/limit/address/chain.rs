use core::net::IpAddr;

use axum::http::{HeaderMap, HeaderName};

use super::node;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The elements of `X-Forwarded-For` from right to left over all its lines, `None` for one that is no address.
///
/// An empty element is none either. To skip it would be right for other lists (RFC 9110, section 5.6.1), but here each
/// element stands for a proxy, and a proxy that names nobody has ended the chain.
pub(super) fn addresses(headers: &HeaderMap) -> impl Iterator<Item = Option<IpAddr>> {
    let lines = headers.get_all(X_FORWARDED_FOR).into_iter().rev();
    lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b',')).map(node::address)
}

/// The one address of a header that may have only one; `None` if it has several lines.
pub(super) fn single(headers: &HeaderMap, name: &HeaderName) -> impl Iterator<Item = Option<IpAddr>> {
    let mut lines = headers.get_all(name).into_iter();
    let first = lines.next();
    let only = first.filter(|_| lines.next().is_none());
    first.map(|_| only.and_then(|line| node::address(line.as_bytes()))).into_iter()
}
