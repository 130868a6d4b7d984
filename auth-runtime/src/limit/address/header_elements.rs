use core::net::IpAddr;

use axum::http::{HeaderMap, HeaderName};

use super::node;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Returns the elements of `X-Forwarded-For` from right to left over all its lines; `None` stands for an element that
/// is not an address.
///
/// An empty element is not an address either. To skip it would be right for other lists (RFC 9110, section 5.6.1). Here
/// each element stands for a proxy, and an empty element means that a proxy did not name its peer. So the chain ends
/// there.
pub(super) fn addresses(headers: &HeaderMap) -> impl Iterator<Item = Option<IpAddr>> {
    let lines = headers.get_all(X_FORWARDED_FOR).into_iter().rev();
    lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b',')).map(node::address)
}

/// Returns the only address of a header that may have one line; `None` if it has several.
pub(super) fn single(headers: &HeaderMap, name: &HeaderName) -> impl Iterator<Item = Option<IpAddr>> {
    let mut lines = headers.get_all(name).into_iter();
    let first = lines.next();
    let only = first.filter(|_| lines.next().is_none());
    first.map(|_| only.and_then(|line| node::address(line.as_bytes()))).into_iter()
}

/// Returns the element that stands `place` elements from the right end of a list, or the leftmost of a shorter list.
/// Some proxies replace the list of the proxy before them.
pub(super) fn element<'r>(headers: &'r HeaderMap, name: &HeaderName, place: usize) -> Option<&'r [u8]> {
    let lines = headers.get_all(name).into_iter().rev();
    let elements = lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
    elements.take(place.saturating_add(1)).last().map(<[u8]>::trim_ascii)
}
