//! The peer of the quickstart: a notes API over SQLite or PostgreSQL, with its accounts, roles and tokens by hand.
//!
//! It has the routes that most services begin with, and none of the quickstart's limits, deadlines, revocations,
//! browser sessions, header fields and TLS.

mod accounts;
mod caller;
mod database;
mod notes;
mod problem;

use std::{env, error::Error, sync::Arc};

use axum::{
    Router,
    extract::{FromRef, State},
    routing::{get, post},
};
use tokio::net::TcpListener;

use crate::{
    caller::Tokens,
    database::Database,
    problem::{Answer, Problem},
};

/// The application's state, from which handlers extract what they need.
#[derive(Clone, FromRef)]
struct App {
    database: Database,
    tokens: Arc<Tokens>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_env_filter("info").init();
    let secret = env::var("SECRET_KEY").map_err(|_| "SECRET_KEY is not set")?;
    if secret.len() < 32 {
        return Err("SECRET_KEY is shorter than 32 bytes".into());
    }
    let url = env::var("DATABASE_URL").unwrap_or_else(|_| "sqlite://hand-written.db".to_owned());
    let database = Database::open(&url).await?;
    match env::args().skip(1).collect::<Vec<_>>().as_slice() {
        [] => {}
        [command, login, role] if command == "grant" => return Ok(accounts::grant(&database, login, role).await?),
        _ => return Err("usage: hand-written [grant <user name> <role>]".into()),
    }
    let app = App { database, tokens: Arc::new(Tokens::new(secret.as_bytes())) };
    let router = Router::new()
        .route("/health", get(async || "ok"))
        .route("/readyz", get(ready))
        .route("/notes", get(notes::list).post(notes::add))
        .route("/notes/{id}", get(notes::read).delete(notes::delete))
        .route("/admin/notes", get(notes::all))
        .route("/auth/register", post(accounts::register))
        .route("/auth/login", post(accounts::login))
        .route("/auth/refresh", post(accounts::refresh))
        .route("/auth/logout", post(accounts::logout))
        .route("/auth/password", post(accounts::change_password))
        .route("/auth/me", get(accounts::me))
        .with_state(app);
    let listener = TcpListener::bind(env::var("LISTEN").as_deref().unwrap_or("127.0.0.1:3000")).await?;
    tracing::info!(address = %listener.local_addr()?, "listening");
    Ok(axum::serve(listener, router).await?)
}

async fn ready(State(database): State<Database>) -> Answer<&'static str> {
    database.ping().await.map_err(Problem::from)?;
    Ok("ok")
}
