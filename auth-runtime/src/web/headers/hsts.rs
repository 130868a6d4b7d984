use core::time::Duration;

/// How long browsers use only HTTPS for this host (`Strict-Transport-Security`, RFC 6797): two years with all
/// subdomains by default. The field is sent over HTTPS only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hsts {
    max_age: Duration,
    includes_subdomains: bool,
    is_preloaded: bool,
}

impl Hsts {
    /// Creates a policy for this time, with all subdomains. A fraction of a second is left out. Zero ends the policy in
    /// browsers that know it.
    pub const fn new(max_age: Duration) -> Self {
        Self { max_age, includes_subdomains: true, is_preloaded: false }
    }

    /// Creates the policy that the list of browsers (<https://hstspreload.org>) asks for: two years with all
    /// subdomains, and `preload`.
    ///
    /// Browsers then use HTTPS from the first visit. A host leaves the list only after months.
    pub const fn preload() -> Self {
        Self { is_preloaded: true, ..Self::new(TWO_YEARS) }
    }

    /// Leaves out the subdomains. The list of browsers takes no host without them, so this leaves out `preload`, too.
    #[must_use]
    pub const fn without_subdomains(self) -> Self {
        Self { includes_subdomains: false, is_preloaded: false, ..self }
    }

    pub(super) fn text(self) -> String {
        let subdomains = if self.includes_subdomains { "; includeSubDomains" } else { "" };
        let preload = if self.is_preloaded { "; preload" } else { "" };
        format!("max-age={}{subdomains}{preload}", self.max_age.as_secs())
    }
}

const TWO_YEARS: Duration = Duration::from_secs(63_072_000);

impl Default for Hsts {
    fn default() -> Self {
        Self::new(TWO_YEARS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preload_is_written_on_demand_and_only_with_subdomains() {
        assert_eq!(Hsts::default().text(), "max-age=63072000; includeSubDomains");
        assert_eq!(Hsts::preload().text(), "max-age=63072000; includeSubDomains; preload");
        assert_eq!(Hsts::preload().without_subdomains().text(), "max-age=63072000");
        assert_eq!(Hsts::new(Duration::from_millis(1_500)).text(), "max-age=1; includeSubDomains");
    }
}
