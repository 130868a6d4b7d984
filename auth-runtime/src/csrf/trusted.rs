use super::{
    OriginFault,
    origin::{Origin, Scheme},
};
use crate::list::{NotAList, entries};

/// The origins, beside this service's own, with pages that may use a browser's session.
#[derive(Clone, Debug, Default)]
pub(crate) struct TrustedOrigins(Vec<Origin>);

impl TrustedOrigins {
    /// Parses a list separated by commas, or a JSON array of strings.
    ///
    /// # Errors
    /// Returns all faults of its entries.
    pub(crate) fn parse(list: &str) -> Result<Self, Vec<OriginFault>> {
        let entries = entries(list).map_err(|NotAList| vec![OriginFault::List])?;
        let (mut origins, mut faults) = (Self::default(), Vec::new());
        for entry in &entries {
            if let Err(fault) = origins.add(entry)
                && !faults.contains(&fault)
            {
                faults.push(fault);
            }
        }
        if faults.is_empty() { Ok(origins) } else { Err(faults) }
    }

    /// Adds an origin.
    ///
    /// # Errors
    /// Returns an [`OriginFault`] when the text is not an origin.
    pub(crate) fn add(&mut self, origin: &str) -> Result<(), OriginFault> {
        self.0.push(Origin::parse(origin)?);
        Ok(())
    }

    pub(crate) fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// Returns whether the list has an `http://` origin: an attacker between browser and server can impersonate it.
    pub(crate) fn has_insecure(&self) -> bool {
        self.0.iter().any(|origin| origin.scheme() == Scheme::Http)
    }

    pub(super) fn contains(&self, origin: &Origin) -> bool {
        self.0.contains(origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_a_list_are_read() {
        for list in [
            "https://a.example, https://b.example:8443",
            r#" ["https://a.example", "https://b.example:8443"]"#,
            "HTTPS://A.example:443,https://b.example:8443",
        ] {
            let origins = TrustedOrigins::parse(list).unwrap();
            for origin in ["https://a.example", "https://b.example:8443"] {
                assert!(origins.contains(&Origin::parse(origin).unwrap()), "{list}");
            }
            assert!(!origins.contains(&Origin::parse("https://b.example").unwrap()));
        }
    }

    #[test]
    fn every_kind_of_fault_is_told_once() {
        let faults = |list| TrustedOrigins::parse(list).unwrap_err();
        assert_eq!(faults("https://a.example,"), [OriginFault::Scheme]);
        assert_eq!(faults("null, *, null"), [OriginFault::Null, OriginFault::Wildcard]);
        assert_eq!(faults(r#"["https://a.example", 1]"#), [OriginFault::List]);
        assert_eq!(faults(r#"["https://a.example""#), [OriginFault::List]);
        assert_eq!(faults(r#"["https://a.example "]"#), [OriginFault::Host]);
    }
}
