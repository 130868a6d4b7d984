//! Decides which answers no cache may store.

use axum::http::{
    HeaderMap, HeaderValue,
    header::{CACHE_CONTROL, PRAGMA},
};

/// Writes `no-store`, if a cache could give the answer to another person, or to the next user of the browser.
///
/// An answer to an authenticated caller may say `private` itself, to be stored by the caller's own browser. An answer
/// with a nonce may not: a page from a cache would have an old nonce.
pub(super) fn forbid(headers: &mut HeaderMap, has_nonce: bool) {
    if has_nonce || !is_private(headers) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.remove(PRAGMA);
    }
}

/// Returns whether the answer keeps itself out of caches that people share: all its directives are known, and one is
/// `private` or `no-store`.
fn is_private(headers: &HeaderMap) -> bool {
    let directives = || headers.get_all(CACHE_CONTROL).iter().flat_map(|field| field.as_bytes().split(|b| *b == b','));
    let is = |directive: &[u8], names: &[&str]| {
        let name = directive.split(|byte| *byte == b'=').next().unwrap_or_default().trim_ascii();
        names.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes()))
    };
    // `private="field"` keeps only that field to the browser (RFC 9111, section 5.2.2.7).
    let is_whole = |directive: &[u8]| !directive.contains(&b'=');
    let shares = directives().any(|directive| is(directive, &["public", "s-maxage"]));
    !shares && directives().any(|directive| is(directive, &["private", "no-store"]) && is_whole(directive))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(fields: &[&str], has_nonce: bool) -> Vec<String> {
        let mut headers = HeaderMap::new();
        for field in fields {
            headers.append(CACHE_CONTROL, HeaderValue::from_str(field).unwrap());
        }
        forbid(&mut headers, has_nonce);
        headers.get_all(CACHE_CONTROL).iter().map(|field| field.to_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn only_an_answer_that_says_private_is_stored() {
        for kept in [&["private, max-age=60"][..], &["no-store"], &["max-age=60", "Private"], &["no-cache, no-store"]] {
            assert_eq!(after(kept, false), kept);
            assert_eq!(after(kept, true), ["no-store"]);
        }
        for replaced in [
            &[][..],
            &["max-age=60"],
            &["public, max-age=60"],
            &["private, s-maxage=60"],
            &["private=\"x-a\", max-age=60"],
            &["private", "public"],
            &["no-cache"],
            &["\"private"],
        ] {
            assert_eq!(after(replaced, false), ["no-store"], "{replaced:?}");
        }
    }
}
