use core::fmt;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::{
    common::{Blocklist, is_common},
    context::Context,
    error::PasswordPolicyError,
    length::{LONGEST_MINIMUM, SHORTEST},
};
use crate::{
    error::StoreError,
    password::{LeakKey, LeakedPasswords, MAX_PASSWORD_BYTES, leaked::accepted_unchecked, text::nfc},
};

/// The requirements on a new password. They follow NIST SP 800-63B-4: a minimum length and a list of known passwords,
/// and nothing else by default.
///
/// Every character is allowed, including spaces and all of Unicode. The length counts code points after NFC, the form
/// that is hashed. So the length does not depend on how a keyboard composes characters. Lists of known passwords are
/// searched for the NFKC form in lower case, in which spellings that look alike are equal.
///
/// ```
/// use auth_runtime::{password::{PasswordPolicyError, PasswordPolicy}, secrecy::SecretString};
///
/// let policy = PasswordPolicy::default();
/// assert_eq!(policy.check(&SecretString::from("a walk in the rain"), &["alice@example.com"]), Ok(()));
///
/// let faults = policy.check(&SecretString::from("alice1"), &["alice@example.com"]).unwrap_err();
/// assert_eq!(faults, [PasswordPolicyError::TooShort { min: 8 }, PasswordPolicyError::Context]);
/// assert_eq!(faults[0].to_string(), "must have at least 8 characters");
/// ```
#[derive(Clone)]
pub struct PasswordPolicy {
    min_length: usize,
    composition: bool,
    blocklist: Option<Arc<dyn Blocklist>>,
    leaked: Option<Arc<dyn LeakedPasswords>>,
    accepts_unchecked: bool,
}

impl PasswordPolicy {
    /// Requires at least 15 code points, as NIST asks when the password is the only factor.
    pub fn nist() -> Self {
        Self::default().with_min_length(15)
    }

    /// Requires at least 8 code points with a digit, an upper-case and a lower-case letter among them.
    ///
    /// For applications that must keep this older rule. The rule makes passwords harder to remember, and hardly harder
    /// to guess.
    pub fn composition() -> Self {
        Self { composition: true, ..Self::default() }
    }

    /// Raises the minimum to this many code points, if the policy requires fewer. More than 64 count as 64.
    #[must_use]
    pub fn with_min_length(mut self, code_points: usize) -> Self {
        self.min_length = self.min_length.max(code_points.min(LONGEST_MINIMUM));
        self
    }

    /// Sets a list of passwords to refuse, beside the common passwords that are always refused.
    #[must_use]
    pub fn with_blocklist(mut self, list: Arc<dyn Blocklist>) -> Self {
        self.blocklist = Some(list);
        self
    }

    /// Refuses passwords that this list has, for example `remote::HaveIBeenPwned` or a
    /// [`LeakedFile`](crate::password::LeakedFile). By default no list is asked.
    ///
    /// While the list cannot tell, no new password is accepted: the account endpoints answer 503.
    /// [`accept_unchecked`](Self::accept_unchecked) changes that.
    ///
    /// The account endpoints ask it last, for a password without other faults. [`check`](Self::check) does not ask it:
    /// call [`is_breached`](Self::is_breached), too.
    #[must_use]
    pub fn breached(mut self, list: impl LeakedPasswords) -> Self {
        self.leaked = Some(Arc::new(list));
        self
    }

    /// Accepts a new password while the list of [`breached`](Self::breached) cannot tell whether it leaked. An event
    /// reports each such password.
    #[must_use]
    pub fn accept_unchecked(mut self) -> Self {
        self.accepts_unchecked = true;
        self
    }

    /// Returns whether the list of leaked passwords has this one. Without such a list the answer is `false`.
    ///
    /// # Errors
    /// Returns the error of a list that cannot tell, unless the policy [accepts](Self::accept_unchecked) the password
    /// then. `?` in a handler that returns a [`Failure`](crate::error::Failure) turns the error into 503.
    pub async fn is_breached(&self, password: &SecretString) -> Result<bool, StoreError> {
        let Some(list) = &self.leaked else { return Ok(false) };
        match list.contains(&LeakKey::of(password)).await {
            Err(error) if self.accepts_unchecked => {
                accepted_unchecked(&error);
                Ok(false)
            }
            told => told,
        }
    }

