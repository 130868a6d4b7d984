//! `Debug` of the records and arguments that hold hashes or personal data. It prints no hash, no name, no
//! address and no user agent.

use core::fmt::{Debug, Formatter, Result};

use super::{
    Accounts, Attempt, ClientLabel, CookieSwap, FirstCredential, NewAccount, Profile, Revocation, RevokedTarget,
    Rotated, Rotation, TokenUse,
};

impl Debug for Accounts {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("Accounts").finish_non_exhaustive()
    }
}

impl Debug for NewAccount {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("NewAccount")
            .field("id", &self.id)
            .field("active", &self.active)
            .field("superuser", &self.superuser)
            .finish_non_exhaustive()
    }
}

impl Debug for Profile {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("Profile")
            .field("id", &self.id)
            .field("active", &self.active)
            .field("superuser", &self.superuser)
            .finish_non_exhaustive()
    }
}

impl Debug for ClientLabel {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("ClientLabel").finish_non_exhaustive()
    }
}

impl Debug for Attempt {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("Attempt").finish_non_exhaustive()
    }
}

impl Debug for CookieSwap {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("CookieSwap").finish_non_exhaustive()
    }
}

impl Debug for FirstCredential {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::RefreshToken { .. } => f.debug_struct("RefreshToken").finish_non_exhaustive(),
            Self::Cookie { .. } => f.debug_struct("Cookie").finish_non_exhaustive(),
        }
    }
}

impl Debug for Rotation<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("Rotation")
            .field("client_id", &self.client_id)
            .field("now", &self.now)
            .field("grace_seconds", &self.grace_seconds)
            .field("idle_expires_at", &self.idle_expires_at)
            .finish_non_exhaustive()
    }
}

impl Debug for TokenUse<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("TokenUse").field("at", &self.at).finish_non_exhaustive()
    }
}

impl Debug for Rotated {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Won(session) => f.debug_tuple("Won").field(session).finish(),
            Self::Again { session, .. } => f.debug_struct("Again").field("session", session).finish_non_exhaustive(),
            Self::Reused(session) => f.debug_tuple("Reused").field(session).finish(),
            Self::Ended(session) => f.debug_tuple("Ended").field(session).finish(),
            Self::Foreign(session) => f.debug_tuple("Foreign").field(session).finish(),
            Self::Expired => f.write_str("Expired"),
            Self::Unknown => f.write_str("Unknown"),
        }
    }
}

impl Debug for Revocation {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("Revocation")
            .field("position", &self.position)
            .field("target", &self.target)
            .field("before_generation", &self.before_generation)
            .field("remember_until", &self.remember_until)
            .finish()
    }
}

/// Prints no identifier, which finds rows.
impl Debug for RevokedTarget {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::Session(_) => "Session(..)",
            Self::Token(_) => "Token(..)",
        })
    }
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::*;
    use crate::{
        auth::Message,
        clock::UnixTime,
        limit::{AddressKey, Charge, KeyValue, PreparedLimit},
        policy::{Limit, LimitKey, Quota},
        store::{
            Account, AccountOpening, AccountQuery, ApiKeyRecord, Fingerprint, FoundToken, OneTimeRecord, Purpose,
            RetiredName, SessionKind, SessionRecord,
        },
        token::TokenHash,
    };

    const CANARY: &str = "canary";
    const NOW: UnixTime = UnixTime::from_seconds(1);
    const LIMIT: PreparedLimit = PreparedLimit::new(Limit::new(Quota::per_minute(1), LimitKey::Global), "handler", 0);

    fn canary() -> String {
        CANARY.to_owned()
    }

    fn session() -> SessionRecord {
        let mut session = SessionRecord::new("session", "user", "client", SessionKind::Bearer, NOW);
        session.client = client();
        session
    }

    fn client() -> ClientLabel {
        ClientLabel { user_agent: canary(), address: canary(), device: canary() }
    }

    fn opening() -> AccountOpening {
        let (username, password_hash) = (Some(canary()), Some(SecretString::from(CANARY)));
        AccountOpening { username, password_hash, ..AccountOpening::new() }
    }

    fn query() -> AccountQuery {
        AccountQuery { search: Some(canary()), ..AccountQuery::new(1) }
    }

    fn accounts() -> Vec<Box<dyn Debug>> {
        let new = NewAccount::new(canary(), canary(), SecretString::from(CANARY));
        let account = Account::new("1".to_owned(), new.clone(), NOW);
        let hash = TokenHash::from_bytes([1; 32]);
        let mut key = ApiKeyRecord::new("key", "user", hash, NOW, None);
        (key.name, key.display) = (canary(), canary());
        vec![
            Box::new(account.profile()),
            Box::new(account),
            Box::new(new),
            Box::new(key),
            Box::new(OneTimeRecord::new(hash, Purpose::PasswordReset, "1", CANARY, NOW)),
            Box::new(opening()),
            Box::new(query()),
            Box::new(RetiredName::of_login(CANARY)),
            Box::new(Attempt::on_unknown(CANARY, AddressKey::V4(0))),
        ]
    }

    fn sessions() -> Vec<Box<dyn Debug>> {
        vec![
            Box::new(client()),
            Box::new(session()),
            Box::new(FoundToken::new(session(), true)),
            Box::new(Rotated::Won(session())),
            Box::new(Rotated::again(session(), CANARY.into())),
        ]
    }

    fn messages() -> Vec<Box<dyn Debug>> {
        let (token, expires_in) = (SecretString::from(CANARY), core::time::Duration::from_secs(1));
        vec![
            Box::new(Message::PasswordReset { to: canary(), username: canary(), token: token.clone(), expires_in }),
            Box::new(Message::VerifyEmail { to: canary(), username: canary(), token, expires_in }),
            Box::new(Message::PasswordChanged { to: canary(), username: canary(), api_keys: None }),
        ]
    }

    fn keys() -> Vec<Box<dyn Debug>> {
        let keys = [
            KeyValue::user(CANARY, CANARY),
            KeyValue::api_key(CANARY, CANARY),
            KeyValue::header("x-api-token", CANARY.as_bytes()),
            KeyValue::path("name", CANARY),
            KeyValue::custom("login", CANARY),
        ];
        let charges = keys.map(|key| Box::new(Charge::new(&LIMIT, key)) as Box<dyn Debug>);
        charges.into_iter().chain(keys.map(|key| Box::new(key) as Box<dyn Debug>)).collect()
    }

    /// A canary in bytes is printed in decimal, or as the letters of a byte string.
    #[test]
    fn no_personal_data_is_printed() {
        for value in [accounts(), sessions(), messages(), keys()].into_iter().flatten() {
            let printed = format!("{value:?}");
            assert!(!printed.contains(CANARY), "{printed}");
            assert!(!printed.contains("99, 97, 110"), "{printed}");
        }
        let (hash, fingerprint, client) = (TokenHash::from_bytes([1; 32]), Fingerprint::from_bytes([1; 32]), client());
        let rotation = Rotation::new(&hash, &hash, CANARY.as_bytes(), "client", &fingerprint, &client, NOW);
        assert!(!format!("{rotation:?}").contains(CANARY) && !format!("{rotation:?}").contains("99, 97, 110"));
    }

    #[test]
    fn the_address_of_a_client_is_not_printed() {
        for key in [AddressKey::V4(0xc000_0207), AddressKey::V6(0x2001_0db8_0000_0001)].map(KeyValue::address) {
            assert_eq!(format!("{key:?}"), r#"KeyValue { kind: "address", .. }"#);
        }
    }
}
