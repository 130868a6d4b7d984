//! Every form in which a policy names issuers, with what the matrix then says.

#![deny(warnings)]

use auth_runtime::{Auth, GuardedRouter, Issuer, authorize, protected, require_role, routing::get};

mod trusted {
    /// The issuers, in a module of their own.
    #[derive(auth_runtime::Issuer)]
    pub(crate) enum Trusted {
        Here,
        Corporate,
        r#Self_,
    }

    pub(crate) const PARTNER: Trusted = Trusted::Corporate;
}

use trusted::Trusted;

#[derive(Issuer, Clone, Copy, Debug, PartialEq)]
#[deprecated]
enum Former {
    One,
}

#[protected(issuer = Trusted::Corporate)]
async fn one() {}

#[protected(issuer(trusted::Trusted::Here, Trusted::Self_), via(bearer), fresh = 5 min)]
async fn two() {}

#[require_role("admin")]
#[protected(issuer = trusted::PARTNER)]
async fn constant() {}

#[protected(issuer = crate::trusted::Trusted::Here)]
#[authorize(role("a") || scope("b"))]
async fn expression() {}

#[allow(deprecated)]
#[protected(issuer = Former::One)]
async fn deprecated() {}

fn main() {
    let app: GuardedRouter<Auth> = GuardedRouter::new()
        .route("/1", get(one))
        .route("/2", get(two))
        .route("/3", get(constant))
        .route("/4", get(expression))
        .route("/5", get(deprecated));
    let who: Vec<_> = app.access_matrix().rows().iter().map(|row| row.access.clone()).collect();
    assert_eq!(
        who,
        [
            "any caller, by issuer Trusted::Corporate",
            "any caller, by issuer Trusted::Here or Trusted::Self_, login within 5 min",
            "role admin, by issuer Trusted::Corporate",
            "role a or scope b, by issuer Trusted::Here",
            "any caller, by issuer Former::One",
        ]
    );
    assert_eq!(Trusted::Self_.issuer_name().as_str(), "Trusted::Self_");
}
