//! Members show pictures to each other and comment on them, on pages that the server makes. The README says which file
//! shows what.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program that people start by hand talks to them")]

mod comments;
mod join;
mod pages;
mod pictures;
mod routes;
mod shelf;

use std::{
    env,
    error::Error,
    fs,
    io::{self, IsTerminal},
    path::Path,
    process::ExitCode,
};

use auth_runtime::{
    account::Administration,
    auth::{DevelopmentEnv, Environment},
    prelude::*,
    secrecy::ExposeSecret,
    secret::SystemEntropy,
    store::SqliteStore,
    upload::Uploads,
    web::{Hardening, SecurityHeaders},
};
use axum::extract::FromRef;
use tokio::net::TcpListener;

use routes::Role;
use shelf::Shelf;

/// The application's state, from which handlers extract what they need.
#[derive(Clone, FromRef)]
struct App {
    auth: Auth,
    accounts: Accounts,
    users: Users<Account>,
    uploads: Uploads,
    shelf: Shelf,
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
            eprintln!("gallery: {error}");
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
    fs::create_dir_all("gallery-data/pictures")?;
    let url = settings.database_url_or("sqlite://gallery-data/gallery.db");
    let store = SqliteStore::open(url.expose_secret()).await?;
    match arguments {
        [] => serve(settings, store).await,
        [command, login, role] if command == "grant" => grant(settings, store, login, role.parse()?).await,
        _ => Err("usage: gallery [grant <user name or e-mail> <role>]".into()),
    }
}

async fn serve(settings: Settings, store: SqliteStore) -> Result<(), Box<dyn Error>> {
    let accounts = Accounts::new(store.clone());
    // Browsers send a secure cookie over HTTPS only, and a developer's machine has no HTTPS.
    let over_plain_http = settings.environment() == Environment::Development;
    let auth =
        Auth::builder().settings(&settings).accounts(&accounts).allow_insecure_cookies(over_plain_http).build()?;
    let app = App {
        auth,
        users: accounts.users(),
        accounts,
        // Beside the pictures, so that a file which has passed the checks is only renamed.
        uploads: Uploads::in_folder("gallery-data/spool")?,
        shelf: Shelf::open(&store, "gallery-data/pictures").await?,
    };

    let router = routes::routes();
    println!("{}", router.access_matrix());

    let listener = TcpListener::bind(env::var("LISTEN").as_deref().unwrap_or("127.0.0.1:3000")).await?;
    println!("Listening on {}://{}", settings.scheme(), listener.local_addr()?);
    let headers = SecurityHeaders::html();
    let app = Hardening::from_settings(&settings).security_headers(headers).wrap(router.with_state(app))?;
    auth_runtime::serve(listener, app).settings(&settings).await?;
    Ok(())
}

/// Grants a role. The first moderator is appointed on the server, not over HTTP.
async fn grant(settings: Settings, store: SqliteStore, login: &str, role: Role) -> Result<(), Box<dyn Error>> {
    let accounts = Accounts::new(store);
    let auth = Auth::builder().settings(&settings).accounts(&accounts).build()?;
    let account = accounts.accounts().find_by_login(login).await?.ok_or("there is no such account")?;
    Administration::new(&auth)?.set_roles(&account.id, [role.to_string()]).await?;
    println!("{} is {role} now.", account.username);
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
