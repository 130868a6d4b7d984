use core::num::NonZeroU32;

use proc_macro2::TokenStream;
use syn::LitStr;

/// One limit on how often the handler may be called.
#[derive(Clone)]
pub(crate) struct Limit {
    pub(crate) count: NonZeroU32,
    /// In seconds.
    pub(crate) window: NonZeroU32,
    /// How many units may come at once; at least `cost`.
    pub(crate) burst: NonZeroU32,
    /// The units that one request takes.
    pub(crate) cost: NonZeroU32,
    pub(crate) key: Key,
    /// Shares the counter with every limit of the same name.
    pub(crate) name: Option<LitStr>,
    /// Present only with a shared key beside a check, and required there.
    pub(crate) counts: Option<Counts>,
    pub(crate) on_outage: OnOutage,
    /// Counts and reports, never refuses.
    pub(crate) shadow: bool,
}

/// The value by which requests are counted. Each distinct value has its own counter.
#[derive(Clone)]
#[expect(clippy::enum_variant_names, reason = "an API key is called so")]
pub(crate) enum Key {
    User,
    Address,
    ApiKey,
    Global,
    /// A legal header name, in lower case.
    Header(LitStr),
    Path(LitStr),
    /// A path to the application's function.
    Custom {
        path: TokenStream,
        spelled: String,
    },
}

impl Key {
    /// Returns whether several callers may have the same value of the key.
    pub(crate) fn is_shared(&self) -> bool {
        match self {
            Self::User | Self::Address | Self::ApiKey => false,
            Self::Global | Self::Header(_) | Self::Path(_) | Self::Custom { .. } => true,
        }
    }

    /// Returns the key as the attribute spells it. This text distinguishes two keys.
    pub(crate) fn spelled(&self) -> String {
        match self {
            Self::User => "user".to_owned(),
            Self::Address => "ip".to_owned(),
            Self::ApiKey => "api_key".to_owned(),
            Self::Global => "global".to_owned(),
            Self::Header(name) => format!("header({:?})", name.value()),
            Self::Path(name) => format!("path({:?})", name.value()),
            Self::Custom { spelled, .. } => spelled.clone(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum OnOutage {
    Local,
    Deny,
    Allow,
}

/// Which requests a shared limit counts beside a check. The variant that counts fewer requests is the greater one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Counts {
    BeforeChecks,
    AfterChecks,
}
