use core::time::Duration;

use crate::{
    auth::Auth,
    clock::seconds,
    policy::Role,
    token::{KeyRing, NewAccessToken, TokenIssuer},
};

/// A caller for a test, in one line: `TestIdentity::user("alice").role(Role::Admin).bearer(&auth)`.
///
/// `.bearer(&auth)` needs no account. `.cookie(&auth).await` and `.api_key(&auth).await` create one.
#[derive(Clone, Debug)]
#[must_use]
pub struct TestIdentity {
    pub(super) subject: String,
    pub(super) roles: Vec<String>,
    pub(super) scopes: Vec<String>,
    pub(super) signed_in_ago: Duration,
    pub(super) flaw: Flaw,
}

/// The fault of the credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    None,
    Expired,
    WrongAudience,
    WrongIssuer,
    Forged,
}

impl TestIdentity {
    /// Creates a caller with this subject and a login at this moment.
    pub fn user(subject: impl Into<String>) -> Self {
        Self {
            subject: subject.into(),
            roles: Vec::new(),
            scopes: Vec::new(),
            signed_in_ago: Duration::ZERO,
            flaw: Flaw::None,
        }
    }

    /// Adds a role: a text, or a value of an enum with `#[derive(Role)]`.
    pub fn role(mut self, role: impl RoleName) -> Self {
        self.roles.push(role.role_name().to_owned());
        self
    }

    /// Adds a scope.
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scopes.push(scope.into());
        self
    }

    /// Sets how long ago the caller signed in.
    pub fn signed_in_ago(mut self, age: Duration) -> Self {
        self.signed_in_ago = age;
        self
    }

    /// Gives the caller a credential that has expired.
    pub fn expired(mut self) -> Self {
        self.flaw = Flaw::Expired;
        self
    }

    /// Gives the caller a token for another service.
    pub fn wrong_audience(mut self) -> Self {
        self.flaw = Flaw::WrongAudience;
        self
    }

    /// Gives the caller a token of another issuer.
    pub fn wrong_issuer(mut self) -> Self {
        self.flaw = Flaw::WrongIssuer;
        self
    }

    /// Gives the caller a token that another key signed, or a cookie or an API key that no store knows.
    pub fn forged(mut self) -> Self {
        self.flaw = Flaw::Forged;
        self
    }

    /// Returns the value of the `Authorization` header: `Bearer` and a token.
    pub fn bearer(&self, auth: &Auth) -> String {
        format!("Bearer {}", self.token(auth))
    }

    /// Returns the access token alone.
    ///
    /// # Panics
    /// Panics when the token cannot be minted, which means that the test is set up wrongly.
    pub fn token(&self, auth: &Auth) -> String {
        let now = auth.clock().unix();
        let issued = if self.flaw == Flaw::Expired { now.plus_seconds(-DAY) } else { now };
        let roles: Vec<&str> = self.roles.iter().map(String::as_str).collect();
        let scope = self.scopes.join(" ");
        let mut token = NewAccessToken::new(&self.subject, "test").roles(&roles).scope(&scope);
        token = token.auth_time(issued.plus_seconds(seconds(self.signed_in_ago).saturating_neg()));
        let minted = self.issuer(auth).issue(&token, issued, auth.entropy());
        minted.unwrap_or_else(|error| panic!("the token cannot be minted: {error}")).expose().to_owned()
    }

    fn issuer(&self, auth: &Auth) -> TokenIssuer {
        let keys = if self.flaw == Flaw::Forged { foreign_keys() } else { auth.keys().clone() };
        let issuer = if self.flaw == Flaw::WrongIssuer { "https://elsewhere.invalid" } else { auth.issuer() };
        let audience = if self.flaw == Flaw::WrongAudience { "elsewhere" } else { auth.audience() };
        let builder = TokenIssuer::builder(keys, issuer, audience);
        builder.build().unwrap_or_else(|error| panic!("the issuer cannot be built: {error}"))
    }
}

/// Seconds.
pub(super) const DAY: i64 = 24 * 60 * 60;

fn foreign_keys() -> KeyRing {
    super::test_auth::keys("a-foreign-key:vB7nM2kQ8xLw4RtY6uPs9ZcE3aJf5HdG")
}

/// A value that names a role.
pub trait RoleName {
    /// Returns the name.
    fn role_name(&self) -> &str;
}

impl<R: Role> RoleName for R {
    fn role_name(&self) -> &str {
        self.name()
    }
}

impl RoleName for &str {
    fn role_name(&self) -> &str {
        self
    }
}

impl RoleName for String {
    fn role_name(&self) -> &str {
        self
    }
}
