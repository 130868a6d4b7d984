use std::collections::HashMap;

use axum::{
    Router,
    extract::Query,
    response::{Html, Redirect},
    routing::get,
};
use tokio::{net::TcpListener, task::JoinHandle};

/// Another site with pages that misuse the visitor's browser. Dropping the value ends its server.
pub(super) struct OtherSite {
    port: u16,
    server: JoinHandle<()>,
}

impl OtherSite {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let pages = Router::new()
            .route("/", get(async || Html(BLANK)))
            .route("/form", get(async || Html(FORM)))
            .route("/fetch", get(async || Html(FETCH)))
            .route("/probe.js", get(async || ([("content-type", "text/javascript")], "window.probed = 1")))
            .route("/go", get(go));
        let server = tokio::spawn(async move { axum::serve(listener, pages).await.unwrap() });
        Self { port, server }
    }

    /// Returns its origin as a different site from the application's.
    pub(super) fn cross_site(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Returns its origin as a different origin on the application's site. Requests of its pages carry the cookie under
    /// every `SameSite` setting.
    pub(super) fn same_site(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for OtherSite {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn go(Query(query): Query<HashMap<String, String>>) -> Redirect {
    Redirect::temporary(&query["to"])
}

/// A page on which the tests run their scripts.
const BLANK: &str = "<!doctype html><title>Another site</title><body></body>";

/// Posts a form to the URL in `to` at once, so that the browser shows the answer.
const FORM: &str = r#"<!doctype html><title>Another site</title><body><script>
    const form = document.createElement("form");
    form.method = "post";
    form.action = new URLSearchParams(location.search).get("to");
    const field = document.createElement("input");
    field.name = "motto";
    field.value = "stolen";
    form.append(field);
    document.body.append(form);
    form.submit();
</script>"#;

/// Sends `method` with `body` to the URL in `to`, with the visitor's cookies. With `mode` set to `no-cors`, the browser
/// sends only requests that a form could send, without a preflight.
const FETCH: &str = r#"<!doctype html><title>Another site</title><body><p>waiting</p><script>
    const { to, method, mode, body } = Object.fromEntries(new URLSearchParams(location.search));
    const say = (word) => { document.querySelector("p").textContent = word; };
    fetch(to, { method, mode, body, credentials: "include" }).then(() => say("an answer"), () => say("no answer"));
</script>"#;
