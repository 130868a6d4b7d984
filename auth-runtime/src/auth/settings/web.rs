//! The settings of the layers that face browsers and the public. The module `web` builds the layers from them.

use super::reader::Reader;

/// The settings of the feature `web`. The lists were checked when the settings were read.
pub(crate) struct WebSettings {
    pub(crate) allowed_hosts: Option<String>,
    pub(crate) allowed_origins: Option<String>,
    pub(crate) allows_credentials: bool,
    pub(crate) probe_paths: Option<String>,
    pub(crate) timeout_seconds: u32,
    pub(crate) body_bytes: u32,
}

#[cfg(feature = "web")]
pub(crate) const ALLOWED_ORIGINS: &str = "ALLOWED_ORIGINS";

const MEBIBYTE: u32 = 1024 * 1024;

impl WebSettings {
    pub(super) fn read(reader: &mut Reader<impl Fn(&str) -> Option<String>>) -> Self {
        Self {
            allowed_hosts: reader.text("ALLOWED_HOSTS"),
            allowed_origins: reader.text("ALLOWED_ORIGINS"),
            allows_credentials: reader.switch("CORS_ALLOW_CREDENTIALS").unwrap_or(false),
            probe_paths: reader.text("PROBE_PATHS"),
            timeout_seconds: reader.number("REQUEST_TIMEOUT_SECONDS", 30, 1..=3600),
            body_bytes: reader.number("MAX_BODY_BYTES", 2 * MEBIBYTE, 1..=1024 * MEBIBYTE),
        }
    }
}

#[cfg(feature = "web")]
pub(crate) use checked::is_path;

#[cfg(feature = "web")]
mod checked {
    use super::{ALLOWED_ORIGINS, WebSettings};
    use crate::{
        auth::{Environment, fault::Collector},
        csrf::{Origin, OriginFault, Scheme},
        host::Hosts,
        list::entries,
    };

    impl WebSettings {
        /// Reports the faults of all lists. With an unknown environment, the scheme of origins is not judged.
        pub(in crate::auth) fn check(&self, environment: Option<Environment>, faults: &mut Collector) {
            self.hosts(faults);
            self.origins(environment == Some(Environment::Production), faults);
            self.probe_paths(faults);
        }

        /// Returns the hosts, if they are set and have no fault.
        pub(crate) fn hosts(&self, faults: &mut Collector) -> Option<Hosts> {
            let list = self.allowed_hosts.as_deref()?;
            match Hosts::parse(list) {
                Ok(hosts) => Some(hosts),
                Err(error) => {
                    error.iter().for_each(|fault| faults.push("ALLOWED_HOSTS", fault.to_string()));
                    None
                }
            }
        }

        /// Returns the origins without a fault.
        pub(crate) fn origins(&self, in_production: bool, faults: &mut Collector) -> Vec<Origin> {
            let Some(list) = &self.allowed_origins else { return Vec::new() };
            let Ok(entries) = entries(list) else {
                faults.push(ALLOWED_ORIGINS, OriginFault::List.to_string());
                return Vec::new();
            };
            let parsed = (1..).zip(&entries).filter_map(|(place, entry)| match Origin::parse(entry) {
                Ok(origin) if in_production && origin.scheme() == Scheme::Http => {
                    faults.push(ALLOWED_ORIGINS, numbered(place, OriginFault::Insecure));
                    None
                }
                Ok(origin) => Some(origin),
                Err(_) if entry.is_empty() => {
                    faults.push(ALLOWED_ORIGINS, format!("entry {place} is empty; remove a comma"));
                    None
                }
                Err(fault) => {
                    faults.push(ALLOWED_ORIGINS, numbered(place, fault));
                    None
                }
            });
            parsed.collect()
        }

        /// Returns the paths without a fault.
        pub(crate) fn probe_paths(&self, faults: &mut Collector) -> Vec<String> {
            let Some(list) = &self.probe_paths else { return Vec::new() };
            let Ok(paths) = entries(list) else {
                faults.push("PROBE_PATHS", "is neither a JSON list of strings nor a list separated by commas");
                return Vec::new();
            };
            for (place, path) in (1..).zip(&paths) {
                if !is_path(path) {
                    faults.push("PROBE_PATHS", format!("entry {place} is no path; write one such as `/health`"));
                }
            }
            paths.into_iter().filter(|path| is_path(path)).collect()
        }
    }

    /// Returns whether the text is a path as it stands in a request: ASCII, and without a query.
    pub(crate) fn is_path(text: &str) -> bool {
        text.starts_with('/') && text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'?' | b'#' | b'*'))
    }

    fn numbered(place: usize, fault: OriginFault) -> String {
        format!("entry {place}: {fault}")
    }
}
