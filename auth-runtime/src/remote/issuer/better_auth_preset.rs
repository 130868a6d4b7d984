//! better-auth. This service knows its users by JWTs, sessions and API keys.

use secrecy::SecretString;

use super::{Issuer, TokenType, better_auth::BetterAuth};
use crate::{remote::fetch::Endpoint, token::Algorithm};

/// The fault where one of the methods below is called for another issuer.
const NO_BETTER_AUTH: &str = "has a setting that only `Issuer::better_auth` has";

impl Issuer {
    /// Creates a better-auth server. `base_url` is its `baseURL`.
    ///
    /// Its users are recognised by each of these credentials:
    ///
    /// - A JWT of its JWT plugin. It is verified in this process, so it outlasts a sign-out and a ban until its `exp`.
    /// - The cookie of its session, as [`Via::SESSION`](crate::policy::Via::SESSION), with the same check against
    ///   requests of other sites as this service's own cookie. A cookie without a live session counts as absent, and
    ///   this service never expires it.
    /// - The token of its session in `Authorization: Bearer`, if the server has the bearer plugin.
    ///
    /// The server is asked about sessions, at most every 30 seconds about each. So a sign-out, a ban or another role
    /// takes effect within this time.
    ///
    /// - Roles are those of the admin plugin, in `role`, separated by commas.
    /// - The audience of JWTs is `base_url` without its path, as better-auth writes it, until
    ///   [`audience`](Self::audience) names another.
    /// - The endpoints are at `base_url`, or at `/api/auth` of it if it has no path.
    pub fn better_auth(base_url: impl Into<String>) -> Self {
        let url = base_url.into();
        // better-auth writes only the origin into its tokens, and leaves out the URL's path.
        let iss = Endpoint::parse(&url).map_or_else(|_| url.clone(), |url| url.origin());
        let mut issuer = Self::new(iss).token_type(TokenType::BetterAuth).algorithms([
            Algorithm::EdDSA,
            Algorithm::ES256,
            Algorithm::RS256,
            Algorithm::PS256,
        ]);
        issuer.mapping.roles = Some("role".into());
        issuer.mapping.has_profile = true;
        issuer.better_auth = Some(BetterAuth {
            url,
            endpoints: None,
            cookie_prefix: "better-auth".to_owned(),
            is_jwt_only: false,
            api_keys: None,
        });
        issuer
    }

    /// Sets the `iss` of better-auth's JWTs, where its option `jwt.issuer` has another than its URL.
    pub fn jwt_issuer(self, iss: impl Into<String>) -> Self {
        let iss = iss.into();
        let mut issuer = self.with_better_auth(|_| ());
        issuer.iss = iss;
        issuer
    }

    /// Sets where this service reaches better-auth's endpoints, if that is another address than people use, for example
    /// `http://127.0.0.1:3000/api/auth`.
    pub fn endpoints(self, url: impl Into<String>) -> Self {
        self.with_better_auth(|settings| settings.endpoints = Some(url.into()))
    }

    /// Sets the beginning of the name of better-auth's cookie, as its option `advanced.cookiePrefix` does;
    /// `better-auth` by default.
    pub fn cookie_prefix(self, prefix: &str) -> Self {
        self.with_better_auth(|settings| settings.cookie_prefix = prefix.to_owned())
    }

    /// Accepts better-auth's JWTs alone: neither its cookie nor its session tokens are credentials then.
    pub fn jwt_only(self) -> Self {
        self.with_better_auth(|settings| settings.is_jwt_only = true)
    }

    /// Accepts better-auth's API keys, in `X-API-Key`.
    ///
    /// better-auth verifies keys only inside its process. So its operator adds a route, `url`, which takes
    /// `{"key": …}` with `service_token` in `Authorization: Bearer`. The guide's page on better-auth has it. The
    /// permissions of a key become scopes: `{"files": ["read"]}` is `files:read`. Roles are not the key's.
    pub fn api_keys_at(self, url: impl Into<String>, service_token: SecretString) -> Self {
        self.with_better_auth(|settings| settings.api_keys = Some((url.into(), service_token)))
    }

    fn with_better_auth(mut self, change: impl FnOnce(&mut BetterAuth)) -> Self {
        match &mut self.better_auth {
            Some(settings) => change(settings),
            None => self.preset_fault = Some(NO_BETTER_AUTH),
        }
        self
    }
}
