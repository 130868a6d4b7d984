#![deny(warnings)]
#![allow(dead_code)]

use auth_runtime::{Auth, GuardedRouter, Identity, guard::CurrentUser, protected, public, require_role, routing::get};
use auth_tests::demands;
use axum::{
    extract::{FromRef, FromRequestParts, Path, State},
    response::IntoResponse,
};

trait Posts: Clone + Send + Sync + 'static {
    fn count(&self) -> usize;
}

#[derive(Clone)]
struct Memory;

impl Posts for Memory {
    fn count(&self) -> usize {
        0
    }
}

#[derive(Clone, FromRef)]
struct App {
    auth: Auth,
    posts: Memory,
}

#[protected]
async fn of_type<P: Posts>(State(posts): State<P>) -> String {
    posts.count().to_string()
}

#[protected]
async fn with_where<P>(State(posts): State<P>, who: Identity) -> String
where
    P: Posts,
    for<'a> &'a P: Send,
{
    format!("{} {}", who.subject(), posts.count())
}

#[require_role("admin")]
async fn with_constant<const N: usize>() -> String {
    N.to_string()
}

#[protected]
async fn with_lifetime<'a>(Path(id): Path<u64>) -> std::borrow::Cow<'a, str> {
    id.to_string().into()
}

#[public]
async fn returns_impl_trait() -> impl IntoResponse {
    "ok"
}

#[public]
async fn takes_impl_trait(_argument: impl FromRequestParts<App> + Send) -> Result<impl IntoResponse, String> {
    Ok::<_, String>("ok")
}

#[protected]
async fn generic_user<U: Clone + Send + Sync + 'static>(_user: CurrentUser<U>) {}

#[protected]
async fn nested(_a: Path<(u8, Vec<Option<u8>>)>, _b: Option<Identity>) -> [u8; 1 + 1] {
    [0; 2]
}

fn routes() -> GuardedRouter<App> {
    GuardedRouter::new()
        .route("/a", get(of_type::<Memory>))
        .route("/b", get(with_where::<Memory>))
        .route("/c", get(with_constant::<3>))
        .route("/d/{id}", get(with_lifetime))
        .route("/e", get(returns_impl_trait))
}

fn main() {
    assert_eq!(demands::<__of_type_policy>(), "authenticated");
    assert_eq!(demands::<__with_constant_policy>(), "role(admin)");
    assert_eq!(demands::<__returns_impl_trait_policy>(), "public");
}
