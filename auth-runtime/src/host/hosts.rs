use core::{error::Error, fmt, net::Ipv6Addr};

use crate::list::{NotAList, entries};

use super::name::Host;

/// The hosts under which a service answers.
///
/// Hosts are compared without their port, in lower case, in ASCII, and without a final dot.
///
/// ```
/// use auth_runtime::web::Hosts;
///
/// let hosts = Hosts::parse("api.example.com, *.tenants.example.com")?;
/// assert!(hosts.contains("API.example.com.") && hosts.contains("one.tenants.example.com:8443"));
/// assert!(!hosts.contains("tenants.example.com") && !hosts.contains("api.example.com.evil.example"));
/// # Ok::<(), auth_runtime::web::HostsError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Hosts(Allowed);

#[derive(Clone, Debug)]
enum Allowed {
    Every,
    These { exact: Vec<String>, below: Vec<String> },
}

impl Hosts {
    /// Parses a list that is separated by commas, or a JSON list of strings. Each entry is a host without a port, or
    /// `*.` and a host for all hosts below that host.
    ///
    /// # Errors
    /// Returns all faults at once.
    pub fn parse(list: &str) -> Result<Self, HostsError> {
        let entries = entries(list).map_err(|NotAList| {
            let kind = if begins_with_address(list) { Kind::AddressFirst } else { Kind::List };
            HostsError(vec![HostsFault { entry: 0, kind }])
        })?;
        let (mut exact, mut below, mut faults) = (Vec::new(), Vec::new(), Vec::new());
        for (place, entry) in (1..).zip(&entries) {
            match Entry::parse(entry) {
                Ok(Entry::Exact(host)) => exact.push(host),
                Ok(Entry::Below(host)) => below.push(host),
                Err(kind) => faults.push(HostsFault { entry: place, kind }),
            }
        }
        if entries.is_empty() {
            faults.push(HostsFault { entry: 0, kind: Kind::NoEntry });
        }
        if faults.is_empty() { Ok(Self(Allowed::These { exact, below })) } else { Err(HostsError(faults)) }
    }

    /// Returns the hosts of the machine itself: `localhost`, the hosts below it, `127.0.0.1` and `[::1]`.
    pub fn of_this_machine() -> Self {
        let exact = ["localhost", "127.0.0.1", "[::1]"].map(str::to_owned).to_vec();
        Self(Allowed::These { exact, below: vec!["localhost".to_owned()] })
    }

    /// Allows every host, for tests that call a router directly.
    ///
    /// In a service, a client then chooses the host in links that the service writes. A page of another site can also
    /// reach a service on the visitor's own network (DNS rebinding).
    pub fn every() -> Self {
        Self(Allowed::Every)
    }

    /// Returns whether the service answers under this host, which may have a port.
    pub fn contains(&self, host: &str) -> bool {
        Host::parse(host.as_bytes()).is_some_and(|host| self.has(&host.name))
    }

    /// Returns whether the list has this name, which is in its one spelling.
    pub(crate) fn has(&self, name: &str) -> bool {
        match &self.0 {
            Allowed::Every => true,
            Allowed::These { exact, below } => {
                exact.iter().any(|host| host == name) || below.iter().any(|host| is_below(name, host))
            }
        }
    }

    /// Returns whether requests without a host are answered, too.
    pub(crate) fn is_every(&self) -> bool {
        matches!(self.0, Allowed::Every)
    }
}

/// Returns whether a list begins with an IPv6 address, whose bracket is also the one of a JSON list.
fn begins_with_address(list: &str) -> bool {
    let address = list.trim_start().strip_prefix('[').and_then(|rest| rest.split_once(']'));
    address.is_some_and(|(address, _)| address.parse::<Ipv6Addr>().is_ok())
}

fn is_below(name: &str, host: &str) -> bool {
    name.strip_suffix(host).and_then(|before| before.strip_suffix('.')).is_some_and(|label| !label.is_empty())
}

enum Entry {
    Exact(String),
    Below(String),
}

