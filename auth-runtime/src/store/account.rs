use core::fmt;

use secrecy::SecretString;
use serde::Serialize;

use super::User;
use crate::clock::{UnixTime, rfc3339};

/// The ready-made user, who signs in with a user name or e-mail address and a password.
///
/// An account cannot be serialised, and its `Debug` output leaves out the hash and personal data. [`Account::profile`]
/// returns the part that may leave the process.
///
/// ```compile_fail,E0277
/// fn leak(account: &auth_runtime::store::Account) -> String {
///     serde_json::to_string(account).unwrap_or_default()
/// }
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Account {
    /// The identifier. The crate's own stores create a UUIDv7 as text (RFC 9562).
    pub id: String,
    /// The user name as typed at registration. Unique under [`login_key`](super::login_key).
    pub username: String,
    /// The e-mail address as typed at registration. Unique under [`login_key`](super::login_key).
    pub email: String,
    /// When the owner proved that the e-mail address is theirs; `None` before that.
    pub email_verified_at: Option<UnixTime>,
    /// The stored password hash, a PHC string.
    pub password_hash: SecretString,
    /// The names of the account's roles.
    pub roles: Vec<String>,
    /// The scopes that the account may be given.
    pub scopes: Vec<String>,
    /// Whether the account may sign in and make requests.
    pub active: bool,
    /// Whether the account passes where a policy asks for a superuser.
    pub superuser: bool,
    /// The first second in which the account can no longer be opened and may be removed; `None` if it is open.
    ///
    /// A pending account is reserved by an invitation, or its registration has not finished. It is not active, and it
    /// holds its user name and its e-mail address as every account does.
    pub pending_until: Option<UnixTime>,
    /// When the account was registered.
    pub created_at: UnixTime,
    /// When any field of the account last changed.
    pub updated_at: UnixTime,
}

impl Account {
    /// Builds the account that `new` describes, under this identifier. A pending account is never active, and `new`
    /// cannot change that. A store that loads an account from a row calls this first, and then sets the remaining
    /// fields.
    pub fn new(id: String, new: NewAccount, created_at: UnixTime) -> Self {
        Self {
            id,
            username: new.username,
            email: new.email,
            email_verified_at: new.email_verified_at,
            password_hash: new.password_hash,
            roles: new.roles,
            scopes: new.scopes,
            active: new.active && new.pending_until.is_none(),
            superuser: new.superuser,
            pending_until: new.pending_until,
            created_at,
            updated_at: created_at,
        }
    }

    /// Returns the part of the account that its owner may see.
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

/// An account to be created. It cannot be deserialised, so no request body can set a role or `superuser`.
#[derive(Clone)]
#[non_exhaustive]
pub struct NewAccount {
    /// The identifier that the account already has in another system; by default the store makes a fresh one.
    pub id: Option<String>,
    /// The user name. The caller checks it; the store accepts any text.
    pub username: String,
    /// The e-mail address. The caller checks it; the store accepts any text.
    pub email: String,
    /// When the owner of the account proved that the e-mail address is theirs; not verified by default.
    pub email_verified_at: Option<UnixTime>,
    /// The password hash: a PHC string, or a hash of another system that the engine's passwords can read.
    pub password_hash: SecretString,
    /// The names of the account's roles; empty by default. The store accepts any texts. An account cannot sign in when
    /// its roles do not fit into an access token.
    pub roles: Vec<String>,
    /// The scopes that the account may be given; empty by default. The store accepts any texts, as for roles.
    pub scopes: Vec<String>,
    /// Whether the account may sign in at once; `true` by default.
    pub active: bool,
    /// Whether the account is a superuser; `false` by default.
    pub superuser: bool,
    /// The first second in which the account can no longer be opened; `None` by default, for an account that is open at
    /// once. A pending account is not active.
    pub pending_until: Option<UnixTime>,
}

impl NewAccount {
    /// Describes an active account without roles or scopes.
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
            pending_until: None,
        }
    }
}

/// The part of an account that its owner may see. Times are serialised as RFC 3339 in UTC.
///
/// `Debug` shows neither the name nor the address.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Profile {
    /// The account's identifier.
    pub id: String,
    /// The user name as typed at registration.
    pub username: String,
    /// The e-mail address as typed at registration.
    pub email: String,
    /// Whether the owner proved that the e-mail address is theirs.
    pub email_verified: bool,
    /// The names of the account's roles.
    pub roles: Vec<String>,
    /// The scopes that the account may be given.
    pub scopes: Vec<String>,
    /// Whether the account may sign in and make requests.
    pub active: bool,
    /// Whether the account is a superuser.
    pub superuser: bool,
    /// When the account was registered.
    #[serde(serialize_with = "rfc3339")]
    pub created_at: UnixTime,
    /// When any field of the account last changed.
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
    fn a_pending_account_is_not_active_and_its_profile_does_not_show_it() {
        let mut new = NewAccount::new("bob", "bob@example.org", SecretString::from(""));
        new.pending_until = Some(UnixTime::from_seconds(9));
        let account = Account::new("1".to_owned(), new, UnixTime::from_seconds(1));
        assert!(!account.active && !account.is_active());
        assert!(!serde_json::to_string(&account.profile()).unwrap().contains("pending"));
    }

    #[test]
    fn an_account_answers_as_a_user() {
        let account = account();
        assert_eq!(User::id(&account), "0198");
        assert!(account.is_active() && !account.is_superuser());
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
    }
}
