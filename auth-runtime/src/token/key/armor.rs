//! Reads the text form of PEM (RFC 7468), and recognises common mistakes in it.

use base64::{Engine, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

use super::KeyFault;

/// One block, decoded.
pub(super) struct Block<'a> {
    pub(super) label: &'a str,
    pub(super) der: Zeroizing<Vec<u8>>,
}

/// Returns the only block of a text, of a kind that `wanted` names. Text around the block is ignored.
///
/// # Errors
/// Returns the probable mistake when the text is not one block of this kind.
pub(super) fn single<'a>(text: &'a str, wanted: &'static str) -> Result<Block<'a>, KeyFault> {
    // Base64 of `-----BEGIN `.
    if text.trim_start().starts_with("LS0tLS1CRUdJTi") {
        return Err(KeyFault::PemEncoded);
    }
    if text.contains(BEGIN) && text.contains("\\n") {
        return Err(KeyFault::PemEscaped);
    }
    let mut blocks = blocks(text).ok_or(KeyFault::PemLabel(wanted))?;
    if blocks.len() > 1 {
        // OpenSSL writes the curve before a key of SEC 1. The key names the curve, too.
        blocks.retain(|(label, _)| *label != "EC PARAMETERS");
    }
    match &*blocks {
        [] => Err(KeyFault::PemLabel(wanted)),
        [(label, _)] if label.ends_with("CERTIFICATE") => Err(KeyFault::PemCertificate),
        [(label, body)] if label.starts_with("ENCRYPTED ") || body.contains("Proc-Type:") => {
            Err(KeyFault::PemEncrypted)
        }
        [(label, body)] => Ok(Block { label, der: decode(body).ok_or(KeyFault::PemBody)? }),
        _ => Err(KeyFault::PemSeveral),
    }
}

const BEGIN: &str = "-----BEGIN ";

/// Returns the labels and bodies of all blocks, or `None` when a block does not end.
fn blocks(mut text: &str) -> Option<Vec<(&str, &str)>> {
    let mut found = Vec::new();
    while let Some((_, rest)) = text.split_once(BEGIN) {
        let (label, rest) = rest.split_once("-----")?;
        let (body, rest) = rest.split_once("-----END ")?;
        text = rest.strip_prefix(label)?.strip_prefix("-----")?;
        found.push((label, body));
    }
    Some(found)
}

fn decode(body: &str) -> Option<Zeroizing<Vec<u8>>> {
    let base64: Zeroizing<String> = Zeroizing::new(body.split_ascii_whitespace().collect());
    STANDARD.decode(&*base64).map(Zeroizing::new).ok()
}
