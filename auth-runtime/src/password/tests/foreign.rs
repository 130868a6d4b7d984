//! Tests each form that another system wrote, one test for each form. `docs/passwords-from-elsewhere.md` names the
//! tests.

use super::{
    secret,
    vectors::{MADE, Vector, list, of_form},
    weak,
};
use crate::password::{Ceilings, Passwords, StoredHashError, Verified, stored::Stored};

const MATCH: Verified = Verified::Match { upgrade: true };
/// The hash stays: only the other system takes the typed text for the password.
const MATCH_AS_VARIANT: Verified = Verified::Match { upgrade: false };

async fn verify(passwords: &Passwords, password: &str, stored: &str) -> Verified {
    passwords.verify(&secret(password), stored).await.unwrap()
}

/// Returns the verdict on the password of a hash. Two of the tests' passwords are variants of plainer ones.
fn expected(form: &str, password: &str) -> Verified {
    let is_variant = match form {
        "better-auth" => password.contains('\u{fb03}'),
        _ => form.starts_with("wordpress") && password.trim() != password,
    };
    if is_variant { MATCH_AS_VARIANT } else { MATCH }
}

/// Asserts that every hash of the form matches its password, is to be replaced, and has no readable neighbour. The
/// first hash is also compared with other passwords.
async fn holds(form: &str) {
    let passwords = weak();
    for (at, Vector { password, encoded, .. }) in of_form(form).enumerate() {
        assert_eq!(verify(&passwords, password, encoded).await, expected(form, password), "{encoded}");
        if at == 0 {
            for other in ["", &password[1..], &format!("{password}x"), &password.to_uppercase()] {
                assert_eq!(verify(&passwords, other, encoded).await, Verified::Mismatch, "{other} {encoded}");
            }
        }
        for malformed in neighbours(encoded) {
            let read = Stored::read(&malformed, &Ceilings::default(), &[]);
            assert!(read.is_err(), "{malformed}");
        }
    }
}

/// Returns variants of a hash, as a damaged column or a careless export produces them.
fn neighbours(encoded: &str) -> Vec<String> {
    let cut = &encoded[..encoded.len() - 1];
    // argon2's tags have no fixed length. A tag without padding that loses a character may be a valid shorter tag.
    let shorter = if encoded.contains("argon2") { &encoded[..encoded.len() - 2] } else { cut };
    let mut neighbours = vec![
        shorter.to_owned(),
        format!("{cut}!"),
        format!("{encoded}$"),
        format!("{encoded}="),
        format!("{encoded} "),
        format!("{encoded}\n"),
        format!(" {encoded}"),
        format!("x{encoded}"),
        format!("{{bcrypt}}{encoded}"),
        format!("{{scrypt}}{encoded}"),
        format!("$wp{encoded}x"),
        encoded[..encoded.len() / 2].to_owned(),
    ];
    // An empty tag, and an empty field before it.
    if let Some((before, _)) = encoded.rsplit_once(['$', ':', '}']) {
        let kept = &encoded[..=before.len()];
        neighbours.push(kept.to_owned());
        neighbours.push(format!("{kept}$"));
    }
    neighbours
}

#[tokio::test]
async fn spring_bcrypt() {
    holds("spring bcrypt").await;
}

#[tokio::test]
async fn spring_pbkdf2() {
    holds("spring pbkdf2").await;
    holds("spring pbkdf2@SpringSecurity_v5_8").await;
}

#[tokio::test]
async fn spring_scrypt() {
    holds("spring scrypt").await;
    holds("spring scrypt@SpringSecurity_v5_8").await;
}

#[tokio::test]
async fn spring_argon2() {
    holds("spring argon2").await;
    holds("spring argon2@SpringSecurity_v5_8").await;
}

#[tokio::test]
async fn aspnet_version_2() {
    holds("aspnet v2").await;
}

#[tokio::test]
async fn aspnet_version_3() {
    holds("aspnet v3").await;
}

#[tokio::test]
async fn werkzeug_scrypt() {
    holds("werkzeug scrypt").await;
}

#[tokio::test]
async fn werkzeug_pbkdf2() {
    for prf in ["sha1", "sha256", "sha512"] {
        holds(&format!("werkzeug pbkdf2 {prf}")).await;
    }
}

#[tokio::test]
async fn better_auth() {
    holds("better-auth").await;
}

#[tokio::test]
async fn wordpress_bcrypt() {
    holds("wordpress bcrypt").await;
}

#[tokio::test]
async fn phpass() {
    holds("phpass").await;
    holds("phpBB 3").await;
}

#[tokio::test]
async fn passlib_bcrypt_sha256() {
    holds("passlib bcrypt_sha256 v1").await;
    holds("passlib bcrypt_sha256 v2").await;
}

#[tokio::test]
async fn sha_crypt() {
    holds("sha256_crypt").await;
    holds("sha512_crypt").await;
}

#[tokio::test]
async fn ldap_salted_sha2() {
    holds("ldap_salted_sha256").await;
    holds("ldap_salted_sha512").await;
    // The name of a scheme has no case.
    for Vector { password, encoded, .. } in of_form("ldap_salted_sha512") {
        let lower = encoded.replacen("{SSHA512}", "{ssha512}", 1);
        assert_ne!(lower, *encoded);
        assert!(matches!(verify(&weak(), password, &lower).await, Verified::Match { .. }), "{lower}");
    }
}

