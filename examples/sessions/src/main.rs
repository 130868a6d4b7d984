//! A browser application over SQLite or PostgreSQL, as `DATABASE_URL` says. Users see where they are signed in and
//! which programs act for them; see `handlers.rs`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program that people start by hand talks to them")]

mod handlers;
mod mottos;
mod pages;

use std::{
    env,
    error::Error,
    io::{self, IsTerminal},
    path::Path,
    process::ExitCode,
};

use auth_runtime::{
    auth::{DevelopmentEnv, Environment},
    prelude::*,
    secret::SystemEntropy,
    web::{Hardening, SecurityHeaders},
};
use axum::extract::FromRef;
use tokio::net::TcpListener;

use mottos::Mottos;

/// The application's state, from which handlers extract what they need.
#[derive(Clone, FromRef)]
struct App {
    auth: Auth,
    accounts: Accounts,
    mottos: Mottos,
}

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
            eprintln!("sessions: {error}");
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
    let settings = settings()?;
    let database = settings.open_database("sqlite://sessions.db").await?;
    let mottos = Mottos::open(database.clone()).await?;
    let accounts = database.accounts();
    // Browsers send a secure cookie over HTTPS only, and a developer's machine has no HTTPS.
    let over_plain_http = settings.environment() == Environment::Development;
    let auth =
        Auth::builder().settings(&settings).accounts(&accounts).allow_insecure_cookies(over_plain_http).build()?;

    let router = handlers::routes();
    println!("{}", router.access_matrix());

    let listener = TcpListener::bind(env::var("LISTEN").as_deref().unwrap_or("127.0.0.1:3000")).await?;
    println!("Listening on {}://{}", settings.scheme(), listener.local_addr()?);
    let app = router.with_state(App { auth, accounts, mottos });
    let app = Hardening::from_settings(&settings).security_headers(SecurityHeaders::html()).wrap(app)?;
    auth_runtime::serve(listener, app).settings(&settings).await?;
    Ok(())
}

/// Reads the settings from the environment and `.env`. If neither has any, creates a secret for development.
fn settings() -> Result<Settings, Box<dyn Error>> {
    let file = Path::new(".env");
    if DevelopmentEnv::ensure(file, &SystemEntropy::new())? == DevelopmentEnv::Created {
        println!("No .env found: wrote one with a random SECRET_KEY. It is for development; never commit it.");
    }
    Ok(Settings::from_env_and_file(file)?)
}
