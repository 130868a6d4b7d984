//! The forms of a session's token. A wrong form needs no question.

/// The length of a signature: SHA-256 in base64, with its padding.
const SIGNATURE: usize = 44;
const LENGTHS: core::ops::RangeInclusive<usize> = 16..=256;

/// Returns the token in a bearer token: it may be signed.
pub(in crate::remote) fn bearer_token(text: &str) -> Option<&str> {
    if is_token(text) { Some(text) } else { cookie_token(text) }
}

/// Returns the token in the value of a cookie: it is signed, `token.signature`, with some bytes of the signature
/// percent-encoded.
pub(in crate::remote) fn cookie_token(value: &str) -> Option<&str> {
    let (token, signature) = value.split_once('.')?;
    (is_token(token) && is_signature(signature)).then_some(token)
}

fn is_token(text: &str) -> bool {
    LENGTHS.contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn is_signature(text: &str) -> bool {
    let mut rest = text;
    for place in 1..=SIGNATURE {
        let Some((byte, after)) = next(rest) else { return false };
        let is_padding = byte == b'=';
        let fits = byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/') || is_padding;
        if !fits || is_padding != (place == SIGNATURE) {
            return false;
        }
        rest = after;
    }
    rest.is_empty()
}

/// Returns the first byte, and the rest of the text.
fn next(text: &str) -> Option<(u8, &str)> {
    for (encoded, byte) in [("%2B", b'+'), ("%2F", b'/'), ("%3D", b'='), ("%2b", b'+'), ("%2f", b'/'), ("%3d", b'=')] {
        if let Some(rest) = text.strip_prefix(encoded) {
            return Some((byte, rest));
        }
    }
    Some((*text.as_bytes().first()?, text.get(1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "F56bvqTWlTrYztPX326h1mZ5Wwylf5Uy";
    const SIGNATURE: &str = "XuGtrylA/8ZpQ+KcE1uVfUS7cD2kWmYp0aBxLhJ9n7Q=";

    #[test]
    fn signed_and_raw_tokens_are_told_apart() {
        let encoded = SIGNATURE.replace('/', "%2F").replace('+', "%2B").replace('=', "%3D");
        for signed in [
            format!("{TOKEN}.{SIGNATURE}"),
            format!("{TOKEN}.{encoded}"),
            format!("{TOKEN}.{}", encoded.replace("%2F", "%2f")),
        ] {
            assert_eq!((cookie_token(&signed), bearer_token(&signed)), (Some(TOKEN), Some(TOKEN)), "{signed}");
        }
        assert_eq!((cookie_token(TOKEN), bearer_token(TOKEN)), (None, Some(TOKEN)));
    }

    #[test]
    fn what_was_cut_doubled_or_is_another_token_is_refused() {
        let signed = format!("{TOKEN}.{SIGNATURE}");
        for bad in [
            String::new(),
            ".".to_owned(),
            TOKEN[..15].to_owned(),
            format!("{TOKEN}."),
            format!(".{SIGNATURE}"),
            signed[..signed.len() - 1].to_owned(),
            format!("{signed}{signed}"),
            format!("{signed}.{SIGNATURE}"),
            format!("{signed}="),
            format!("{TOKEN}.{}", "=".repeat(44)),
            format!("{TOKEN};a.{SIGNATURE}"),
            format!("{TOKEN}%00.{SIGNATURE}"),
            format!("{TOKEN}\r\nx.{SIGNATURE}"),
            "a".repeat(257),
            "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl".to_owned(),
            format!("caf\u{e9}{TOKEN}"),
            format!("{TOKEN}.\u{e9}{SIGNATURE}"),
        ] {
            assert_eq!(cookie_token(&bad), None, "{bad}");
            assert_eq!(bearer_token(&bad), None, "{bad}");
        }
    }
}
