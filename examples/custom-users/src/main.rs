//! An application with a `users` table of its own. Its users sign in with their former passwords, and nothing is
//! copied.
//!
//! ```sh
//! cargo run -p custom-users   # creates `app.db` from `seed.sql`, which names the passwords; on http://127.0.0.1:3000
//! DATABASE_URL=sqlite:///srv/app.db cargo run -p custom-users   # with your own database
//! ```
//!
//! | file | contents |
//! |---|---|
//! | `seed.sql` | the database as it was before |
//! | `adopt.sql` | the columns that the table gets |
//! | `user_table.rs` | opens the table |
//! | `user_table/keys.rs` | keeps the keys for sign-in complete, while old code writes |
//! | `user_table/accounts.rs` | the table as an `AccountStore`, for the account endpoints |
//! | `user_table/decisions.rs` | changes that hold only while those whom they rest on keep their rights |
//! | `member.rs` | the application's user type, and the table as a `UserStore`, for `CurrentUser<Member>` |
//! | `handlers.rs` | the routes and their policies |
//! | `error.rs` | the application's own errors |
//!
//! Sessions, failed attempts, one-time tokens and API keys are new to the application. A second file, `auth.db`, keeps
//! them. So the application's database keeps its journal mode, and most sign-ins write nothing to it.
//!
//! # What changes in the table
//!
//! - A sign-in replaces a bcrypt hash in `pw_hash` by an argon2id hash. Old code that verifies
//!   bcrypt hashes must be removed before, or learn argon2id.
//! - `is_disabled` counts at once for sign-in, for refresh tokens and for `CurrentUser<Member>`. An access token stays
//!   valid on handlers that do not load the member, for 15 minutes at most. `POST /members/{id}/disable` ends the
//!   sessions as well, and then the tokens are refused everywhere.
//! - Old code may go on to insert rows and to change addresses. A changed address is no longer verified.
//! - Of two users with addresses that differ in case only, one can sign in. The column `key_problem` marks the other.
//!
//! # Who waits for whom
//!
//! SQLite has one writer at a time. This program's transactions in the table are short: they write one row, or the keys
//! of 200 rows. While old code writes, they wait for five seconds at most, and then the request gets 503.
//!
//! A sign-in looks its user up without writing. If it finds nothing, it writes the keys of rows that old code has
//! written since. While old code still writes, it waits for a second at most, and then the request gets 503. A sign-in
//! that replaces a bcrypt hash writes one row.
//!
//! # The first administrator
//!
//! Appoint the first administrator in the table: `UPDATE users SET roles = '["admin"]' WHERE id = 1`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program that people start by hand talks to them")]

mod error;
mod handlers;
mod member;
mod user_table;

use std::{
    env,
    error::Error,
    io::{self, IsTerminal},
    path::Path,
    process::ExitCode,
    sync::Arc,
};

use auth_runtime::{auth::DevelopmentEnv, prelude::*, secret::SystemEntropy, store::SqliteStore, web};
use axum::extract::FromRef;
use secrecy::ExposeSecret;
use tokio::net::TcpListener;

use member::Member;
use user_table::UserTable;

/// The application's state, which the router has behind an `Arc`.
#[derive(FromRef)]
struct App {
    auth: Auth,
    accounts: Accounts,
    members: Users<Member>,
    table: UserTable,
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
            eprintln!("custom-users: {error}");
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
    let table = match settings.database_url() {
        Some(url) => UserTable::open(url.expose_secret()).await?,
        None => UserTable::open_example(Path::new("app.db")).await?,
    };
    // The accounts come from the application's table, and everything that belongs to them from a store beside it.
    let accounts = Accounts::new(SqliteStore::open("sqlite://auth.db").await?).with_accounts(table.clone());
    let auth = Auth::builder().settings(&settings).accounts(&accounts).build()?;
    let app = Arc::new(App { auth, accounts, members: Users::new(table.clone()), table });

    let router = handlers::routes();
    println!("{}", router.access_matrix());

    let listener = TcpListener::bind(env::var("LISTEN").as_deref().unwrap_or("127.0.0.1:3000")).await?;
    println!("Listening on {}://{}", settings.scheme(), listener.local_addr()?);
    let app = web::hardened(router.with_state(app), &settings)?;
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
