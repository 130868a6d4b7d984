//! A small notes API over SQLite or PostgreSQL, as `DATABASE_URL` says. Every handler declares who may call it and how
//! often; see `handlers.rs`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program that people start by hand talks to them")]

mod handlers;
mod notes;

use std::{
    env,
    error::Error,
    fs::File,
    io::{self, IsTerminal},
    path::Path,
    process::ExitCode,
};

use auth_runtime::{
    account::{Administration, Importer},
    auth::DevelopmentEnv,
    prelude::*,
    secret::SystemEntropy,
    store::Database,
    web,
};
use axum::extract::FromRef;
use tokio::net::TcpListener;

use handlers::Role;
use notes::Notes;

/// The application's state, from which handlers extract what they need.
#[derive(Clone, FromRef)]
struct App {
    auth: Auth,
    accounts: Accounts,
    notes: Notes,
}

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter("info,auth_runtime=debug")
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr)
        .init();
    match run(&env::args().skip(1).collect::<Vec<_>>()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("quickstart: {error}");
            let mut cause = error.source();
            while let Some(error) = cause {
                eprintln!("  because: {error}");
                cause = error.source();
            }
            ExitCode::FAILURE
        }
    }
}

const USAGE: &str = "usage: quickstart [grant <user name or e-mail> <role> | import <users.csv> [--dry-run]]";

async fn run(arguments: &[String]) -> Result<(), Box<dyn Error>> {
    match arguments {
        [] => {
            let (settings, database) = open().await?;
            serve(settings, database).await
        }
        [command, login, role] if command == "grant" => {
            let (settings, database) = open().await?;
            grant(settings, database, login, role.parse()?).await
        }
        [command, file, options @ ..] if command == "import" && matches!(options, [] | [_]) => {
            let dry_run = match options {
                [option] if option != "--dry-run" => return Err(USAGE.into()),
                options => !options.is_empty(),
            };
            let (settings, database) = open().await?;
            import(settings, database, Path::new(file), dry_run).await
        }
        _ => Err(USAGE.into()),
    }
}

async fn open() -> Result<(Settings, Database), Box<dyn Error>> {
    let file = Path::new(".env");
    if DevelopmentEnv::ensure(file, &SystemEntropy::new())? == DevelopmentEnv::Created {
        println!("No .env found: wrote one with a random SECRET_KEY. It is for development; never commit it.");
    }
    let settings = Settings::from_env_and_file(file)?;
    let database = settings.open_database("sqlite://quickstart.db").await?;
    Ok((settings, database))
}

async fn serve(settings: Settings, database: Database) -> Result<(), Box<dyn Error>> {
    let notes = Notes::open(database.clone()).await?;
    let accounts = database.accounts();
    let auth = Auth::builder().settings(&settings).accounts(&accounts).allow_password_grant(true).build()?;
    let app = App { auth, accounts, notes };

    let router = handlers::routes();
    println!("{}", router.access_matrix());

    let listener = TcpListener::bind(env::var("LISTEN").as_deref().unwrap_or("127.0.0.1:3000")).await?;
    println!("Listening on {}://{}", settings.scheme(), listener.local_addr()?);
    let app = web::hardened(router.with_state(app), &settings)?;
    auth_runtime::serve(listener, app).settings(&settings).await?;
    Ok(())
}

/// Grants a role. The first administrator is appointed on the server, not over HTTP.
async fn grant(settings: Settings, database: Database, login: &str, role: Role) -> Result<(), Box<dyn Error>> {
    let accounts = database.accounts();
    let auth = Auth::builder().settings(&settings).accounts(&accounts).build()?;
    let account = accounts.accounts().find_by_login(login).await?.ok_or("there is no such account")?;
    Administration::new(&auth)?.set_roles(&account.id, [role.to_string()]).await?;
    println!("{} is {role} now; older access tokens are refused within seconds, new ones show it.", account.username);
    Ok(())
}

/// Accounts of another system, with their passwords as it has hashed them.
async fn import(settings: Settings, database: Database, file: &Path, dry_run: bool) -> Result<(), Box<dyn Error>> {
    let auth = Auth::builder().settings(&settings).accounts(&database.accounts()).build()?;
    let importer = Importer::new(&auth)?.with_known_roles(|role| role.parse::<Role>().is_ok());
    let plan = importer.check(File::open(file)?).await?;
    println!("{} accounts to create, {} are there already.", plan.to_create(), plan.already_there());
    if dry_run {
        println!("Nothing was written.");
    } else {
        println!("{} accounts created.", plan.write().await?);
    }
    Ok(())
}
