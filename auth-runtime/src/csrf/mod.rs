//! What keeps other sites from using a browser's session.
//!
//! A browser sends its cookies with every request to this service, whichever site caused it. So where a session's cookie
//! is the credential and the method may change something, the request must come from this service's own pages or from an
//! origin that is trusted by name: by `Sec-Fetch-Site`, which no page can set; else by `Origin`; else by a token that only
//! a page of the session can know. Bearer tokens and API keys need none of it, since no browser sends them by itself.

mod check;
mod origin;
mod token;
mod trusted;

pub(crate) use check::CrossSite;
pub(crate) use origin::OriginFault;
pub(crate) use token::CsrfKey;
pub(crate) use trusted::TrustedOrigins;