impl Entry {
    fn parse(entry: &str) -> Result<Self, Kind> {
        let (host, wrap): (&str, fn(String) -> Self) = match entry.strip_prefix("*.") {
            Some(host) => (host, Self::Below),
            None => (entry, Self::Exact),
        };
        match Host::parse(host.as_bytes()) {
            _ if entry.is_empty() => Err(Kind::Empty),
            _ if host.contains('*') => Err(Kind::Wildcard),
            _ if host.contains(['/', '@', '?', '#']) => Err(Kind::MoreThanHost),
            Some(Host { port: Some(_), .. }) => Err(Kind::Port),
            Some(Host { name, port: None }) => Ok(wrap(name.into_owned())),
            None => Err(Kind::NotAHost),
        }
    }
}

/// All faults in a list of hosts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostsError(Vec<HostsFault>);

/// One fault in a list of hosts. Its text names the entry by its place and does not repeat it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostsFault {
    /// From 1; 0 is the whole list.
    entry: usize,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    List,
    AddressFirst,
    NoEntry,
    Empty,
    Wildcard,
    MoreThanHost,
    Port,
    NotAHost,
}

impl HostsError {
    /// Returns the faults, at least one.
    pub fn iter(&self) -> impl Iterator<Item = &HostsFault> {
        self.0.iter()
    }
}

impl fmt::Display for HostsFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.entry > 0 {
            write!(f, "entry {} ", self.entry)?;
        }
        f.write_str(match self.kind {
            Kind::List => "is neither a JSON list of strings nor a list separated by commas",
            Kind::AddressFirst => {
                "begins with `[` like a JSON list; write an IPv6 address inside of one: `[\"[2001:db8::1]\"]`"
            }
            Kind::NoEntry => "has no entry; write the hosts of this service, such as `api.example.com`",
            Kind::Empty => "is empty; remove a comma",
            Kind::Wildcard => "has a `*` that is not `*.` at its start; name each host, or write `*.example.com`",
            Kind::MoreThanHost => "has more than a host; write it without scheme, user and path: `api.example.com`",
            Kind::Port => "has a port, which does not count; write the host alone",
            Kind::NotAHost => "is no host; write one such as `api.example.com` or `[2001:db8::1]`",
        })
    }
}

impl fmt::Display for HostsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, fault) in self.0.iter().enumerate() {
            let separator = if place == 0 { "" } else { "; " };
            write!(f, "{separator}{fault}")?;
        }
        Ok(())
    }
}

impl Error for HostsError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_its_hosts_and_no_look_alikes() {
        let hosts = Hosts::parse(r#"["API.example.com", "*.t.example", "m\u00fcnchen.example", "[::1]"]"#).unwrap();
        for host in ["api.example.com", "api.example.com.:1", "a.t.example", "a.b.t.example", "[0::1]:3000"] {
            assert!(hosts.contains(host), "{host}");
        }
        assert!(hosts.contains("xn--mnchen-3ya.example"));
        for host in
            ["t.example", ".t.example", "xt.example", "a.t.example.evil", "example.com", "xapi.example.com", "", "::1"]
        {
            assert!(!hosts.contains(host), "{host}");
        }
    }

    #[test]
    fn every_fault_of_a_list_is_told_by_its_place() {
        let told = |list: &str| Hosts::parse(list).unwrap_err().to_string();
        for (list, start) in [
            ("[1]", "is neither"),
            ("[a.example]", "is neither"),
            ("[2001:db8::1]", r#"begins with `[` like a JSON list; write an IPv6 address inside of one: `["[2001:"#),
            (" [::1]:443, a.example", "begins with `[` like a JSON list"),
            ("[]", "has no entry"),
            ("", "entry 1 is empty"),
            ("a.example,,b.example", "entry 2 is empty"),
            ("*", "entry 1 has a `*`"),
            ("a.*.example", "entry 1 has a `*`"),
            ("a.example, https://b.example", "entry 2 has more than a host"),
            ("u@b.example", "entry 1 has more than a host"),
            ("a.example:443", "entry 1 has a port"),
            ("a..example", "entry 1 is no host"),
            ("::1", "entry 1 is no host"),
        ] {
            assert!(told(list).starts_with(start), "{list}: {}", told(list));
        }
        assert!(Hosts::parse(r#"["[2001:db8::1]"]"#).is_ok() && Hosts::parse("a.example, [::1]").is_ok());
        assert_eq!(Hosts::parse("a b, *, c:1").unwrap_err().iter().count(), 3);
        assert!(!told("sec ret").contains("ret;") && !told("sec ret").contains("sec"));
    }
}
