//! Turns settings into values, and reports faults by the name of their variable.

use super::{Environment, Settings};
use crate::{
    auth::{fault::Collector, public_url::PublicUrl},
    csrf::{OriginFault, TrustedOrigins},
    limit::{TrustedProxies, TrustedProxiesFault},
};

/// Returns the origins, or `None` when one has a fault.
pub(in crate::auth) fn trusted_origins(settings: &Settings, faults: &mut Collector) -> Option<TrustedOrigins> {
    let Some(list) = &settings.trusted_origins else { return Some(TrustedOrigins::default()) };
    match TrustedOrigins::parse(list) {
        Ok(origins) => Some(origins),
        Err(all) => {
            all.iter().for_each(|(place, fault)| faults.push("CSRF_TRUSTED_ORIGINS", fault.at(*place)));
            None
        }
    }
}

/// Refuses origins that any host on the network could impersonate. On a developer's machine, a switch accepts them.
pub(in crate::auth) fn check_origins(origins: &TrustedOrigins, settings: &Settings, faults: &mut Collector) {
    if settings.insecure_cookies {
        return;
    }
    let in_production = settings.environment == Environment::Production;
    let switch = if in_production { "" } else { ", or on your own machine set `COOKIE_INSECURE=true` as well" };
    for place in origins.insecure() {
        faults.push("CSRF_TRUSTED_ORIGINS", format!("{}{switch}", OriginFault::Insecure.at(place)));
    }
}

/// Refuses settings that would send sessions over plain HTTP in production.
pub(in crate::auth) fn check_cookies(settings: &Settings, faults: &mut Collector) {
    if settings.insecure_cookies && settings.environment == Environment::Production {
        faults.push("COOKIE_INSECURE", INSECURE_IN_PRODUCTION);
    }
}

pub(in crate::auth) const INSECURE_IN_PRODUCTION: &str =
    "would send sessions over plain HTTP in production; remove it, or say where this is with `ENVIRONMENT=development`";

pub(in crate::auth) const PUBLIC_URL: &str = "PUBLIC_URL";
pub(in crate::auth) const PLAIN_PUBLIC_URL: &str =
    "is an `http://` URL, which every host on the network can imitate; write `https://`";

/// Refuses a public URL without TLS in production.
pub(in crate::auth) fn check_public_url(settings: &Settings, faults: &mut Collector) {
    let is_plain = settings.public_url.as_ref().is_some_and(PublicUrl::is_plain_http);
    if is_plain && settings.environment == Environment::Production {
        faults.push(PUBLIC_URL, PLAIN_PUBLIC_URL);
    }
}

/// Refuses a certificate without a key, and a pair that no server can use.
pub(in crate::auth) fn check_tls(settings: &Settings, faults: &mut Collector) {
    match (&settings.tls_certificate, &settings.tls_key) {
        (Some(_), None) => faults.missing("TLS_KEY", "is missing beside `TLS_CERT`; name the file of the private key"),
        (None, Some(_)) => faults.missing("TLS_CERT", "is missing beside `TLS_KEY`; name the file of the certificate"),
        _ => {}
    }
    #[cfg(feature = "web")]
    if let Some(Err(all)) = settings.tls_files().map(|files| files.check()) {
        all.into_iter().for_each(|fault| faults.push(fault.setting, fault.message));
    }
}

/// Returns the proxies, or `None` when one has a fault.
pub(in crate::auth) fn trusted_proxies(settings: &Settings, faults: &mut Collector) -> Option<TrustedProxies> {
    let Some(list) = &settings.trusted_proxies else { return Some(TrustedProxies::none()) };
    let header = settings.trusted_proxy_header.as_deref().unwrap_or("X-Forwarded-For");
    match TrustedProxies::parse(list, header) {
        Ok(proxies) => Some(proxies),
        Err(error) => {
            error.iter().map(unquoted).for_each(|(setting, message)| faults.push(setting, message));
            None
        }
    }
}

/// Returns the variable and the description of the fault. The error's own text quotes the value, which may be a secret
/// that was put into the wrong variable.
fn unquoted(fault: &TrustedProxiesFault) -> (&'static str, &'static str) {
    let list = "TRUSTED_PROXIES";
    match fault {
        TrustedProxiesFault::NotAList => (list, "is neither a JSON list of strings nor a list separated by commas"),
        TrustedProxiesFault::Empty => (list, "has an empty entry; write networks such as `10.0.0.0/8`"),
        TrustedProxiesFault::NotANetwork(_) => {
            (list, "has an entry that is no address or network; write one such as `10.0.0.0/8`, or `hops:1`")
        }
        TrustedProxiesFault::Everybody(_) => {
            (list, "would let every client choose its address; name the proxies, or write `hops:1`")
        }
        TrustedProxiesFault::BitsAfterPrefix { .. } => {
            (list, "has an entry with bits set after its prefix; write the network, such as `10.0.0.0/8`")
        }
        TrustedProxiesFault::NotACount(_) => (list, "has no count of proxies; write `hops:1` to `hops:255`"),
        TrustedProxiesFault::Mixed(_) => (list, "has `hops:` beside other entries; write only the one or the others"),
        TrustedProxiesFault::NotAHeader(_) => {
            ("TRUSTED_PROXY_HEADER", "is no name of a header; write one such as `X-Forwarded-For` or `Forwarded`")
        }
    }
}
