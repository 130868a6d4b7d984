//! Issuers with tokens that differ from RFC 9068.

use super::{Issuer, TokenType};
use crate::token::Algorithm;

impl Issuer {
    /// Creates a realm of Keycloak, for example `https://login.example.com/realms/example`.
    ///
    /// - The claim `typ` has to be `Bearer`: Keycloak's ID tokens and refresh tokens have other values.
    /// - Roles are the realm's, at `realm_access.roles`. [`client_roles`](Self::client_roles) takes a client's instead.
    /// - Keycloak names this service in `aud` only where an audience mapper of the client or of a client scope says so.
    /// - `sub` comes from the client scope `basic`. Without it a client's tokens have no subject, and are refused.
    pub fn keycloak(realm_url: &str) -> Self {
        // Keycloak's `iss` never ends with a slash, and the URLs in its console sometimes do.
        let mut issuer = Self::oidc(realm_url.trim_end_matches('/')).token_type(TokenType::JwtBearer);
        issuer.mapping.roles = Some("realm_access.roles".into());
        if !names_realm(&issuer.iss) {
            issuer.preset_fault =
                Some("names no realm: write its URL, such as `https://login.example.com/realms/example`");
        }
        issuer
    }

    /// Takes the roles of one client, at `resource_access.<client>.roles`, as Keycloak writes them. The roles of the
    /// realm and of other clients do not count.
    pub fn client_roles(self, client: &str) -> Self {
        self.roles_at(["resource_access", client, "roles"])
    }

    /// Creates a tenant of Microsoft Entra ID, for access tokens of version 2.0. `tenant` is the identifier of the
    /// directory.
    ///
    /// - The keys have no `alg`, and all are for RS256. A key that names another directory is passed over.
    /// - Roles are the app roles in `roles`, and scopes are in `scp`.
    /// - The audience is the client identifier of this service's registration.
    /// - A registration gets tokens of version 1.0 until its manifest sets `requestedAccessTokenVersion` to 2. See
    ///   [`entra_v1`](Self::entra_v1).
    /// - `common` and `organizations` are no tenants: their tokens come from any directory.
    pub fn entra(tenant: &str) -> Self {
        let tenant = &tenant.to_ascii_lowercase();
        let issuer = Self::oidc(format!("https://login.microsoftonline.com/{tenant}/v2.0"));
        issuer.of_entra(tenant)
    }

    /// Creates a tenant of Microsoft Entra ID, for access tokens of version 1.0: `iss` is
    /// `https://sts.windows.net/<tenant>/`. The audience is the application's URI, such as `api://<client identifier>`,
    /// or the client identifier, as the client has asked. Otherwise it is like [`entra`](Self::entra). A service may
    /// trust both.
    pub fn entra_v1(tenant: &str) -> Self {
        let tenant = &tenant.to_ascii_lowercase();
        let keys = format!("https://login.microsoftonline.com/{tenant}/discovery/keys");
        Self::new(format!("https://sts.windows.net/{tenant}/")).jwks(keys).of_entra(tenant)
    }

    /// `tenant` is in lower case, as Entra writes it into `iss`.
    fn of_entra(self, tenant: &str) -> Self {
        let mut issuer = self.token_type(TokenType::Jwt).algorithms([Algorithm::RS256]).scopes_at("scp");
        issuer.mapping.roles = Some("roles".into());
        issuer.key_issuers = entra_key_issuers(tenant);
        if !is_guid(tenant) {
            issuer.preset_fault = Some(
                "names no tenant: write the directory's identifier, such as `11111111-2222-3333-4444-555555555555`",
            );
        }
        issuer
    }

    /// Creates a tenant of Auth0, or a custom domain of one, for example `example.eu.auth0.com`.
    ///
    /// - The audience is the identifier of the API. Without an audience in its request, a client gets a token that is
    ///   no JWT.
    /// - There are no roles by default. An action of the tenant can add a claim, which [`roles_at`](Self::roles_at)
    ///   names: `https://api.example.com/roles`. `scopes_at("permissions")` takes the permissions of role-based access
    ///   control.
    /// - Both token profiles of an API are accepted. In Auth0's own, a token with neither `scope` nor `gty` looks like
    ///   an ID token and is refused; choose the profile of RFC 9068.
    pub fn auth0(domain: &str) -> Self {
        let mut issuer =
            Self::oidc(format!("https://{domain}/")).token_type(TokenType::Jwt).algorithms([Algorithm::RS256]);
        if !is_domain(domain) {
            issuer.preset_fault = Some("has no domain: write the tenant's, such as `example.eu.auth0.com`");
        }
        issuer
    }

    /// Creates Google, for the ID tokens of service accounts: programs on Google Cloud fetch one for the URL of the
    /// service that they call. Google's access tokens are no JWTs, so no service can verify them.
    ///
    /// - The audience is this service's URL. [`TokenType::ServiceIdToken`] tells why it is never a client identifier.
    /// - Any service account of Google can get a token for any audience. The guard knows that a token is genuine. The
    ///   service decides which subjects it admits, by a check or by the caller's user in its own records.
    /// - There are no roles and scopes.
    pub fn google() -> Self {
        Self::oidc("https://accounts.google.com")
            .allow_host("www.googleapis.com")
            .token_type(TokenType::ServiceIdToken)
            .algorithms([Algorithm::RS256])
    }
}

/// Returns the issuers that a key of a directory may name in `issuer`. They are the directory's own in both versions,
/// and the template that stands for every directory. A key for personal accounts, for example, names another.
fn entra_key_issuers(tenant: &str) -> Vec<Box<str>> {
    let both = |tenant: &str| {
        [format!("https://login.microsoftonline.com/{tenant}/v2.0"), format!("https://sts.windows.net/{tenant}/")]
    };
    [tenant, "{tenantid}"].into_iter().flat_map(both).map(Into::into).collect()
}

fn names_realm(url: &str) -> bool {
    url.rsplit_once("/realms/").is_some_and(|(_, realm)| !realm.is_empty() && !realm.contains('/'))
}

fn is_guid(text: &str) -> bool {
    let is_hex = |part: &str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.split('-').all(is_hex) && text.split('-').map(str::len).eq([8, 4, 4, 4, 12])
}

fn is_domain(text: &str) -> bool {
    text.contains('.') && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
}
