use aws_lc_rs::digest::{Context, SHA256};
use axum::http::{header::USER_AGENT, request::Parts};

use crate::names::is_misleading;
use crate::{
    limit::AddressFinder,
    store::{ClientLabel, Fingerprint},
};

/// A request's facts about the calling program and its network location.
pub(crate) struct Client {
    user_agent: Vec<u8>,
    address: String,
}

impl Client {
    pub(crate) fn of(request: &Parts, addresses: &AddressFinder) -> Self {
        // The address is only displayed to people. Features that require an address fail on their own without it.
        let address = addresses.find(request).ok();
        Self {
            user_agent: request.headers.get(USER_AGENT).map(|field| field.as_bytes().to_vec()).unwrap_or_default(),
            address: address.map(|address| address.to_string()).unwrap_or_default(),
        }
    }

    /// Returns the label that users read in the list of their sessions.
    pub(crate) fn label(&self, device: &str) -> ClientLabel {
        ClientLabel {
            user_agent: printable(&String::from_utf8_lossy(&self.user_agent), 200),
            address: self.address.clone(),
            device: printable(device, 100),
        }
    }

    /// Returns a hash of a value that stays the same when a program retries: its `User-Agent`. The address may change
    /// in a mobile network.
    pub(crate) fn fingerprint(&self) -> Fingerprint {
        let mut context = Context::new(&SHA256);
        context.update(&self.user_agent);
        let digest = context.finish();
        Fingerprint::from_bytes(digest.as_ref().first_chunk().copied().unwrap_or_default())
    }
}

/// Returns the text without misleading characters, cut to at most `bytes` bytes.
fn printable(text: &str, bytes: usize) -> String {
    let clean = text.chars().filter(|char| !is_misleading(*char));
    let mut kept = String::new();
    for char in clean {
        if kept.len().saturating_add(char.len_utf8()) > bytes {
            break;
        }
        kept.push(char);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_short_and_harmless() {
        let client = Client { user_agent: b"evil\r\n\x1b[31m\xffagent".to_vec(), address: "192.0.2.1".to_owned() };
        let label =
            client.label(&format!("a\u{202e}\u{061c}\u{2028}\u{200b}\u{ad}\u{3164}\u{e0041}b{}", "é".repeat(100)));
        assert_eq!(label.user_agent, "evil[31m\u{fffd}agent");
        assert!(label.device.starts_with("abé") && label.device.len() <= 100, "{}", label.device.len());
    }

    /// Keeps a character of several bytes whole or drops it. The text after a dropped character is dropped, too.
    #[test]
    fn a_label_is_cut_between_characters() {
        for (bytes, char) in [(1, 'a'), (2, 'é'), (3, '€'), (4, '😀')] {
            for before in 195..=201 {
                let user_agent = format!("{}{char}b", "a".repeat(before));
                let client = Client { user_agent: user_agent.clone().into_bytes(), address: String::new() };
                let fits = if before + bytes <= 200 {
                    before + bytes + usize::from(before + bytes < 200)
                } else {
                    before.min(200)
                };
                assert_eq!(client.label("").user_agent, user_agent[..fits], "{before} and {char}");
                let device = &user_agent[100..];
                assert_eq!(client.label(device).device, user_agent[100..fits], "{before} and {char}");
            }
        }
        let client = Client { user_agent: vec![0xff; 100], address: String::new() };
        assert_eq!(client.label("").user_agent, "\u{fffd}".repeat(66), "three bytes each");
    }
}
