//! The attributes, re-exported from `auth-macros`. Their documentation is here, because its examples use the runtime.
//!
//! The texts are read in the repository, too. There, their own definitions of links count. Here, those of
//! `guide-links.md` count, because they come first.
#![cfg(feature = "macros")]

#[cfg_attr(docsrs, doc(cfg(feature = "macros")))]
#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/issuer.md")]
pub use auth_macros::Issuer;
#[cfg_attr(docsrs, doc(cfg(feature = "macros")))]
#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/role.md")]
pub use auth_macros::Role;
#[cfg(feature = "upload")]
#[cfg_attr(docsrs, doc(cfg(all(feature = "macros", feature = "upload"))))]
#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/upload_policy.md")]
pub use auth_macros::UploadPolicy;
#[cfg_attr(docsrs, doc(cfg(feature = "macros")))]
#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/authorize.md")]
pub use auth_macros::authorize;
#[cfg_attr(docsrs, doc(cfg(feature = "macros")))]
#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/body.md")]
pub use auth_macros::body;
#[cfg_attr(docsrs, doc(cfg(feature = "macros")))]
#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/check.md")]
pub use auth_macros::check;
#[cfg(feature = "web")]
#[cfg_attr(docsrs, doc(cfg(all(feature = "macros", feature = "web"))))]
#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/csp.md")]
pub use auth_macros::csp;
#[cfg_attr(docsrs, doc(cfg(feature = "macros")))]
#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/csrf_exempt.md")]
pub use auth_macros::csrf_exempt;
#[cfg_attr(docsrs, doc(cfg(feature = "macros")))]
#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/protected.md")]
pub use auth_macros::protected;
#[cfg_attr(docsrs, doc(cfg(feature = "macros")))]
#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/public.md")]
pub use auth_macros::public;
#[cfg_attr(docsrs, doc(cfg(feature = "macros")))]
#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/rate_limit.md")]
pub use auth_macros::rate_limit;
#[cfg_attr(docsrs, doc(cfg(feature = "macros")))]
#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/require_role.md")]
pub use auth_macros::require_role;
#[cfg_attr(docsrs, doc(cfg(feature = "macros")))]
#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/require_scope.md")]
pub use auth_macros::require_scope;
