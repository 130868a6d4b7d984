use core::{error::Error, fmt};

use ipnet::IpNet;

/// All faults in the text given to [`TrustedProxies::parse`](super::TrustedProxies::parse).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedProxiesError(pub(super) Vec<TrustedProxiesFault>);

/// One fault. Its texts repeat the setting as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TrustedProxiesFault {
    /// A list that begins like a JSON list and is not a JSON list of strings.
    NotAList,
    /// An empty entry between two commas, or an empty setting.
    Empty,
    /// An entry that is neither an address nor a network.
    NotANetwork(String),
    /// A network that contains all addresses.
    Everybody(String),
    /// A network with bits set in its address beyond the prefix length.
    BitsAfterPrefix {
        /// The entry, as it was written.
        entry: String,
        /// The network that contains the address.
        network: IpNet,
    },
    /// A count of hops that is not a number from 1 to 255.
    NotACount(String),
    /// A count of hops beside another entry.
    Mixed(String),
    /// A text that is not a header name.
    NotAHeader(String),
}

impl TrustedProxiesError {
    /// Returns the faults, at least one.
    pub fn iter(&self) -> impl Iterator<Item = &TrustedProxiesFault> {
        self.0.iter()
    }
}

impl fmt::Display for TrustedProxiesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, fault) in self.0.iter().enumerate() {
            let separator = if place == 0 { "" } else { "; " };
            write!(f, "{separator}{fault}")?;
        }
        Ok(())
    }
}

impl Error for TrustedProxiesError {}

impl fmt::Display for TrustedProxiesFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAList => write!(f, "it is neither a JSON list of strings nor a list separated by commas"),
            Self::Empty => write!(f, "an entry is empty; write addresses or networks such as `10.0.0.0/8`"),
            Self::NotANetwork(entry) => {
                write!(f, "`{entry}` is no address or network; write one such as `10.0.0.0/8`, or `hops:1`")
            }
            Self::Everybody(entry) => {
                write!(f, "`{entry}` would let every client choose its address; name the proxies, or write `hops:1`")
            }
            Self::BitsAfterPrefix { entry, network } => {
                write!(f, "`{entry}` has bits set after its prefix; write `{network}`")
            }
            Self::NotACount(count) => write!(f, "`hops:{count}` is no count of proxies; write `hops:1` to `hops:255`"),
            Self::Mixed(entry) => write!(f, "`{entry}` stands beside other entries; write only the one or the others"),
            Self::NotAHeader(name) => {
                write!(f, "`{name}` is no name of a header; write one such as `X-Forwarded-For` or `Forwarded`")
            }
        }
    }
}
