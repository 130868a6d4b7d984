use auth_runtime::{auth::DevelopmentEnv, prelude::*, secret::SystemEntropy, store::MemoryStore, web};
use tokio::net::TcpListener;

#[derive(Clone, axum::extract::FromRef)]
struct App {
    auth: Auth,
    accounts: Accounts,
}

#[public(because = "load balancer probe")]
async fn health() {}

#[protected]
#[rate_limit(5/min)]
async fn me(who: Identity) -> String {
    format!("You are user {}.", who.subject())
}

#[require_role("admin")]
async fn report() -> &'static str {
    "All is well."
}

fn routes() -> GuardedRouter<App> {
    account::routes().route("/health", get(health)).route("/me", get(me)).route("/report", get(report))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init(); // Events say why a request was refused.
    DevelopmentEnv::ensure(".env".as_ref(), &SystemEntropy::new())?; // In a debug build, writes a random SECRET_KEY once.
    let settings = Settings::from_env()?;
    let accounts = Accounts::new(MemoryStore::default());
    let auth = Auth::builder().settings(&settings).accounts(&accounts).build()?;
    let listener = TcpListener::bind(std::env::var("LISTEN").as_deref().unwrap_or("127.0.0.1:3000")).await?;
    println!("{}\nListening on {}://{}", routes().access_matrix(), settings.scheme(), listener.local_addr()?);
    let app = web::hardened(routes().with_state(App { auth, accounts }), &settings)?; // Headers, hosts, CORS, HTTPS, …
    Ok(auth_runtime::serve(listener, app).settings(&settings).await?)
}
