//! Reads the few structures of DER (X.690) around keys. aws-lc reads their content.

/// A key inside the structure that names its algorithm. The key may be private, so the type has no `Debug`.
#[derive(Clone, Copy)]
pub(super) struct Wrapped<'a> {
    /// The algorithm's object identifier, without tag and length.
    pub(super) algorithm: &'a [u8],
    /// The algorithm's parameters with tag and length; empty when the key has no parameters.
    pub(super) parameters: &'a [u8],
    pub(super) key: &'a [u8],
}

/// 1.2.840.10045.2.1, id-ecPublicKey (RFC 5480).
pub(super) const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
/// 1.3.101.112, id-Ed25519 (RFC 8410).
pub(super) const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
/// 1.2.840.113549.1.1.1, rsaEncryption (RFC 8017).
pub(super) const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
/// 1.2.840.113549.1.1.10, id-RSASSA-PSS (RFC 4055).
pub(super) const RSA_PSS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a];

/// The parameters of [`EC`] for P-256: 1.2.840.10045.3.1.7.
pub(super) const P256: &[u8] = &[OBJECT_IDENTIFIER, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
const OBJECT_IDENTIFIER: u8 = 0x06;
const SEQUENCE: u8 = 0x30;

/// Reads a SubjectPublicKeyInfo (RFC 5280, section 4.1).
pub(super) fn public_key(der: &[u8]) -> Option<Wrapped<'_>> {
    let mut info = Reader(whole(der, SEQUENCE)?);
    let (algorithm, parameters) = algorithm(info.take(SEQUENCE)?)?;
    // The first byte is the number of unused bits in the last byte. Keys are whole bytes.
    let key = info.take(BIT_STRING)?.strip_prefix(&[0])?;
    info.0.is_empty().then_some(Wrapped { algorithm, parameters, key })
}

/// Reads a PrivateKeyInfo of PKCS #8 (RFC 5208). Ignores the attributes and the public key that may follow the key.
pub(super) fn private_key(der: &[u8]) -> Option<Wrapped<'_>> {
    let mut info = Reader(whole(der, SEQUENCE)?);
    info.take(INTEGER)?;
    let (algorithm, parameters) = algorithm(info.take(SEQUENCE)?)?;
    Some(Wrapped { algorithm, parameters, key: info.take(OCTET_STRING)? })
}

/// Returns whether the parameters of [`RSA_PSS`] permit PS256: SHA-256 for the message and the mask, and a salt of 32
/// bytes. A key can demand a longer salt (RFC 4055, section 3.1).
pub(super) fn permits_ps256(parameters: &[u8]) -> bool {
    parameters.is_empty() || restriction_permits_ps256(parameters).unwrap_or(false)
}

fn restriction_permits_ps256(parameters: &[u8]) -> Option<bool> {
    const HASH: u8 = 0xa0;
    const MASK: u8 = 0xa1;
    const SALT: u8 = 0xa2;
    /// 1.2.840.113549.1.1.8, id-mgf1.
    const MGF1: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08];

    let mut fields = Reader(whole(parameters, SEQUENCE)?);
    // Without the first two fields, the defaults would be SHA-1.
    let hash = whole(fields.take(HASH)?, SEQUENCE)?;
    let (function, hash_of_mask) = algorithm(whole(fields.take(MASK)?, SEQUENCE)?)?;
    let salt = match fields.take(SALT) {
        Some(salt) => whole(salt, INTEGER)?,
        None => &[20],
    };
    let is_sha256 = |hash| algorithm(hash).is_some_and(|(name, _)| name == SHA256);
    let fits = matches!(salt, [length] if *length <= 32);
    Some(fits && is_sha256(hash) && function == MGF1 && is_sha256(whole(hash_of_mask, SEQUENCE)?))
}

/// 2.16.840.1.101.3.4.2.1, id-sha256.
const SHA256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];

/// Reads an AlgorithmIdentifier: its object identifier and its parameters.
fn algorithm(content: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut fields = Reader(content);
    Some((fields.take(OBJECT_IDENTIFIER)?, fields.0))
}

/// Returns the content of the only element.
fn whole(der: &[u8], tag: u8) -> Option<&[u8]> {
    let mut elements = Reader(der);
    let content = elements.take(tag)?;
    elements.0.is_empty().then_some(content)
}

/// A reader of consecutive elements.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// Returns the content of the next element, if it has this tag.
    fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        let (length, rest) = match self.0.strip_prefix(&[tag])? {
            [length @ 0..=0x7f, rest @ ..] => (usize::from(*length), rest),
            [0x81, length @ 0x80..=0xff, rest @ ..] => (usize::from(*length), rest),
            [0x82, high @ 1..=0xff, low, rest @ ..] => (usize::from(u16::from_be_bytes([*high, *low])), rest),
            // No key is longer, and DER has only one form for a length.
            _ => return None,
        };
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some(content)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_element_has_one_form() {
        let take = |der: &[u8]| whole(der, 4).map(<[u8]>::len);
        assert_eq!(take(&[4, 0]), Some(0));
        assert_eq!(take(&[4, 1, 9]), Some(1));
        assert_eq!(take(&[&[4, 0x81, 0x80][..], &[0; 0x80]].concat()), Some(0x80));
        assert_eq!(take(&[&[4, 0x82, 1, 0][..], &[0; 0x100]].concat()), Some(0x100));
        for other in
            [&[][..], &[4], &[5, 0], &[4, 1], &[4, 0, 0], &[4, 0x81, 1, 9], &[4, 0x82, 0, 1, 9], &[4, 0x80, 0, 0]]
        {
            assert_eq!(take(other), None, "{other:?}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(der in any::<Vec<u8>>(), short in proptest::collection::vec(0_u8..7, 0..40)) {
            for der in [der, [&[SEQUENCE, 30][..], &short].concat()] {
                let _ = (public_key(&der), private_key(&der), permits_ps256(&der));
            }
        }
    }
}
