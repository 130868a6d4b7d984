/// Returns whether the text is an e-mail address that a mailer can use as it is.
///
/// The form is that of the HTML standard's `<input type=email>`, which is ASCII alone, within the lengths of RFC 5321.
/// The domain must be a name of two labels or more. Address literals, for example `[192.0.2.1]`, are refused.
///
/// A browser already writes the domain of an `email` field in ASCII: `xn--bcher-kva.example` for `bücher.example`. If
/// both spellings were accepted, one mailbox could have two accounts. Two accepted addresses of one mailbox differ only
/// in case, which [`login_key`](crate::store::login_key) folds.
pub(crate) fn is_email_address(text: &str) -> bool {
    text.len() <= MAX_BYTES && text.split_once('@').is_some_and(|(local, domain)| is_local(local) && is_domain(domain))
}

/// The longest path is 256 bytes, with its two angle brackets (RFC 5321, section 4.5.3.1.3). A domain therefore has at
/// most 252 bytes, and needs no limit of its own.
const MAX_BYTES: usize = 254;

/// RFC 5321, section 4.5.3.1.1.
const MAX_LOCAL_BYTES: usize = 64;

/// RFC 1035, section 2.3.4.
const MAX_LABEL_BYTES: usize = 63;

fn is_local(local: &str) -> bool {
    const PUNCTUATION: &[u8] = b".!#$%&'*+/=?^_`{|}~-";
    (1..=MAX_LOCAL_BYTES).contains(&local.len())
        && local.bytes().all(|byte| byte.is_ascii_alphanumeric() || PUNCTUATION.contains(&byte))
}

/// A last label that begins with a digit belongs to no name: `127.0.0.1` and `0x7f.1` are network addresses.
fn is_domain(domain: &str) -> bool {
    domain.split('.').all(is_label)
        && domain.rsplit_once('.').is_some_and(|(_, last)| last.starts_with(|first: char| first.is_ascii_alphabetic()))
}

fn is_label(label: &str) -> bool {
    (1..=MAX_LABEL_BYTES).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::store::login_key;

    #[test]
    fn plain_addresses_are_accepted() {
        for good in [
            "a@b.co",
            "Alice@Example.org",
            "o'hara+notes@mail.example.org",
            "!#$%&'*+/=?^_`{|}~-.@example.org",
            "zoe@xn--bcher-kva.xn--p1ai",
            "a@1-2.3.example",
        ] {
            assert!(is_email_address(good), "{good}");
        }
    }

    #[test]
    fn texts_that_a_mailer_could_read_otherwise_are_refused() {
        for bad in [
            "",
            "a",
            "a@",
            "@b.co",
            "a@b@example.org",
            "a b@example.org",
            "\"a\"@example.org",
            "a@localhost",
            "a@example.org.",
            "a@.example.org",
            "a@example..org",
            "a@-example.org",
            "a@example-.org",
            "a@exam_ple.org",
            "a@[192.0.2.1]",
            "a@192.0.2.1",
            "a@127.0x1",
            "a@example.org, b[::1]",
            "a@example.org\r\nBcc: b@example.org",
            "a@evil\r\nBcc: b.example\r\n\r\nYou won [192.0.2.1]",
            "a@\u{202e}\0<script>alert(1)</script>[192.0.2.1]",
            "zo\u{eb}@example.org",
            "a@b\u{fc}cher.example",
        ] {
            assert!(!is_email_address(bad), "{bad:?}");
        }
        for at in ["a{}b@example.org", "a@exam{}ple.org", "a@example{}", "a@example.org{}"] {
            for char in "\0\r\n\t\x7f <>()[],;:\\\"\u{a0}\u{ad}\u{200b}\u{200d}\u{202e}\u{2060}\u{3002}\u{feff}".chars()
            {
                let bad = at.replace("{}", &char.to_string());
                assert!(!is_email_address(&bad), "{bad:?}");
            }
        }
    }

    #[test]
    fn lengths_are_those_of_the_protocol() {
        let (label, local) = ("d".repeat(63), "l".repeat(64));
        for (local, domain, fits) in [
            (&*local, format!("{label}.org"), true),
            (&*format!("{local}l"), format!("{label}.org"), false),
            ("a", format!("{label}d.org"), false),
            ("ab", format!("{label}.{label}.{label}.{}", "d".repeat(59)), true),
            ("abc", format!("{label}.{label}.{label}.{}", "d".repeat(59)), false),
        ] {
            let address = format!("{local}@{domain}");
            assert_eq!(is_email_address(&address), fits, "{} bytes: {address}", address.len());
        }
    }

    proptest! {
        /// Mailers compare domains without case, and so do hosts with local parts in practice.
        #[test]
        fn two_addresses_of_one_mailbox_have_one_key(
            one in "[a-c\u{200b}\u{ad}\u{ff41}\u{212a}Kk.]{1,3}@[a-c\u{200b}\u{ad}\u{ff41}\u{212a}Kk]{1,3}[.\u{3002}\u{ff0e}][a-c]{2}",
            upper in any::<[bool; 16]>(),
        ) {
            let other: String = one
                .chars()
                .zip(upper)
                .map(|(char, upper)| if upper { char.to_ascii_uppercase() } else { char.to_ascii_lowercase() })
                .collect();
            prop_assert_eq!(is_email_address(&one), is_email_address(&other));
            if is_email_address(&one) {
                prop_assert_eq!(login_key(&one), login_key(&other));
                // No other character folds to one of an address, so no further spelling has the same mailbox.
                prop_assert!(one.is_ascii() && login_key(&one) == one.to_ascii_lowercase());
            }
        }

        #[test]
        fn any_accepted_text_is_one_word_of_ascii(text in r"\PC{0,6}@\PC{0,8}\.\PC{0,4}") {
            if is_email_address(&text) {
                prop_assert!(text.bytes().all(|byte| byte.is_ascii_graphic()) && text.matches('@').count() == 1);
            }
        }
    }
}
