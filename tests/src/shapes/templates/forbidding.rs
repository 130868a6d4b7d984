//! Handlers and roles in a crate that forbids lints. An expansion that allowed one of them would not compile.

#![forbid(
    unsafe_code,
    missing_docs,
    missing_debug_implementations,
    unreachable_pub,
    unused_qualifications,
    unused_results,
    unused_imports,
    unused_variables,
    dead_code,
    deprecated,
    private_bounds,
    private_interfaces,
    non_camel_case_types,
    non_snake_case,
    future_incompatible,
    let_underscore,
    nonstandard_style,
    rust_2018_idioms,
    unused,
    warnings
)]
#![forbid(clippy::all, clippy::pedantic, clippy::nursery)]
#![forbid(
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::default_numeric_fallback,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::let_underscore_must_use,
    clippy::let_underscore_untyped,
    clippy::min_ident_chars,
    clippy::missing_docs_in_private_items,
    clippy::multiple_inherent_impl,
    clippy::panic,
    clippy::pattern_type_mismatch,
    clippy::pub_with_shorthand,
    clippy::ref_patterns,
    clippy::same_name_method,
    clippy::shadow_unrelated,
    clippy::too_many_arguments,
    clippy::unused_async,
    clippy::unwrap_used
)]

use auth_runtime::{
    Identity, Role, authorize, csrf_exempt, protected, public, rate_limit, require_role, require_scope,
};
use axum::http::{HeaderMap, Method, Uri, Version};

/// The roles. Only the derived implementations use the deprecated one.
#[derive(Clone, Copy, Debug, Role)]
#[non_exhaustive]
pub enum Role {
    /// Reads.
    Member,
    /// Writes.
    #[role(implies = Member)]
    Admin,
    /// Wrote once.
    #[deprecated]
    Editor,
}

/// Roles that no handler names.
#[deprecated]
#[derive(Clone, Copy, Debug, Role)]
#[non_exhaustive]
pub enum Old {
    /// Reads.
    Member,
}

/// Answers everyone.
#[public(because = "probe")]
#[rate_limit(10/min)]
pub async fn open(caller: Option<Identity>) -> String {
    std::future::ready(caller.map(|caller| caller.subject().to_owned()).unwrap_or_default()).await
}

/// Has every attribute.
#[protected(via(bearer, session), fresh = 5 min)]
#[require_scope("posts:write")]
#[require_role(Role::Admin, "editor")]
#[rate_limit(10/min, by = user, burst = 3, cost = 2, name = "posts", on_outage = deny, shadow)]
#[rate_limit(10/hour, by = header("x-tenant"))]
#[csrf_exempt(because = "signed by its sender")]
pub async fn write(
    caller: Identity,
    headers: HeaderMap,
    method: Method,
    uri: Uri,
    version: Version,
    body: String,
) -> String {
    let text = format!("{caller:?} {headers:?} {method} {uri} {version:?} {body}");
    std::future::ready(text).await
}

/// Has an expression.
#[authorize(role(Role::Member) || scope("posts:read") && !role("banned"))]
pub async fn read<T: Send + Sync + Default + ToString + 'static>() -> String {
    std::future::ready(T::default().to_string()).await
}
