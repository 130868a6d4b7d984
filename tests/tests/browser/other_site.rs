use axum::{Router, response::Html, routing::get};
use tokio::{net::TcpListener, task::JoinHandle};

/// A site of somebody else, whose pages use the browser of whoever visits them. Ends with the value.
pub(super) struct OtherSite {
    port: u16,
    server: JoinHandle<()>,
}

impl OtherSite {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let pages = Router::new().route("/form", get(async || Html(FORM))).route("/fetch", get(async || Html(FETCH)));
        let server = tokio::spawn(async move { axum::serve(listener, pages).await.unwrap() });
        Self { port, server }
    }

    /// Its origin as another site than the application's.
    pub(super) fn cross_site(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Its origin as another one on the application's site. Such pages' requests carry the cookie, whatever `SameSite` says.
    pub(super) fn same_site(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for OtherSite {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Posts a form to the URL in `to` at once, and so leads the visitor to the answer.
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

/// Sends `method` with `body` to the URL in `to`, with the visitor's cookies. `mode` says whether the answer is asked for:
/// `no-cors` sends what forms can send, without asking first.
const FETCH: &str = r#"<!doctype html><title>Another site</title><body><p>waiting</p><script>
    const { to, method, mode, body } = Object.fromEntries(new URLSearchParams(location.search));
    const say = (word) => { document.querySelector("p").textContent = word; };
    fetch(to, { method, mode, body, credentials: "include" }).then(() => say("sent"), () => say("not sent"));
</script>"#;