    /// Judges a new password. `context` contains words that an attacker who knows the user would try: names, the e-mail
    /// address, the name of the service.
    ///
    /// # Errors
    /// Returns all faults at once. Only [`TooLong`](PasswordPolicyError::TooLong) is returned alone, because a password
    /// over the length limit is not examined further.
    pub fn check(&self, password: &SecretString, context: &[&str]) -> Result<(), Vec<PasswordPolicyError>> {
        let password = password.expose_secret();
        if password.len() > MAX_PASSWORD_BYTES {
            return Err(vec![PasswordPolicyError::TooLong]);
        }
        let Some(normal) = nfc(password) else { return Err(vec![PasswordPolicyError::TooLong]) };
        let compatible: Zeroizing<String> = Zeroizing::new(password.nfkc().collect());
        let folded = Zeroizing::new(compatible.to_lowercase());
        let mut faults = Vec::new();
        if normal.chars().count() < self.min_length {
            faults.push(PasswordPolicyError::TooShort { min: self.min_length });
        }
        if self.composition {
            faults.extend(missing_kinds(&normal));
        }
        if is_common(&folded) || self.blocklist.as_ref().is_some_and(|list| list.contains(&folded)) {
            faults.push(PasswordPolicyError::Common);
        }
        if Context::new(context).is_most_of(&folded) {
            faults.push(PasswordPolicyError::Context);
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }
}

impl Default for PasswordPolicy {
    /// Requires at least 8 code points.
    fn default() -> Self {
        Self { min_length: SHORTEST, composition: false, blocklist: None, leaked: None, accepts_unchecked: false }
    }
}

impl fmt::Debug for PasswordPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordPolicy")
            .field("min_length", &self.min_length)
            .field("composition", &self.composition)
            .finish_non_exhaustive()
    }
}

