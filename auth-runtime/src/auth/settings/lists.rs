//! The lists of the layers that face browsers: what their entries are, and which faults they have.

use crate::{
    auth::{Environment, fault::Collector},
    csrf::{Origin, OriginFault, Scheme},
    host::Hosts,
    list::entries,
};

use super::web::{ALLOWED_HOSTS, ALLOWED_ORIGINS, HOSTS_MISSING, WebSettings};

impl WebSettings {
    /// Reports the faults of all lists. With an unknown environment, the scheme of origins is not judged.
    ///
    /// `web::hardened` refuses to start in production without hosts. A service that does not call it needs no list, so
    /// the missing list is no fault of its own. It is reported beside other faults, so that one start shows all of
    /// them.
    pub(in crate::auth) fn check(&self, environment: Option<Environment>, faults: &mut Collector) {
        self.hosts(faults);
        self.origins(environment == Some(Environment::Production), faults);
        self.probe_paths(faults);
        if self.allowed_hosts.is_none() && environment == Some(Environment::Production) && !faults.is_empty() {
            faults.missing(ALLOWED_HOSTS, HOSTS_MISSING);
        }
    }

    /// Returns the hosts, if they are set and have no fault.
    pub(crate) fn hosts(&self, faults: &mut Collector) -> Option<Hosts> {
        let list = self.allowed_hosts.as_deref()?;
        match Hosts::parse(list) {
            Ok(hosts) => Some(hosts),
            Err(error) => {
                error.iter().for_each(|fault| faults.push(ALLOWED_HOSTS, fault.to_string()));
                None
            }
        }
    }

    /// Returns the origins without a fault.
    pub(crate) fn origins(&self, in_production: bool, faults: &mut Collector) -> Vec<Origin> {
        let Some(list) = &self.allowed_origins else { return Vec::new() };
        let Ok(entries) = entries(list) else {
            faults.push(ALLOWED_ORIGINS, OriginFault::List.at(0));
            return Vec::new();
        };
        let parsed = (1..).zip(&entries).filter_map(|(place, entry)| match Origin::parse(entry) {
            Ok(origin) if in_production && origin.scheme() == Scheme::Http => {
                faults.push(ALLOWED_ORIGINS, OriginFault::Insecure.at(place));
                None
            }
            Ok(origin) => Some(origin),
            Err(fault) => {
                faults.push(ALLOWED_ORIGINS, fault.at(place));
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
