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
    /// Returns all faults, each with the place of its entry, from 1; 0 is the whole list.
    pub(crate) fn parse(list: &str) -> Result<Self, Vec<(usize, OriginFault)>> {
        let entries = entries(list).map_err(|NotAList| vec![(0, OriginFault::List)])?;
        let (mut origins, mut faults) = (Self::default(), Vec::new());
        for (place, entry) in (1..).zip(&entries) {
            if let Err(fault) = origins.add(entry) {
                faults.push((place, fault));
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

    /// Returns the places of `http://` origins, from 1. An attacker between browser and server can impersonate them.
    pub(crate) fn insecure(&self) -> impl Iterator<Item = usize> {
        (1..).zip(&self.0).filter(|(_, origin)| origin.scheme() == Scheme::Http).map(|(place, _)| place)
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
    fn every_fault_is_told_with_the_place_of_its_entry() {
        let faults = |list| TrustedOrigins::parse(list).unwrap_err();
        assert_eq!(faults("https://a.example,"), [(2, OriginFault::Empty)]);
        assert_eq!(
            faults("null, *, null"),
            [(1, OriginFault::Null), (2, OriginFault::Wildcard), (3, OriginFault::Null)]
        );
        assert_eq!(faults(r#"["https://a.example", 1]"#), [(0, OriginFault::List)]);
        assert_eq!(faults(r#"["https://a.example""#), [(0, OriginFault::List)]);
        assert_eq!(faults(r#"["https://a.example "]"#), [(1, OriginFault::Host)]);
    }
}
