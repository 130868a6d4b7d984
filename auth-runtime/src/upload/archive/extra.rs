//! The extra fields of an entry. They can replace what the entry itself says.

/// Returns whether no program finds another path or a link in the fields.
pub(super) fn are_harmless(mut fields: &[u8], path: &[u8]) -> bool {
    const LINK_OF_UNIX: u16 = 0x000d;
    const LINK_OF_ASI: u16 = 0x756e;
    const UNICODE_PATH: u16 = 0x7075;
    // Some programs fill up with zeros.
    while fields.iter().any(|byte| *byte != 0) {
        let Some(([kind @ .., l0, l1], rest)) = fields.split_first_chunk::<4>() else { return false };
        let Some((content, rest)) = rest.split_at_checked(u16::from_le_bytes([*l0, *l1]).into()) else { return false };
        let is_harmless = match u16::from_le_bytes(*kind) {
            // The path stands behind a version and a checksum.
            UNICODE_PATH => content.get(5..) == Some(path),
            // The place that a link leads to stands behind times and owners.
            LINK_OF_UNIX => content.len() <= 12,
            LINK_OF_ASI => false,
            _ => true,
        };
        if !is_harmless {
            return false;
        }
        fields = rest;
    }
    true
}
