//! Checks the settings of issuers that are asked about credentials.

use super::{
    BetterAuthSource, Introspection, IntrospectionSource, Issuer,
    better_auth::BetterAuth,
    source::{ApiKeysSource, Asked, AskedAt},
};
use crate::remote::fetch::Endpoint;

impl Issuer {
    /// Returns what the issuer is asked, or adds a fault.
    pub(super) fn check_asked(&self, faults: &mut Vec<String>) -> Asked {
        match (&self.introspection, &self.better_auth) {
            (None, None) => Asked::Nothing,
            (Some(introspection), None) => {
                self.check_introspection(introspection, faults).map_or(Asked::Nothing, Asked::Introspection)
            }
            (None, Some(settings)) => check_better_auth(settings, faults).map_or(Asked::Nothing, Asked::BetterAuth),
            (Some(_), Some(_)) => {
                faults.push("is better-auth, and `introspection` is for other issuers".to_owned());
                Asked::Nothing
            }
        }
    }

    fn check_introspection(&self, settings: &Introspection, faults: &mut Vec<String>) -> Option<IntrospectionSource> {
        faults.extend(settings.fault().map(str::to_owned));
        let at = match &settings.endpoint {
            Some(url) => AskedAt::Url(super::check::endpoint("endpoint", url, faults)?),
            None => match self.metadata_url(faults) {
                Some(url) => AskedAt::NamedBy(url),
                None => {
                    faults.push("has no metadata: call `Introspection::endpoint` with the URL".to_owned());
                    return None;
                }
            },
        };
        let Introspection { client, proof, needs_audience, .. } = settings.clone();
        Some(IntrospectionSource { client, proof, at, needs_audience })
    }
}

fn check_better_auth(settings: &BetterAuth, faults: &mut Vec<String>) -> Option<BetterAuthSource> {
    let prefix = &settings.cookie_prefix;
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if prefix.is_empty() || !prefix.bytes().all(is_token) {
        faults.push("`cookie_prefix` is no beginning of a cookie's name".to_owned());
    }
    if prefix.starts_with("__") || prefix.ends_with(".session_token") {
        faults.push("`cookie_prefix` is a whole name: leave out `__Secure-` and `.session_token`".to_owned());
    }
    let base = settings.base(faults)?;
    let api_keys = match &settings.api_keys {
        Some((url, token)) => {
            let text = secrecy::ExposeSecret::expose_secret(token);
            if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
                faults.push("`api_keys_at` has no service token of printable ASCII".to_owned());
            }
            Some(ApiKeysSource { url: super::check::endpoint("api_keys_at", url, faults)?, token: token.clone() })
        }
        None => None,
    };
    let path = format!("{}/get-session?disableRefresh=true&disableCookieCache=true", base.path());
    let (cookie, secure_cookie) = (format!("{prefix}.session_token="), format!("__Secure-{prefix}.session_token="));
    Some(BetterAuthSource {
        session: base.with_path(&path),
        cookies: [secure_cookie.into(), cookie.into()],
        has_sessions: !settings.is_jwt_only,
        api_keys,
    })
}

impl BetterAuth {
    /// Returns the URL under which the endpoints are, without a slash at its end.
    pub(super) fn base(&self, faults: &mut Vec<String>) -> Option<Endpoint> {
        let (setting, url) = match &self.endpoints {
            Some(url) => ("endpoints", url),
            None => ("better_auth", &self.url),
        };
        let url = super::check::endpoint(setting, url, faults)?;
        if url.has_query() {
            faults.push(format!("`{setting}` has a query"));
            return None;
        }
        Some(match url.path().trim_end_matches('/') {
            "" => url.with_path("/api/auth"),
            path => url.with_path(path),
        })
    }
}
