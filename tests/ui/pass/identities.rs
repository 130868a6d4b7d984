#![deny(warnings)]
#![allow(dead_code)]

use auth_runtime::{
    Identity,
    guard::{CsrfForm, CsrfToken, CurrentUser},
    protected, public,
};
use auth_tests::demands;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;

type Caller = Identity;
type Maybe = Option<Caller>;

#[derive(Clone)]
struct User;

#[protected]
async fn alias(_who: Caller) {}

#[public]
async fn optional(_who: Option<Identity>) {}

#[public]
async fn optional_alias(_who: Maybe) {}

#[public]
async fn optional_user(_user: Option<CurrentUser<User>>) {}

/// Types of the application that have our names and nothing else of ours.
mod own {
    use super::*;

    pub(crate) struct Identity;
    pub(crate) struct CurrentUser<T>(T);
    pub(crate) struct CsrfToken;

    impl<S: Send + Sync> FromRequestParts<S> for Identity {
        type Rejection = ();

        async fn from_request_parts(_parts: &mut Parts, _state: &S) -> Result<Self, ()> {
            Ok(Self)
        }
    }

    impl<S: Send + Sync, T: Default> FromRequestParts<S> for CurrentUser<T> {
        type Rejection = ();

        async fn from_request_parts(_parts: &mut Parts, _state: &S) -> Result<Self, ()> {
            Ok(Self(T::default()))
        }
    }

    #[public]
    pub(crate) async fn handler(_who: Identity, _user: CurrentUser<u8>) {}
}

#[public]
async fn patterns(own::Identity: own::Identity, _user @ own::CurrentUser { .. }: own::CurrentUser<u8>) {}

#[protected(via(bearer, session))]
async fn token_where_sessions_are_accepted(_token: CsrfToken) {}

#[protected(via(bearer))]
async fn no_token_is_fine(_token: Option<CsrfToken>) {}

#[protected(via(bearer, api_key))]
async fn form(_form: CsrfForm<u8>) {}

#[protected(via(api_key))]
async fn own_token(_token: own::CsrfToken) {}

fn main() {
    assert_eq!(demands::<__alias_policy>(), "authenticated");
    assert_eq!(demands::<__optional_policy>(), "public");
    assert_eq!(demands::<own::__handler_policy>(), "public");
}
