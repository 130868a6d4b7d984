//! The guide's recipe for a front end on another origin: its settings and its script, under its addresses.

use auth_runtime::serve::serve;
use auth_tests::{markdown::blocks, program::Running, read, root};
use axum::{Router, response::Html, routing::get};
use serde_json::json;
use tokio::net::TcpListener;

use super::{
    application::PASSWORD,
    service::{TRUSTED_KEY, mapped, tls_file},
    tab::Tab,
};

/// The recipe's settings and script.
struct Recipe {
    settings: Vec<(String, String)>,
    script: String,
}

impl Recipe {
    fn of_the_guide() -> Self {
        let page = read(&root().join("auth-runtime/docs/guide/browsers.md"));
        let (_, section) = page.split_once("\n## A front end on another origin\n").unwrap();
        let section = section.split("\n## ").next().unwrap();
        let text = |language| blocks(section).into_iter().find(|block| block.language == language).unwrap().text;
        let settings = text("env");
        let settings = settings.lines().filter_map(|line| line.split_once('='));
        let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Self { settings, script: text("js") }
    }

    /// Starts the `sessions` program in production on this host, without one of the settings.
    fn service(&self, host: &str, without: &str) -> Running {
        let address = format!("https://{host}");
        let (certificate, key) = (tls_file("certificate.pem"), tls_file("key.pem"));
        let production = [
            ("ENVIRONMENT", "production"),
            ("SECRET_KEY", "kD0v9yqXb2m4Jt7Zr1sLw8aEcU5nHf3gPiQo6TjRxYV"),
            ("ISSUER", &address),
            ("AUDIENCE", &address),
            ("ALLOWED_HOSTS", host),
            ("TLS_CERT", certificate.to_str().unwrap()),
            ("TLS_KEY", key.to_str().unwrap()),
        ];
        let own = self.settings.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let own = own.filter(|(name, _)| *name != without);
        Running::start("sessions", &production.into_iter().chain(own).collect::<Vec<_>>())
    }
}

/// Serves an empty page over HTTPS, and returns the port.
async fn front_end() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let page = Router::new().route("/", get(async || Html("<!doctype html><title>The front end</title>")));
    let server = serve(listener, page).tls(tls_file("certificate.pem"), tls_file("key.pem"));
    tokio::spawn(server.into_future());
    port
}

#[tokio::test]
async fn the_recipe_works_and_each_of_its_lines_is_needed() {
    let recipe = Recipe::of_the_guide();
    let names: Vec<_> = recipe.settings.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["ALLOWED_ORIGINS", "CORS_ALLOW_CREDENTIALS", "CSRF_TRUSTED_ORIGINS"]);
    let front_end = front_end().await;
    // What happens without each line: the browser keeps the answers, or the guard refuses the request.
    let trials = [
        ("api.example.com", "", "signed in as alice, signed out"),
        ("api-1.example.com", "ALLOWED_ORIGINS", "TypeError"),
        ("api-2.example.com", "CORS_ALLOW_CREDENTIALS", "TypeError"),
        ("api-3.example.com", "CSRF_TRUSTED_ORIGINS", "cross-site"),
    ];
    let services = trials.map(|(host, without, _)| recipe.service(host, without));
    let hosts: Vec<_> =
        trials.iter().zip(&services).map(|((host, ..), service)| (*host, service.address().port())).collect();
    let hosts = mapped(&[&[("app.example.com", front_end)], &hosts[..]].concat());
    let Some(tab) = Tab::open_with(&[&hosts, TRUSTED_KEY]).await else { return };
    let alice = json!({ "username": "alice", "email": "alice@example.org", "password": PASSWORD });
    for (host, without, outcome) in trials {
        tab.goto("https://app.example.com/").await;
        let script = recipe.script.replace("api.example.com", host);
        let told = tab
            .script(&format!(
                "{script}
                 return (async () => {{
                   await call('POST', '/auth/register', {alice});
                   await signIn('alice', '{PASSWORD}');
                   const {{ username }} = await call('GET', '/auth/me');
                   await signOut();
                   const after = await call('GET', '/auth/me').catch((problem) => problem.code);
                   return after === 'unauthenticated' ? `signed in as ${{username}}, signed out` : after;
                 }})().catch((error) => error.code ?? error.name)"
            ))
            .await;
        assert_eq!(told, outcome, "without {without:?}");
    }
}
