//! The `Forwarded` header of RFC 7239, read from right to left.

use core::net::IpAddr;

use axum::http::{HeaderMap, header};

use super::node;

/// Returns the `for` parameters from right to left over all lines of the header; `None` stands for an element without
/// an address.
pub(super) fn addresses(headers: &HeaderMap) -> impl Iterator<Item = Option<IpAddr>> {
    let lines = headers.get_all(header::FORWARDED).into_iter().rev();
    lines.flat_map(|line| Elements(Some(line.as_bytes()))).map(|element| address(str::from_utf8(element).ok()?))
}

/// The elements of one line from right to left.
///
/// Quoted strings are recognised from the right as well. From the left, a quotation mark that a client opens and never
/// closes would swallow the elements that the proxies append.
struct Elements<'a>(Option<&'a [u8]>);

impl<'a> Iterator for Elements<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<Self::Item> {
        let line = self.0.take()?;
        let Some((rest, [_comma, element @ ..])) = last_comma(line).and_then(|at| line.split_at_checked(at)) else {
            return Some(line);
        };
        self.0 = Some(rest);
        Some(element)
    }
}

/// Returns the position of the last comma outside quoted strings.
fn last_comma(line: &[u8]) -> Option<usize> {
    let mut quoted = false;
    let mut rest = line;
    while let [before @ .., byte] = rest {
        match byte {
            b'"' if !(quoted && ends_with_escape(before)) => quoted = !quoted,
            b',' if !quoted => return Some(before.len()),
            _ => {}
        }
        rest = before;
    }
    None
}

fn ends_with_escape(before: &[u8]) -> bool {
    !before.iter().rev().take_while(|byte| **byte == b'\\').count().is_multiple_of(2)
}

/// Returns the element that stands `place` elements from the right end, or the leftmost of a shorter list.
pub(super) fn element(headers: &HeaderMap, place: usize) -> Option<&[u8]> {
    let lines = headers.get_all(header::FORWARDED).into_iter().rev();
    lines.flat_map(|line| Elements(Some(line.as_bytes()))).take(place.saturating_add(1)).last()
}

/// Returns the only parameter of this name in an element. An element that cannot be read, or has it twice, gives an
/// empty value, which is no scheme and no host.
pub(super) fn parameter<'e>(element: &'e [u8], wanted: &str) -> Option<&'e [u8]> {
    let mut found = None;
    let mut rest = str::from_utf8(element).map_or("=", next_pair);
    while !rest.is_empty() {
        let Some((name, value, after)) = pair(rest) else { return Some(b"") };
        if name.eq_ignore_ascii_case(wanted) && found.replace(value.as_bytes()).is_some() {
            return Some(b"");
        }
        rest = next_pair(after);
    }
    found
}

/// Returns the address in the only `for` parameter of an element. A hidden or unknown address gives `None`.
fn address(element: &str) -> Option<IpAddr> {
    let mut sender = None;
    let mut rest = next_pair(element);
    while !rest.is_empty() {
        let (name, value, after) = pair(rest)?;
        if name.eq_ignore_ascii_case("for") && sender.replace(value).is_some() {
            return None;
        }
        rest = next_pair(after);
    }
    // An address needs no escapes in its quoted string, so an escaped one is not accepted.
    node::node(sender?)
}

/// Skips separators. Pairs may be empty (RFC 7239, section 4), and proxies put spaces between them.
fn next_pair(rest: &str) -> &str {
    rest.trim_start_matches([';', ' ', '\t'])
}

/// Splits off a pair: its name, its value without quotation marks, and the rest of the text.
fn pair(text: &str) -> Option<(&str, &str, &str)> {
    let (name, value) = text.split_once('=')?;
    if name.is_empty() || !name.bytes().all(is_token) {
        return None;
    }
    let Some(quoted) = value.strip_prefix('"') else {
        let (value, rest) = value.split_once(';').unwrap_or((value, ""));
        return Some((name, value.trim_matches([' ', '\t']), rest));
    };
    let (value, rest) = quoted.split_at_checked(closing_mark(quoted)?)?;
    let rest = rest.strip_prefix('"')?.trim_start_matches([' ', '\t']);
    (rest.is_empty() || rest.starts_with(';')).then_some((name, value, rest))
}

fn closing_mark(quoted: &str) -> Option<usize> {
    let mut escaped = false;
    quoted.bytes().position(|byte| {
        let closes = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        closes
    })
}

/// Returns whether a token may contain the byte (RFC 9110, section 5.6.2).
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}
