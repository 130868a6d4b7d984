#![deny(warnings)]
#![allow(dead_code)]

use auth_runtime::{Auth, GuardedRouter, Identity, guard::CurrentUser, protected, public, require_role, routing::get};
use auth_tests::demands;
use std::fmt::Display;

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

#[protected]
async fn unsized_type<T: ?Sized + AsRef<str> + 'static>() -> String {
    size_of::<&T>().to_string()
}

#[protected]
async fn bounds_of_every_form<'a, F, I, const N: usize, const S: bool>() -> &'a str
where
    F: Fn(&str) -> Vec<I> + Send + 'static,
    I: Iterator<Item = (u8, [u8; N])> + Send + 'static,
{
    if S { "yes" } else { "no" }
}

/// Borrows what it is generic over, as no route does: a function of its own all the same.
#[public]
async fn borrowed<T: Display>(_text: std::marker::PhantomData<T>) -> String {
    String::new()
}

#[allow(non_camel_case_types)]
#[public]
async fn lower_case<store: Posts>(State(posts): State<store>) -> String {
    posts.count().to_string()
}

fn plain<P: Posts>() -> axum::Router<App>
where
    P: FromRef<App>,
{
    axum::Router::new().route("/", axum::routing::get(of_type::<P>))
}

fn routes() -> GuardedRouter<App> {
    GuardedRouter::new()
        .route("/a", get(of_type::<Memory>))
        .route("/b", get(with_where::<Memory>))
        .route("/c", get(with_constant::<3>))
        .route("/d/{id}", get(with_lifetime))
        .route("/e", get(returns_impl_trait))
        .route("/f", get(unsized_type::<str>))
        .route("/g", get(bounds_of_every_form::<fn(&str) -> Vec<std::iter::Empty<(u8, [u8; 2])>>, _, 2, true>))
        .route("/h", get(lower_case::<Memory>))
        .merge(routes_of::<Memory>())
}

fn routes_of<P: Posts + FromRef<App>>() -> GuardedRouter<App> {
    GuardedRouter::new().route("/i", get(of_type::<P>)).route("/j", get(with_where::<P>))
}

fn main() {
    assert_eq!(demands::<__of_type_policy<Memory>>(), "authenticated");
    assert_eq!(demands::<__with_constant_policy<3>>(), "role(admin)");
    assert_eq!(demands::<__returns_impl_trait_policy>(), "public");
}
