//! What faces browsers and the public: the layers around a router, in the one right order.
//!
//! [`hardened`] builds all of them from the settings. Each layer also works alone, on any `axum::Router`.
//!
//! | layer | effect |
//! |---|---|
//! | [`RequestIds`] | gives each request an identifier, which answers and events show |
//! | [`tracing_layer`] | opens a span for the events of a request |
//! | [`SecurityHeaders`] | writes the header fields that tell browsers what a page may do |
//! | [`RequireHttps`] | redirects navigations to HTTPS, and refuses other requests over plain HTTP |
//! | [`AllowedHosts`] | refuses requests for hosts of other services |
//! | [`Cors`] | lets pages of named origins read answers |
//! | [`Deadline`] | bounds the time until a handler begins its answer |
//! | [`BodyLimit`] | bounds the size of a request's body |
//!
//! [`csp_reports`] is a route that receives browsers' reports of blocked content.

mod body_limit;
mod cors;
mod deadline;
mod event;
mod hardened;
mod headers;
mod hosts;
mod https;
mod layer;
mod order;
mod reports;
mod request_id;
mod routes;
mod span;
mod transport;

pub use crate::host::{Hosts, HostsError, HostsFault};
pub use body_limit::BodyLimit;
pub use cors::{Cors, CorsLayer, CorsService};
pub use deadline::{Deadline, DeadlineFuture, DeadlineService};
pub use hardened::Hardened;
pub use headers::{
    Csp, CspError, CspNonce, CspNonceRejection, Directive, EmbedderPolicy, Hsts, OpenerPolicy, PermissionsPolicy,
    ReferrerPolicy, ResourcePolicy, SecurityHeaders, Source,
};
pub use hosts::AllowedHosts;
pub(crate) use hosts::HOST_INVALID;
pub use https::RequireHttps;
pub use layer::{LayerFuture, Layered};
pub use order::{Hardening, hardened};
pub use reports::csp_reports;
pub use request_id::{RequestId, RequestIdRejection, RequestIds};
pub use routes::Routes;
pub use span::{RequestSpan, ResponseEvent, Tracing, tracing_layer};
pub use transport::EncryptedConnection;
