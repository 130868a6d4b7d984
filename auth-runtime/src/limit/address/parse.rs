//! Reads trusted proxies from settings.

use core::{net::IpAddr, num::NonZeroU8};

use axum::http::HeaderName;
use ipnet::IpNet;

use crate::list::{NotAList, entries};

use super::{
    ForwardedHeader, TrustedProxies, TrustedProxiesError, TrustedProxiesFault as Fault, trusted_proxies::canonical,
};

impl TrustedProxies {
    /// Parses the values of two environment variables.
    ///
    /// - `list` contains networks and addresses, separated by commas or as a JSON list of strings. Alternatively, it is
    ///   `hops:` and a [count](Self::hops).
    /// - `header` is `X-Forwarded-For`, `Forwarded`, or the name of a vendor's header.
    ///
    /// ```
    /// # use auth_runtime::limit::TrustedProxies;
    /// assert!(TrustedProxies::parse("10.0.0.0/8, 2001:db8::/32, 192.0.2.1", "Forwarded").is_ok());
    /// assert!(TrustedProxies::parse(r#"["10.0.0.0/8", "192.0.2.1"]"#, "Forwarded").is_ok());
    /// assert!(TrustedProxies::parse("hops:2", "X-Forwarded-For").is_ok());
    /// let error = TrustedProxies::parse("10.0.0.0/33", "CF Connecting").unwrap_err();
    /// assert_eq!(error.iter().count(), 2);
    /// ```
    ///
    /// # Errors
    /// Returns all faults of both values at once.
    pub fn parse(list: &str, header: &str) -> Result<Self, TrustedProxiesError> {
        let mut faults = Vec::new();
        let trusted = trusted(list, &mut faults);
        let header = forwarded_header(header).map_err(|fault| faults.push(fault)).ok();
        match (trusted, header) {
            (Some(Trusted::Hops(hops)), Some(header)) if faults.is_empty() => Ok(Self::hops(hops, header)),
            (Some(Trusted::Networks(networks)), Some(header)) if faults.is_empty() => {
                Ok(Self::networks(networks, header))
            }
            _ => Err(TrustedProxiesError(faults)),
        }
    }
}

enum Trusted {
    Hops(NonZeroU8),
    Networks(Vec<IpNet>),
}

fn trusted(list: &str, faults: &mut Vec<Fault>) -> Option<Trusted> {
    let entries = entries(list).map_err(|NotAList| faults.push(Fault::NotAList)).ok()?;
    if let [only] = &*entries
        && let Some(count) = only.strip_prefix("hops:")
    {
        return count_of_hops(count.trim()).map_err(|fault| faults.push(fault)).ok().map(Trusted::Hops);
    }
    let mut networks = Vec::new();
    for entry in &entries {
        match network(entry) {
            Ok(network) => networks.push(network),
            Err(fault) => faults.push(fault),
        }
    }
    Some(Trusted::Networks(networks))
}

fn count_of_hops(count: &str) -> Result<NonZeroU8, Fault> {
    count.parse().map_err(|_| Fault::NotACount(count.to_owned()))
}

fn network(entry: &str) -> Result<IpNet, Fault> {
    if entry.is_empty() {
        return Err(Fault::Empty);
    }
    if entry.starts_with("hops:") {
        return Err(Fault::Mixed(entry.to_owned()));
    }
    let single = entry.parse().map(|address: IpAddr| IpNet::from(address));
    let network = single.or_else(|_| entry.parse()).map_err(|_| Fault::NotANetwork(entry.to_owned()))?;
    let network = canonical(network);
    if network.prefix_len() == 0 {
        return Err(Fault::Everybody(entry.to_owned()));
    }
    if network != network.trunc() {
        return Err(Fault::BitsAfterPrefix { entry: entry.to_owned(), network: network.trunc() });
    }
    Ok(network)
}

fn forwarded_header(name: &str) -> Result<ForwardedHeader, Fault> {
    let header: HeaderName = name.trim().parse().map_err(|_| Fault::NotAHeader(name.to_owned()))?;
    Ok(match header.as_str() {
        "x-forwarded-for" => ForwardedHeader::XForwardedFor,
        "forwarded" => ForwardedHeader::Forwarded,
        _ => ForwardedHeader::Vendor(header),
    })
}
