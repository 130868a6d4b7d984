//! A service that has no users of its own. It verifies the access tokens of another issuer, with the keys that the
//! issuer publishes, and needs no secret for that.
//!
//! `TRUSTED_ISSUER` is the issuer's URL, and `TRUSTED_AUDIENCE` is what its tokens for this service name in `aud`. A
//! debug build without `TRUSTED_ISSUER` starts an issuer of its own in development, to try the service out; see
//! `issuer.rs`.
#![expect(clippy::print_stdout, reason = "a program that people start by hand talks to them")]

mod handlers;
#[cfg(debug_assertions)]
mod issuer;

use std::{
    env,
    error::Error,
    io::{self, IsTerminal},
};

use auth_runtime::{
    auth::{Environment, Faults, ProtectedResource},
    prelude::*,
    remote, web,
};
use axum::extract::FromRef;
use tokio::net::TcpListener;

use handlers::Trusted;

/// The application's state, from which handlers extract what they need.
#[derive(Clone, FromRef)]
struct App {
    auth: Auth,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt()
        .with_env_filter("info,auth_runtime=debug")
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr)
        .init();
    let settings = settings()?;
    let listener = TcpListener::bind(env::var("LISTEN").as_deref().unwrap_or("127.0.0.1:3000")).await?;
    let url = env::var("PUBLIC_URL").unwrap_or(format!("{}://{}", settings.scheme(), listener.local_addr()?));
    let issuer = trusted(&settings, &url).await?;
    // Clients that get a 401 find the issuer by the metadata of this resource (RFC 9728).
    let resource = ProtectedResource::at("/").name("Articles").scope("articles:read");
    let auth =
        Auth::builder().settings(&settings).public_url(&url).protected_resource(resource).trust(issuer).build()?;

    let router = handlers::routes();
    println!("{}\nListening on {}://{}", router.access_matrix(), settings.scheme(), listener.local_addr()?);
    let app = web::hardened(router.with_state(App { auth }), &settings)?;
    Ok(auth_runtime::serve(listener, app).settings(&settings).await?)
}

/// Returns the settings. There is no `SECRET_KEY`: a service that issues no tokens has nothing to sign.
///
/// A debug build without `ENVIRONMENT` takes the machine for a developer's, and accepts plain HTTP.
fn settings() -> Result<Settings, Faults> {
    if cfg!(debug_assertions) && env::var_os("ENVIRONMENT").is_none() {
        let development = |name: &str| (name == "ENVIRONMENT").then(|| "development".to_owned());
        return Settings::verifier_from_lookup(|name| development(name).or_else(|| env::var(name).ok()));
    }
    Settings::verifier_from_env()
}

/// Returns the issuer that this service trusts. `url` is where clients reach the service.
async fn trusted(settings: &Settings, url: &str) -> Result<remote::Issuer, Box<dyn Error>> {
    let Ok(issuer) = env::var("TRUSTED_ISSUER") else {
        if settings.environment() != Environment::Development {
            return Err("TRUSTED_ISSUER is not set. It is the URL of the issuer whose tokens are accepted.".into());
        }
        let (issuer, audience) = for_development(url).await?;
        return Ok(oidc(&issuer, &audience));
    };
    let audience = env::var("TRUSTED_AUDIENCE")
        .map_err(|_| "TRUSTED_AUDIENCE is not set. It is what the issuer's tokens for this service name in `aud`.")?;
    Ok(oidc(&issuer, &audience))
}

/// Returns an issuer with access tokens that follow RFC 9068. `remote::Issuer::keycloak`, `entra`, `auth0` and `google`
/// know the peculiarities of these; nothing else changes with them.
fn oidc(issuer: &str, audience: &str) -> remote::Issuer {
    remote::Issuer::oidc(issuer).audience(audience).roles_at("roles").name(Trusted::Corporate)
}

#[cfg(debug_assertions)]
async fn for_development(url: &str) -> Result<(String, String), Box<dyn Error>> {
    let issuer = issuer::start(url).await?;
    println!("TRUSTED_ISSUER is not set. For development, {issuer} issues tokens to everyone who asks:\n");
    println!("  TOKEN=$(curl -s {issuer}/token -d client_id=alice -d scope=articles:read -d roles=editor)");
    println!("  curl -i {url}/me -H \"authorization: Bearer $TOKEN\"\n");
    Ok((issuer, url.to_owned()))
}

#[cfg(not(debug_assertions))]
async fn for_development(_: &str) -> Result<(String, String), Box<dyn Error>> {
    Err("TRUSTED_ISSUER is not set. Only a debug build has an issuer for development.".into())
}
