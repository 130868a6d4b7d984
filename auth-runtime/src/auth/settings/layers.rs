//! What the layers of the module `web` read from settings.

use crate::{auth::fault::Collector, limit::TrustedProxies};

use super::{Settings, values::trusted_proxies, web::WebSettings};

impl Settings {
    /// Returns the settings of the feature `web`.
    pub(crate) fn web(&self) -> &WebSettings {
        &self.web
    }

    /// Returns the proxies that may report the scheme, the host and the address of a client. Settings with a fault in
    /// them never exist, and would trust no proxy.
    pub(crate) fn proxies(&self) -> TrustedProxies {
        trusted_proxies(self, &mut Collector::default()).unwrap_or_else(TrustedProxies::none)
    }
}