fn missing_kinds(password: &str) -> impl Iterator<Item = PasswordPolicyError> {
    let kinds = [
        (password.chars().any(char::is_numeric), PasswordPolicyError::NoDigit),
        (password.chars().any(char::is_uppercase), PasswordPolicyError::NoUppercase),
        (password.chars().any(char::is_lowercase), PasswordPolicyError::NoLowercase),
    ];
    kinds.into_iter().filter_map(|(present, fault)| (!present).then_some(fault))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn faults(policy: &PasswordPolicy, password: &str) -> Vec<PasswordPolicyError> {
        policy.check(&SecretString::from(password), &[]).err().unwrap_or_default()
    }

    #[test]
    fn length_is_in_code_points_after_nfc() {
        let policy = PasswordPolicy::default();
        assert_eq!(faults(&policy, "xqzwvjk"), [PasswordPolicyError::TooShort { min: 8 }]);
        assert_eq!(faults(&policy, "xqzwvjkp"), []);
        // Seven letters of two bytes count as seven; eight of them are enough.
        assert_eq!(faults(&policy, "жщюэъыф"), [PasswordPolicyError::TooShort { min: 8 }]);
        assert_eq!(faults(&policy, "жщюэъыфй"), []);
        // Composed and decomposed letters count alike, and a ligature counts as one character.
        assert_eq!(faults(&policy, "e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}").len(), 1);
        assert_eq!(faults(&policy, "xqzwvﬃ"), [PasswordPolicyError::TooShort { min: 8 }]);
        assert_eq!(faults(&policy, "xqzwvkjﬃ"), []);
    }

    #[test]
    fn nist_asks_for_fifteen() {
        assert_eq!(faults(&PasswordPolicy::nist(), "fourteen chars"), [PasswordPolicyError::TooShort { min: 15 }]);
        assert_eq!(faults(&PasswordPolicy::nist(), "fifteen charact"), []);
    }

    #[test]
    fn passwords_may_have_any_characters_and_need_no_kind_of_character() {
        for password in
            ["a walk in the rain", "        x       ", "🦀🦀🦀🦀🦀🦀🦀🦀", "正確馬電池釘書釘", "tab\tand\nnewline\0"]
        {
            assert_eq!(faults(&PasswordPolicy::default(), password), [], "{password}");
        }
    }

    #[test]
    fn sixty_four_are_always_allowed_and_1024_bytes_are_the_end() {
        let strictest = PasswordPolicy::composition().with_min_length(1000);
        assert_eq!(faults(&strictest, &"Xq7🦀".repeat(16)), []);
        assert_eq!(faults(&PasswordPolicy::default(), &"xq".repeat(512)), []);
        assert_eq!(faults(&PasswordPolicy::default(), &("xq".repeat(512) + "x")), [PasswordPolicyError::TooLong]);
        // 1,023 bytes as typed, and twice as many in the NFC form.
        assert_eq!(faults(&PasswordPolicy::default(), &"\u{958}".repeat(341)), [PasswordPolicyError::TooLong]);
    }

    #[test]
    fn a_minimum_never_lowers_the_present_one() {
        assert_eq!(
            faults(&PasswordPolicy::nist().with_min_length(3), "xqzwvjkp"),
            [PasswordPolicyError::TooShort { min: 15 }]
        );
        assert_eq!(
            faults(&PasswordPolicy::default().with_min_length(10), "xqzwvjkp"),
            [PasswordPolicyError::TooShort { min: 10 }]
        );
    }

    #[test]
    fn composition_names_every_kind_that_is_missing() {
        let policy = PasswordPolicy::composition();
        assert_eq!(faults(&policy, "Xqzwvjk7"), []);
        assert_eq!(faults(&policy, "xqzwvjkp"), [PasswordPolicyError::NoDigit, PasswordPolicyError::NoUppercase]);
        assert_eq!(faults(&policy, "XQZWVJK7"), [PasswordPolicyError::NoLowercase]);
        let all = faults(&policy, "!!!");
        assert_eq!(all.len(), 4, "{all:?}");
        assert_eq!(
            all.iter().map(PasswordPolicyError::code).collect::<Vec<_>>(),
            ["password-too-short", "password-no-digit", "password-no-uppercase", "password-no-lowercase"]
        );
    }

    #[test]
    fn common_passwords_are_refused_in_any_spelling() {
        for password in ["password", "PassWord", "ｐａｓｓｗｏｒｄ", "iloveyou", "1qaz2wsx", "Trustno1", "11111111"]
        {
            assert_eq!(faults(&PasswordPolicy::default(), password), [PasswordPolicyError::Common], "{password}");
        }
    }

    #[test]
    fn a_list_of_ones_own_is_asked_too() {
        struct Ours;
        impl Blocklist for Ours {
            fn contains(&self, password: &str) -> bool {
                password == "our old wifi key"
            }
        }
        let policy = PasswordPolicy::default().with_blocklist(Arc::new(Ours));
        assert_eq!(faults(&policy, "Our Old WiFi Key"), [PasswordPolicyError::Common]);
        assert_eq!(faults(&policy, "password"), [PasswordPolicyError::Common]);
        assert_eq!(faults(&policy, "our new wifi key"), []);
    }

    #[test]
    fn all_faults_come_at_once() {
        let refused = PasswordPolicy::composition().check(&SecretString::from("anna"), &["anna@example.com"]);
        let expected = [
            PasswordPolicyError::TooShort { min: 8 },
            PasswordPolicyError::NoDigit,
            PasswordPolicyError::NoUppercase,
            PasswordPolicyError::Context,
        ];
        assert_eq!(refused.unwrap_err(), expected);
    }

    proptest! {
        #[test]
        fn a_password_is_long_enough_exactly_when_it_is(password in "[xqzvj]{0,70}", min in 8_usize..=64) {
            let policy = PasswordPolicy::default().with_min_length(min);
            let short = faults(&policy, &password).contains(&PasswordPolicyError::TooShort { min });
            prop_assert_eq!(short, password.len() < min);
        }

        #[test]
        fn anything_is_judged(password in any::<String>(), words in prop::collection::vec(any::<String>(), 0..4)) {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let judged = PasswordPolicy::composition().check(&SecretString::from(&*password), &words);
            let normal: String = password.nfc().collect();
            prop_assert!(judged.is_err() || normal.chars().count() >= SHORTEST);
        }
    }
}
