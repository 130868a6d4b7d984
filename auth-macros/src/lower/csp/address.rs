//! Sources that are schemes or hosts.

use super::known::{Known, SCHEMES};
use crate::diag::{Code, nearest};

/// The mistake in a source.
pub(super) struct Fault {
    pub(super) code: Code,
    pub(super) message: String,
    pub(super) help: Help,
}

pub(super) enum Help {
    /// Sources in the attribute's notation.
    Write(String),
    Advice(&'static str),
}

const EXAMPLE: &str = "name a host, such as `\"https://cdn.example.com\"`";

pub(super) fn fault(code: Code, message: impl Into<String>, help: Help) -> Fault {
    Fault { code, message: message.into(), help }
}

/// Returns a correct scheme or host: `data:`, `https://cdn.example.com`, `*`.
pub(super) fn address(directive: &Known, text: &str) -> Result<(), Fault> {
    if text == "*" {
        return Ok(());
    }
    if let Some(scheme) = text.strip_suffix(':') {
        return scheme_alone(text, scheme);
    }
    if ["data", "blob", "https", "wss", "http"].contains(&text) {
        let message = format!("`{text}` without a colon would be a host");
        return Err(fault(Code::CspUnknownSource, message, quoted(&format!("{}:", secure(text)))));
    }
    let (scheme, rest) = text.split_once("://").map_or((None, text), |(scheme, rest)| (Some(scheme), rest));
    if let Some(rest) = rest.strip_prefix("//").filter(|rest| scheme.is_none() && !rest.is_empty()) {
        let message = format!("`{text}` has no scheme");
        return Err(fault(Code::CspUnknownSource, message, quoted(&format!("https://{rest}"))));
    }
    let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    host(text, scheme, authority)?;
    if let Some(at) = path.find(['?', '#']) {
        let message = "a source has no query and no fragment";
        let without = text.len() - (path.len() - at);
        return Err(fault(Code::CspSourceCharacter, message, quoted(&text[..without])));
    }
    if directive.name == "frame-ancestors" && !path.is_empty() {
        let message = "`frame_ancestors` compares origins, which have no path";
        return Err(fault(Code::CspNoEffect, message, quoted(&text[..text.len() - path.len()])));
    }
    Ok(())
}

fn scheme_alone(text: &str, scheme: &str) -> Result<(), Fault> {
    match scheme {
        "http" | "ws" => Err(in_clear(text, quoted(&format!("{}:", secure(scheme))))),
        known if SCHEMES.contains(&known) => Ok(()),
        _ => {
            let near = nearest(scheme, SCHEMES).map(|near| quoted(&format!("{near}:")));
            let message = format!("`{text}` is no source");
            Err(fault(Code::CspUnknownSource, message, near.unwrap_or(Help::Advice(EXAMPLE))))
        }
    }
}

/// Checks the scheme and the host of `text`.
fn host(text: &str, scheme: Option<&str>, authority: &str) -> Result<(), Fault> {
    let unknown = |help| Err(fault(Code::CspUnknownSource, format!("`{text}` is no source"), help));
    let (name, port) = match authority.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, Some(port)),
        _ => (authority, None),
    };
    let is_loopback = matches!(name, "localhost" | "127.0.0.1" | "[::1]");
    match scheme {
        Some("http" | "ws") if is_loopback => {}
        Some(scheme @ ("http" | "ws")) => {
            return Err(in_clear(text, quoted(&text.replacen(scheme, secure(scheme), 1))));
        }
        Some("https" | "wss") | None => {}
        Some(_) => return unknown(Help::Advice(EXAMPLE)),
    }
    if name == "*" {
        return unknown(quoted(&scheme.map_or("*".to_owned(), |scheme| format!("{scheme}:"))));
    }
    let is_port = |port: &str| port == "*" || !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let labels = name.strip_prefix("*.").unwrap_or(name);
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let is_name = labels.trim_end_matches('.').split('.').all(is_label);
    // A word alone is a misspelt keyword more often than a host.
    let is_whole = scheme.is_some() || port.is_some() || labels.contains('.') || is_loopback;
    if (is_name && is_whole || is_loopback) && port.is_none_or(is_port) {
        Ok(())
    } else {
        unknown(Help::Advice(EXAMPLE))
    }
}

fn in_clear(text: &str, help: Help) -> Fault {
    fault(Code::CspPlainHttp, format!("`{text}` allows content that comes in clear text"), help)
}

fn secure(scheme: &str) -> &str {
    match scheme {
        "http" => "https",
        "ws" => "wss",
        other => other,
    }
}

pub(super) fn quoted(text: &str) -> Help {
    Help::Write(format!("{text:?}"))
}
