//! Keeps other sites from using a browser's session.
//!
//! A browser sends its cookies with every request to this service, even when another site caused the request. So the
//! module checks each request that has a session's cookie as its credential and a method that may change something. The
//! request must come from this service's own pages or from an origin that is trusted by name. Three facts prove this,
//! in this order:
//!
//! 1. `Sec-Fetch-Site`, which no page can set, or a trusted `Origin` beside it;
//! 2. `Origin`, when the browser sent no `Sec-Fetch-Site`;
//! 3. a token that only a page of the session can know, when the browser sent neither.
//!
//! Bearer tokens and API keys need no check, because browsers do not attach them automatically.

mod check;
mod origin;
mod token;
mod trusted;

pub(crate) use check::CrossSite;
pub(crate) use origin::{Origin, OriginFault, Scheme};
pub(crate) use token::CsrfKey;
pub(crate) use trusted::TrustedOrigins;
