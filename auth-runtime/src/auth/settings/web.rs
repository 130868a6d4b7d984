//! The settings of the layers that face browsers and the public. The module `web` builds the layers from them.

use super::reader::Reader;

/// The settings of the feature `web`. The lists were checked when the settings were read.
#[cfg_attr(not(feature = "web"), expect(dead_code, reason = "the settings are checked with and without the feature"))]
pub(crate) struct WebSettings {
    pub(crate) allowed_hosts: Option<String>,
    pub(crate) allowed_origins: Option<String>,
    pub(crate) allows_credentials: bool,
    pub(crate) probe_paths: Option<String>,
    pub(crate) https_port: u16,
    pub(crate) timeout_seconds: u32,
    pub(crate) body_bytes: u32,
}

pub(crate) const ALLOWED_HOSTS: &str = "ALLOWED_HOSTS";
#[cfg(feature = "web")]
pub(crate) const ALLOWED_ORIGINS: &str = "ALLOWED_ORIGINS";
#[cfg(feature = "web")]
pub(crate) const HOSTS_MISSING: &str = "is missing; write the hosts of this service for `web::hardened`, such as \
     `api.example.com`; on your own machine, set `ENVIRONMENT=development` instead";

const MEBIBYTE: u32 = 1024 * 1024;

impl WebSettings {
    pub(super) fn read(reader: &mut Reader<impl Fn(&str) -> Option<String>>) -> Self {
        Self {
            allowed_hosts: reader.text(ALLOWED_HOSTS),
            allowed_origins: reader.text("ALLOWED_ORIGINS"),
            allows_credentials: reader.switch("CORS_ALLOW_CREDENTIALS").unwrap_or(false),
            probe_paths: reader.text("PROBE_PATHS"),
            https_port: u16::try_from(reader.number("HTTPS_PORT", 443, 1..=65_535)).unwrap_or(443),
            timeout_seconds: reader.number("REQUEST_TIMEOUT_SECONDS", 30, 1..=3600),
            body_bytes: reader.number("MAX_BODY_BYTES", 2 * MEBIBYTE, 1..=1024 * MEBIBYTE),
        }
    }
}
