use core::num::{NonZeroU32, NonZeroU64};

/// The bounds of the request's body. At least one is there.
#[derive(Clone, Copy)]
pub(crate) struct Body {
    /// Bytes.
    pub(crate) max: Option<NonZeroU64>,
    /// Seconds.
    pub(crate) within: Option<NonZeroU32>,
}