#[tokio::test]
async fn laravel_bcrypt_and_argon2id() {
    for form in ["laravel bcrypt", "laravel argon2id"] {
        for Vector { password, encoded, .. } in of_form(form) {
            assert!(matches!(verify(&weak(), password, encoded).await, Verified::Match { .. }), "{encoded}");
        }
    }
}

#[tokio::test]
async fn aspnets_published_mistakes_are_refused() {
    for Vector { encoded, .. } in list("malformed") {
        let read = Stored::read(&encoded, &Ceilings::default(), &[]);
        assert_eq!(read.err(), Some(StoredHashError::Malformed), "{encoded}");
    }
    for Vector { password, encoded, .. } in list("other_password") {
        assert_eq!(verify(&weak(), &password, &encoded).await, Verified::Mismatch, "{encoded}");
    }
}

/// WordPress's forms put a backslash before quotes and hash the backslash, too. A password that a program sets has no
/// backslash.
#[tokio::test]
async fn wordpress_takes_quotes_with_backslashes_and_without() {
    for form in ["wordpress bcrypt", "wordpress bcrypt by a form"] {
        for Vector { password, encoded, .. } in MADE.iter().filter(|vector| vector.form == form) {
            assert_eq!(verify(&weak(), password, encoded).await, expected(form, password), "{encoded}");
        }
    }
    let by_a_form = MADE.iter().filter(|vector| vector.form == "wordpress bcrypt by a form");
    assert_eq!(by_a_form.count(), 3);
}

/// Both WordPress and its login form remove white space before they hash.
#[tokio::test]
async fn wordpress_trims_and_others_do_not() {
    for Vector { password, encoded, .. } in of_form("wordpress bcrypt").chain(of_form("phpass")) {
        assert_eq!(verify(&weak(), &format!(" \t{}\n", password.trim()), encoded).await, MATCH_AS_VARIANT, "{encoded}");
    }
    let django = of_form("werkzeug pbkdf2 sha256").next().unwrap();
    let spaced = format!("{} ", django.password);
    assert_eq!(verify(&weak(), &spaced, &django.encoded).await, Verified::Mismatch);
}

/// Hashes of `Tom &amp; &quot;Jerry&quot; &lt;3` and of ` spaces around `, made by passlib 1.7.4.
#[tokio::test]
async fn phpass_is_verified_as_the_system_behind_it_wrote_the_text() {
    let phpbb = "$H$5abcdefghJK9Im.5VLT2jL33XC8Kbg1";
    assert_eq!(verify(&weak(), "Tom & \"Jerry\" <3", phpbb).await, MATCH);
    assert_eq!(verify(&weak(), "Tom &amp; &quot;Jerry&quot; &lt;3", phpbb).await, MATCH);
    let untrimmed = "$P$5abcdefgh/QKPco1G/91OjVnevP/kf1";
    assert_eq!(verify(&weak(), " spaces around ", untrimmed).await, MATCH_AS_VARIANT);
    assert_eq!(verify(&weak(), "spaces around", untrimmed).await, Verified::Mismatch);
}

#[tokio::test]
async fn better_auth_takes_compatible_spellings_for_one_and_others_do_not() {
    let vector = of_form("better-auth").find(|vector| vector.password.starts_with('\u{fb03}')).unwrap();
    assert_eq!(verify(&weak(), "ffice A\u{30a}ngstro\u{308}m", &vector.encoded).await, MATCH);
    let vector = of_form("spring argon2").find(|vector| vector.password.contains("o\u{308}")).unwrap();
    let composed = vector.password.replace("o\u{308}", "\u{f6}");
    assert_eq!(verify(&weak(), &composed, &vector.encoded).await, Verified::Mismatch);
}

#[tokio::test]
async fn a_password_that_bcrypt_cut_off_matches_only_where_it_is_asked_for() {
    let asked = Passwords::builder(std::sync::Arc::new(crate::secret::SystemEntropy::new()));
    let asked = asked.accept_truncated_bcrypt(true).build();
    for Vector { password, encoded, .. } in of_form("truncated bcrypt") {
        assert!(password.len() > 72);
        assert_eq!(verify(&weak(), password, encoded).await, Verified::Mismatch, "{encoded}");
        assert_eq!(verify(&asked, password, encoded).await, Verified::SameBeginning, "{encoded}");
        let other_end = format!("{password}and an end that was never hashed");
        assert_eq!(verify(&asked, &other_end, encoded).await, Verified::SameBeginning, "{encoded}");
        let beginning = &password[..72];
        assert_eq!(verify(&asked, beginning, encoded).await, MATCH, "{encoded}");
        let with_a_nul = format!("{beginning}\0{password}");
        assert_eq!(verify(&asked, &with_a_nul, encoded).await, Verified::Mismatch, "{encoded}");
        assert_eq!(verify(&asked, &password.to_uppercase(), encoded).await, Verified::Mismatch, "{encoded}");
    }
    // These forms hash the password first, so they do not truncate it.
    for form in ["passlib bcrypt_sha256 v2", "wordpress bcrypt"] {
        let vector = of_form(form).find(|vector| vector.password.len() == 73).unwrap();
        let longer = format!("{}x", vector.password);
        assert_eq!(verify(&asked, &longer, &vector.encoded).await, Verified::Mismatch, "{form}");
    }
}
