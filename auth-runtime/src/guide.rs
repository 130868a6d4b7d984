//! The guide, one page per task. This module contains documentation only.
//!
//! The same pages stand in the repository, in `auth-runtime/docs/guide`. There, a page's own definitions of links
//! count. Here, the definitions of `guide-links.md` count, because they come first.

#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/guide/first-service.md")]
pub mod first_service {}

#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/guide/policies.md")]
pub mod policies {}

#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/guide/checks.md")]
pub mod checks {}

#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/guide/limits.md")]
pub mod limits {}

#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/guide/redis.md")]
pub mod redis {}

#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/guide/roles.md")]
pub mod roles {}

#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/guide/settings.md")]
pub mod settings {}

#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/guide/other-issuers.md")]
pub mod other_issuers {}

#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/guide/better-auth.md")]
pub mod better_auth {}

#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/guide/your-users.md")]
pub mod your_users {}

#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/guide/your-stores.md")]
pub mod your_stores {}

#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/guide/sign-in.md")]
pub mod sign_in {}

#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/guide/accounts.md")]
pub mod accounts {}

#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/guide/administration.md")]
pub mod administration {}

#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/guide/registration.md")]
pub mod registration {}

#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/guide/browsers.md")]
pub mod browsers {}

#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/guide/public-service.md")]
pub mod public_service {}

#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/guide/api-keys.md")]
pub mod api_keys {}

#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/guide/passwords.md")]
pub mod passwords {}

#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/guide/validated-input.md")]
pub mod validated_input {}

#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/guide/output.md")]
pub mod output {}

#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/guide/uploads.md")]
pub mod uploads {}

#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/guide/testing.md")]
pub mod testing {}

#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/guide/matrix.md")]
pub mod matrix {}

#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/guide/events.md")]
pub mod events {}

#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/guide/problem-codes.md")]
pub mod problem_codes {}

#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/guide/behind-a-proxy.md")]
pub mod behind_a_proxy {}

#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/guide/key-rotation.md")]
pub mod key_rotation {}

#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/guide/deployment.md")]
pub mod deployment {}

#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/guide/troubleshooting.md")]
pub mod troubleshooting {}

#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/guide/from-fastapi.md")]
pub mod from_fastapi {}

#[doc = include_str!("../docs/guide-links.md")]
#[doc = include_str!("../docs/guide/from-axum-login.md")]
pub mod from_axum_login {}
