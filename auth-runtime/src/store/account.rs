use core::fmt;

use secrecy::SecretString;
use serde::Serialize;

use super::User;
use crate::clock::{UnixTime, rfc3339};

/// The ready-made user: somebody who signs in by user name or e-mail address and password.
///
/// It can neither be serialised nor printed whole; what may leave the process is [`Account::profile`].
///
/// ```compile_fail,E0277
/// fn leak(account: &auth_runtime::store::Account) -> String {
///     serde_json::to_string(account).unwrap_or_default()
/// }
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Account {
    /// UUIDv7 as text (RFC 9562), for the accounts that the crate's own stores create.
    pub id: String,
    /// As typed at registration. Unique under [`login_key`](super::login_key).
    pub username: String,
    /// As typed at registration. Unique under [`login_key`](super::login_key).
    pub email: String,
    /// When the e-mail address was shown to be the owner's, if it was.
    pub email_verified_at: Option<UnixTime>,
    /// The stored password hash, a PHC string.
    pub password_hash: SecretString,
    /// Names of roles.
    pub roles: Vec<String>,
    /// Scopes that the account may be given.
    pub scopes: Vec<String>,
    /// Whether the account may sign in and call.
    pub active: bool,
    /// Whether the account passes where a superuser is asked for.
    pub superuser: bool,
    /// When it was registered.
    pub created_at: UnixTime,
    /// When anything of it last changed.
    pub updated_at: UnixTime,
}

impl Account {
    /// The account that `new` becomes, under this identifier. Stores that load one from a row start here and set the remaining fields.
    pub fn new(id: String, new: NewAccount, created_at: UnixTime) -> Self {
        Self {
            id,
            username: new.username,
            email: new.email,
            email_verified_at: new.email_verified_at,
            password_hash: new.password_hash,
            roles: new.roles,
            scopes: new.scopes,
            active: new.active,
            superuser: new.superuser,
            created_at,
            updated_at: created_at,
        }
    }

    /// What the account's owner may see of it.
    pub fn profile(&self) -> Profile {
        Profile {
            id: self.id.clone(),
            username: self.username.clone(),
            email: self.email.clone(),
            email_verified: self.email_verified_at.is_some(),
            roles: self.roles.clone(),
            scopes: self.scopes.clone(),
            active: self.active,
            superuser: self.superuser,
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }
}

impl User for Account {
    fn id(&self) -> &str {
        &self.id
    }

    fn is_active(&self) -> bool {
        self.active
    }

    fn is_superuser(&self) -> bool {
        self.superuser
    }

    fn roles(&self) -> impl Iterator<Item = &str> {
        self.roles.iter().map(String::as_str)
    }

    fn scopes(&self) -> impl Iterator<Item = &str> {
        self.scopes.iter().map(String::as_str)
    }
}

// Neither the hash nor personal data belongs in a log line.
impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("id", &self.id)
            .field("active", &self.active)
            .field("superuser", &self.superuser)
            .finish_non_exhaustive()
    }
}

/// An account to be created. Cannot be deserialised, so that no request body sets a role or `superuser`.
#[derive(Clone)]
#[non_exhaustive]
pub struct NewAccount {
    /// The identifier that the account already has elsewhere; by default the store makes a fresh one.
    pub id: Option<String>,
    /// Checked by the caller; the store accepts any text.
    pub username: String,
    /// Checked by the caller; the store accepts any text.
    pub email: String,
    /// When the e-mail address was shown to be the owner's; it was not by default.
    pub email_verified_at: Option<UnixTime>,
    /// A PHC string, or a hash of another system that the engine's passwords can read.
    pub password_hash: SecretString,
    /// Names of roles; none by default.
    pub roles: Vec<String>,
    /// Scopes that the account may be given; none by default.
    pub scopes: Vec<String>,
    /// Whether the account may sign in at once; it may by default.
    pub active: bool,
    /// Whether the account is a superuser; it is not by default.
    pub superuser: bool,
}

impl NewAccount {
    /// An active account without roles or scopes.
    pub fn new(username: impl Into<String>, email: impl Into<String>, password_hash: SecretString) -> Self {
        Self {
            id: None,
            username: username.into(),
            email: email.into(),
            email_verified_at: None,
            password_hash,
            roles: Vec::new(),
            scopes: Vec::new(),
            active: true,
            superuser: false,
        }
    }
}

/// What an account's owner may see of it. Times are serialised as RFC 3339 in UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Profile {
    /// The account's identifier.
    pub id: String,
    /// As typed at registration.
    pub username: String,
    /// As typed at registration.
    pub email: String,
    /// Whether the e-mail address was shown to be the owner's.
    pub email_verified: bool,
    /// Names of roles.
    pub roles: Vec<String>,
    /// Scopes that the account may be given.
    pub scopes: Vec<String>,
    /// Whether the account may sign in and call.
    pub active: bool,
    /// Whether the account is a superuser.
    pub superuser: bool,
    /// When it was registered.
    #[serde(serialize_with = "rfc3339")]
    pub created_at: UnixTime,
    /// When anything of it last changed.
    #[serde(serialize_with = "rfc3339")]
    pub updated_at: UnixTime,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> Account {
        let mut new = NewAccount::new("Alice", "alice@example.org", SecretString::from("$argon2id$canary"));
        new.roles = vec!["member".to_owned()];
        new.scopes = vec!["notes:read".to_owned()];
        Account::new("0198".to_owned(), new, UnixTime::from_seconds(1_700_000_000))
    }

    #[test]
    fn debug_output_shows_neither_the_hash_nor_personal_data() {
        let printed = format!("{:?}", account());
        assert_eq!(printed, r#"Account { id: "0198", active: true, superuser: false, .. }"#);
    }

    #[test]
    fn a_profile_is_json_with_readable_times_and_no_hash() {
        let json = serde_json::to_value(account().profile()).unwrap();
        let expected = serde_json::json!({
            "id": "0198", "username": "Alice", "email": "alice@example.org", "email_verified": false,
            "roles": ["member"], "scopes": ["notes:read"], "active": true, "superuser": false,
            "created_at": "2023-11-14T22:13:20Z", "updated_at": "2023-11-14T22:13:20Z",
        });
        assert_eq!(json, expected);
    }

    #[test]
    fn a_time_that_rfc_3339_cannot_write_is_an_error_and_no_panic() {
        for seconds in [i64::MIN, i64::MAX, 253_402_300_800] {
            let mut profile = account().profile();
            profile.created_at = UnixTime::from_seconds(seconds);
            assert!(serde_json::to_string(&profile).is_err(), "{seconds}");
        }
    }

    #[test]
    fn an_account_answers_as_a_user() {
        let account = account();
        assert_eq!(User::id(&account), "0198");
        assert!(account.is_active() && !account.is_superuser());
        assert_eq!(User::roles(&account).collect::<Vec<_>>(), ["member"]);
        assert_eq!(User::scopes(&account).collect::<Vec<_>>(), ["notes:read"]);
    }

    #[test]
    fn a_user_grants_nothing_that_it_does_not_say() {
        struct Plain;
        impl User for Plain {
            fn id(&self) -> &str {
                "1"
            }
            fn is_active(&self) -> bool {
                true
            }
        }
        assert!(!Plain.is_superuser());
        assert_eq!(Plain.roles().count() + Plain.scopes().count(), 0);
    }
}
