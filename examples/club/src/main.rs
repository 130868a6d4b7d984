//! A club: members come by invitation, have roles, and are looked after on pages that need no script. The README says
//! which file shows what.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program that people start by hand talks to them")]

mod admin;
mod club;
mod dues;
mod endpoints;
mod events;
mod outbox;
mod pages;
mod register;
mod routes;
mod sign_in;

use std::{
    env,
    error::Error,
    fs,
    io::{self, IsTerminal},
    path::Path,
    process::ExitCode,
};

use auth_runtime::{
    account::{Administration, NewInvitation},
    auth::{AuthBuilder, DevelopmentEnv, Environment},
    prelude::*,
    secrecy::ExposeSecret,
    secret::SystemEntropy,
    store::SqliteStore,
    web::{Hardening, SecurityHeaders},
};
use axum::extract::FromRef;
use tokio::net::TcpListener;

use club::Club;
use endpoints::Endpoints;
use outbox::Outbox;
use routes::Role;

/// The application's state, from which handlers extract what they need.
#[derive(Clone, FromRef)]
struct App {
    auth: Auth,
    accounts: Accounts,
    users: Users<Account>,
    club: Club,
    endpoints: Endpoints,
    outbox: Outbox,
}

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter("info,auth_runtime=debug")
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr)
        .init();
    let arguments: Vec<_> = env::args().skip(1).collect();
    match run(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("club: {error}");
            let mut cause = error.source();
            while let Some(error) = cause {
                eprintln!("  because: {error}");
                cause = error.source();
            }
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &[String]) -> Result<(), Box<dyn Error>> {
    let settings = settings()?;
    fs::create_dir_all("club-data")?;
    let url = settings.database_url_or("sqlite://club-data/club.db");
    let store = SqliteStore::open(url.expose_secret()).await?;
    match arguments {
        [] => serve(settings, store).await,
        [command, email, role] if command == "invite" => invite(settings, store, email, role.parse()?).await,
        _ => Err("usage: club [invite <e-mail address> <role>]".into()),
    }
}

async fn serve(settings: Settings, store: SqliteStore) -> Result<(), Box<dyn Error>> {
    let accounts = Accounts::new(store.clone());
    let club = Club::open(&store).await?;
    let outbox = Outbox::default();
    let is_development = settings.environment() == Environment::Development;
    let auth = engine(&settings, &accounts)
        .sign_in_page("/sign-in")
        .signed_in_page("/events")
        // Browsers send a secure cookie over HTTPS only, and a developer's machine has no HTTPS.
        .allow_insecure_cookies(is_development);
    // Without mail, the page of invitations says so. `club invite` works in any case.
    let auth = if is_development { auth.mail(outbox.clone()) } else { auth }.build()?;

    let router = routes::routes(is_development);
    println!("{}", router.access_matrix());

    let listener = TcpListener::bind(env::var("LISTEN").as_deref().unwrap_or("127.0.0.1:3000")).await?;
    println!("Listening on {}://{}", settings.scheme(), listener.local_addr()?);
    let endpoints = Endpoints::new(&auth, &accounts, &club);
    let app = App { auth, users: accounts.users(), accounts, club, endpoints, outbox };
    let headers = SecurityHeaders::html();
    let app = Hardening::from_settings(&settings).security_headers(headers).wrap(router.with_state(app))?;
    auth_runtime::serve(listener, app).settings(&settings).await?;
    Ok(())
}

fn engine(settings: &Settings, accounts: &Accounts) -> AuthBuilder {
    Auth::builder().settings(settings).accounts(accounts)
}

/// Invites a person, and prints the link. The first administrator comes in by this command, not over HTTP.
async fn invite(settings: Settings, store: SqliteStore, email: &str, role: Role) -> Result<(), Box<dyn Error>> {
    let auth = engine(&settings, &Accounts::new(store)).build()?;
    let mut invitation = NewInvitation::new(email);
    invitation.roles = vec![role.to_string()];
    let invited = Administration::new(&auth)?.invite(invitation).await?;
    let token = invited.token.ok_or("the service has sent the invitation itself")?;
    println!("{email} becomes {role} on this page of the club: {}", outbox::link(&token));
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
