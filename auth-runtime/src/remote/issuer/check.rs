//! Checks an issuer's settings.

use core::time::Duration;

use super::{ClaimPath, Issuer, Keys, Rules, Source, TokenType, issuer::MetadataKind};
use crate::{
    clock::{seconds, whole_seconds},
    remote::fetch::{Authority, Endpoint},
    token::{Algorithm, MAX_LEEWAY_SECONDS},
};

/// The algorithms with public keys, which an issuer can publish.
const PUBLIC: [Algorithm; 4] = [Algorithm::ES256, Algorithm::EdDSA, Algorithm::RS256, Algorithm::PS256];

/// The claims that are read for something else. Roles and scopes cannot be in them.
const STANDARD: [&str; 15] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "nbf",
    "jti",
    "client_id",
    "azp",
    "appid",
    "cnf",
    "acr",
    "auth_time",
    "typ",
    "token_use",
];

const MAX_AGE_SECONDS: u32 = 30 * 24 * 60 * 60;

impl Issuer {
    /// Returns the `iss` of the tokens.
    pub(crate) fn iss(&self) -> &str {
        &self.iss
    }

    /// Returns the checked settings, or all faults.
    pub(crate) fn check(self) -> Result<Source, Vec<String>> {
        let mut faults: Vec<_> = self.preset_fault.map(str::to_owned).into_iter().collect();
        let keys = self.check_keys(&mut faults);
        let internal: Vec<_> = endpoints("internal", &self.internal, &mut faults).map(|url| url.authority).collect();
        let hosts = self.check_hosts(&mut faults);
        self.check_claims(&mut faults);
        let asked = self.check_asked(&mut faults);
        self.check_times(&mut faults);
        let algorithms = self.algorithms.unwrap_or_else(|| PUBLIC.to_vec());
        if algorithms.is_empty() {
            faults.push("accepts no algorithm: `algorithms` has an empty list".to_owned());
        }
        if algorithms.contains(&Algorithm::HS256) {
            faults.push("accepts HS256: every service that verifies its tokens could make them".to_owned());
        }
        let rules = Rules {
            token_type: self.token_type,
            audiences: if self.audiences.is_empty() { vec![(*self.iss).into()] } else { self.audiences },
            clock_skew: seconds(self.clock_skew),
            expiry_leeway: seconds(self.expiry_leeway),
            max_age: seconds(self.max_token_age),
        };
        match keys {
            Some(keys) if faults.is_empty() => {
                let (iss, name, mapping, key_issuers) = (self.iss.into(), self.name, self.mapping, self.key_issuers);
                Ok(Source { iss, name, keys, hosts, internal, algorithms, key_issuers, rules, mapping, asked })
            }
            _ => Err(distinct(faults)),
        }
    }

    fn check_keys(&self, faults: &mut Vec<String>) -> Option<Keys> {
        if self.iss.is_empty() {
            faults.push("has no `iss`".to_owned());
        }
        if let Some(url) = &self.jwks {
            return endpoint("jwks", url, faults).map(Keys::At);
        }
        if let Some(settings) = &self.better_auth {
            let base = settings.base(faults)?;
            return Some(Keys::At(base.with_path(&format!("{}/jwks", base.path()))));
        }
        if self.metadata.is_none() {
            if self.introspection.is_some() {
                return Some(Keys::Nowhere);
            }
            faults.push("has no keys: call `.jwks(…)` with their URL".to_owned());
            return None;
        }
        if self.iss.is_empty() {
            return None;
        }
        self.metadata_url(faults).map(Keys::NamedBy)
    }

    /// Returns the URL of the metadata, if the issuer has any.
    pub(super) fn metadata_url(&self, faults: &mut Vec<String>) -> Option<Endpoint> {
        let kind = self.metadata?;
        let url = endpoint("iss", &self.iss, faults)?;
        if url.has_query() {
            faults.push("`iss` has a query".to_owned());
            return None;
        }
        if url.path().contains("/.well-known/") {
            faults.push("`iss` is the URL of its metadata: leave out `/.well-known/…`".to_owned());
            return None;
        }
        let path = url.path().strip_suffix('/').unwrap_or(url.path());
        let path = match kind {
            MetadataKind::OpenId => format!("{path}/.well-known/openid-configuration"),
            MetadataKind::OAuth => format!("/.well-known/oauth-authorization-server{path}"),
        };
        Some(url.with_path(&path))
    }

