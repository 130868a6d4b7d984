//! An API that knows the users of a better-auth server. `examples/better-auth/start` starts both, with a page.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program that people start by hand talks to them")]

mod handlers;

use std::{
    env,
    error::Error,
    io::{self, IsTerminal},
    process::ExitCode,
};

use auth_runtime::{auth::Environment, prelude::*, remote::Issuer, web::Hardening};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter("info,auth_runtime=debug")
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr)
        .init();
    match serve().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("better-auth-users: {error}");
            let mut cause = error.source();
            while let Some(error) = cause {
                eprintln!("  because: {error}");
                cause = error.source();
            }
            ExitCode::FAILURE
        }
    }
}

async fn serve() -> Result<(), Box<dyn Error>> {
    let settings = Settings::verifier_from_env()?;
    let users = Issuer::better_auth(env::var("BETTER_AUTH_URL")?);
    // The page stands on another origin of the same site. A developer's machine has no HTTPS.
    let over_plain_http = settings.environment() == Environment::Development;
    let auth = Auth::builder().settings(&settings).trust(users).allow_insecure_cookies(over_plain_http).build()?;

    let router = handlers::routes();
    println!("{}", router.access_matrix());
    let listener = TcpListener::bind(env::var("LISTEN").as_deref().unwrap_or("127.0.0.1:3001")).await?;
    println!("Listening on {}://{}", settings.scheme(), listener.local_addr()?);
    let app = Hardening::from_settings(&settings).wrap(router.with_state(auth))?;
    auth_runtime::serve(listener, app).settings(&settings).await?;
    Ok(())
}
