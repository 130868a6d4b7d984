use core::net::{IpAddr, Ipv6Addr};

/// The maximum length that is read. The longest form below has 47 characters of address and 6 of port, or a longer name
/// in place of the port.
const LONGEST: usize = 128;

/// Reads one element of a chain as an address: with or without a port, IPv6 with or without brackets, and with space
/// around it.
///
/// The zone of an address is not accepted, because it names an interface of the machine that wrote it.
pub(super) fn address(element: &[u8]) -> Option<IpAddr> {
    let element = element.trim_ascii();
    if element.len() > LONGEST {
        return None;
    }
    node(str::from_utf8(element).ok()?)
}

/// Reads a node of RFC 7239, section 6, or an IPv6 address without brackets.
pub(super) fn node(text: &str) -> Option<IpAddr> {
    if let Some(bracketed) = text.strip_prefix('[') {
        let (address, rest) = bracketed.split_once(']')?;
        let address: Ipv6Addr = address.parse().ok()?;
        return is_port_or_nothing(rest).then(|| IpAddr::V6(address).to_canonical());
    }
    let (address, port) = match text.split_once(':') {
        Some((address, port)) if !port.contains(':') => (address, Some(port)),
        _ => (text, None),
    };
    let address: IpAddr = address.parse().ok()?;
    port.is_none_or(is_port).then(|| address.to_canonical())
}

fn is_port_or_nothing(rest: &str) -> bool {
    rest.is_empty() || rest.strip_prefix(':').is_some_and(is_port)
}

/// Returns whether the text is a port: a number, or a name that hides the number (RFC 7239, section 6.3). Its value
/// does not matter.
fn is_port(port: &str) -> bool {
    let hidden = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    match port.strip_prefix('_') {
        Some(name) => !name.is_empty() && name.bytes().all(hidden),
        None => (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit()),
    }
}