    /// Returns the hosts that the metadata may name.
    fn check_hosts(&self, faults: &mut Vec<String>) -> Vec<Authority> {
        let own = self.metadata.and_then(|_| Endpoint::parse(&self.iss).ok()).map(|url| url.authority);
        let mut hosts: Vec<_> = own.into_iter().collect();
        for host in &self.hosts {
            match Authority::parse(host) {
                Ok(host) => hosts.push(host),
                Err(fault) => faults.push(format!("`allow_host` {fault}")),
            }
        }
        hosts
    }

    fn check_claims(&self, faults: &mut Vec<String>) {
        if self.audiences.is_empty() && self.better_auth.is_none() {
            faults.push("has no audience: call `.audience(…)` with what its tokens for this service name".to_owned());
        }
        if self.audiences.iter().any(|audience| audience.is_empty()) {
            faults.push("has an empty audience".to_owned());
        }
        let is_sign_in_client = |audience: &str| audience.ends_with(".apps.googleusercontent.com");
        if self.token_type == TokenType::ServiceIdToken && self.audiences.iter().any(|name| is_sign_in_client(name)) {
            let message = "has a sign-in client as its audience: every user of the client could call this service; write \
                           this service's URL";
            faults.push(message.to_owned());
        }
        if (self.token_type == TokenType::BetterAuth) != self.better_auth.is_some() {
            faults.push("has the `token_type` of another issuer: `BetterAuth` is for better-auth alone".to_owned());
        }
        if self.is_mapped_twice {
            faults.push("`roles_at` was called twice: roles of two claims are not mixed".to_owned());
        }
        if self.is_mapped && self.better_auth.is_some() {
            faults.push("`roles_at` is for other issuers: the roles of better-auth are in `role`".to_owned());
        }
        let is_wrong = |path: &ClaimPath| !path.is_complete() || STANDARD.contains(&path.first());
        for (method, path) in [("roles_at", self.mapping.roles.as_ref()), ("scopes_at", Some(&self.mapping.scopes))] {
            if path.is_some_and(is_wrong) {
                faults.push(format!("`{method}` names no claim for it"));
            }
        }
    }

    fn check_times(&self, faults: &mut Vec<String>) {
        let is_within = |time: Duration, range: core::ops::RangeInclusive<u32>| {
            whole_seconds(time).is_some_and(|seconds| range.contains(&seconds))
        };
        for (method, time) in [("clock_skew", self.clock_skew), ("expiry_leeway", self.expiry_leeway)] {
            if !is_within(time, 0..=MAX_LEEWAY_SECONDS) {
                faults.push(format!("`{method}` is not 0 to 60 whole seconds"));
            }
        }
        if !is_within(self.max_token_age, 1..=MAX_AGE_SECONDS) {
            faults.push("`max_token_age` is not 1 second to 30 days, in whole seconds".to_owned());
        }
    }
}

/// Returns the faults without repetitions, as of a URL from which two addresses follow.
fn distinct(faults: Vec<String>) -> Vec<String> {
    let mut once: Vec<String> = Vec::new();
    for fault in faults {
        if !once.contains(&fault) {
            once.push(fault);
        }
    }
    once
}

pub(super) fn endpoint(setting: &str, url: &str, faults: &mut Vec<String>) -> Option<Endpoint> {
    Endpoint::parse(url).map_err(|fault| faults.push(format!("`{setting}` {fault}"))).ok()
}

fn endpoints(setting: &str, urls: &[String], faults: &mut Vec<String>) -> impl Iterator<Item = Endpoint> {
    let urls: Vec<_> = urls.iter().filter_map(|url| endpoint(setting, url, faults)).collect();
    urls.into_iter()
}
