//! Requests of pages of other origins, as Chromium sends them and lets pages read the answers.

use serde_json::{Value, json};

use super::{other_site::OtherSite, service::Service, tab::Tab};

const CREDENTIALS: [&str; 2] = ["omit", "include"];

const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"];

/// Header fields, and whether a page may send them.
const FIELDS: [(&str, &str, Field); 11] = [
    ("accept", "text/plain", Field::Safelisted),
    ("accept-language", "en", Field::Safelisted),
    ("content-language", "en", Field::Safelisted),
    ("content-type", "text/plain;charset=utf-8", Field::Safelisted),
    ("content-type", "application/x-www-form-urlencoded", Field::Safelisted),
    ("content-type", "application/json", Field::Allowed),
    ("authorization", "Bearer x", Field::Allowed),
    ("x-api-key", "x", Field::Allowed),
    ("x-csrf-token", "x", Field::Allowed),
    // The quotes make the value unsafe, so the field needs a preflight request.
    ("accept", "text/plain;q=\"1\"", Field::Other),
    ("x-other", "x", Field::Other),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    /// Needs no preflight request, by the Fetch standard.
    Safelisted,
    /// `web::hardened` allows it.
    Allowed,
    Other,
}

struct Page {
    origin: String,
    is_allowed: bool,
    /// Whether the browser sends the cookie, which is `SameSite=Lax`.
    is_same_site: bool,
}

#[derive(Debug)]
struct Request {
    number: usize,
    credentials: &'static str,
    method: &'static str,
    field: (&'static str, &'static str, Field),
}

/// What became of a request.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    is_handled: bool,
    has_cookie: bool,
    is_readable: bool,
}

impl Request {
    /// What the Fetch standard says for an answer as the settings mean it.
    fn expected(&self, page: &Page, takes_credentials: bool) -> Outcome {
        let is_shared = page.is_allowed && (takes_credentials || self.credentials == "omit");
        let is_safelisted = ["GET", "HEAD", "POST"].contains(&self.method);
        let needs_preflight = !is_safelisted || self.field.2 != Field::Safelisted;
        // The path takes no `PATCH`, although another path does.
        let is_permitted = self.method != "PATCH" && self.field.2 != Field::Other;
        let is_handled = !needs_preflight || is_shared && is_permitted;
        Outcome {
            is_handled,
            has_cookie: is_handled && self.credentials == "include" && page.is_same_site,
            is_readable: is_handled && is_shared,
        }
    }
}

/// Origin × credentials × method × field, in the manner of the web-platform tests.
#[tokio::test]
async fn the_matrix_of_origins_credentials_methods_and_fields() {
    let Some(tab) = Tab::open().await else { return };
    let (allowed, refused) = (OtherSite::start().await, OtherSite::start().await);
    let page = |origin, is_allowed, is_same_site| Page { origin, is_allowed, is_same_site };
    let pages = [
        page(allowed.same_site(), true, true),
        page(allowed.cross_site(), true, false),
        page(refused.same_site(), false, true),
        page(refused.cross_site(), false, false),
    ];
    let origins = [allowed.same_site(), allowed.cross_site()].join(",");
    for takes_credentials in [false, true] {
        let credentials = if takes_credentials { "true" } else { "false" };
        let service = Service::start(&[("ALLOWED_ORIGINS", &origins), ("CORS_ALLOW_CREDENTIALS", credentials)]).await;
        tab.goto(&service.url("/cookie")).await;
        for (at, page) in pages.iter().enumerate() {
            tab.goto(&page.origin).await;
            let requests = requests(at * 1_000);
            let readable = send(&tab, &service.url("/target"), &requests).await;
            for (request, is_readable) in requests.iter().zip(readable) {
                let (is_handled, has_cookie) = service.seen.case(request.number);
                let outcome = Outcome { is_handled, has_cookie, is_readable };
                let expected = request.expected(page, takes_credentials);
                assert_eq!(outcome, expected, "{} sends {request:?}, credentials: {credentials}", page.origin);
            }
        }
    }
}

fn requests(first: usize) -> Vec<Request> {
    let mut requests = Vec::new();
    for credentials in CREDENTIALS {
        for method in METHODS {
            for field in FIELDS {
                requests.push(Request { number: first + requests.len(), credentials, method, field });
            }
        }
    }
    requests
}

/// Sends the requests from the tab's page, and returns whether the page reads each answer.
///
/// The page reads the fields that are exposed to it, and no others.
async fn send(tab: &Tab, target: &str, requests: &[Request]) -> Vec<bool> {
    let requests: Vec<_> = requests
        .iter()
        .map(|Request { number, credentials, method, field }| {
            json!({ "url": format!("{target}?case={number}"), "credentials": credentials, "method": method,
                    "headers": { field.0: field.1 } })
        })
        .collect();
    let script = format!(
        "const read = (answer) => \
           answer.status === 200 ? answer.headers.has('x-request-id') && !answer.headers.has('x-total') : answer.status; \
         const blocked = (error) => error instanceof TypeError ? false : String(error); \
         return Promise.all({}.map(({{ url, ...options }}) => fetch(url, options).then(read, blocked)))",
        Value::from(requests)
    );
    let answers = tab.script(&script).await;
    answers.as_array().unwrap().iter().map(|answer| answer.as_bool().unwrap_or_else(|| panic!("{answer}"))).collect()
}
