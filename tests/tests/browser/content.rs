//! What the headers of a page keep the browser from doing, and the reports of it.

use auth_runtime::web::{Csp, Directive, SecurityHeaders, Source};
use auth_tests::http::encoded;
use serde_json::Value;

use super::{
    other_site::OtherSite,
    service::{PRODUCTION, Service, TRUSTED_KEY, mapped},
    tab::Tab,
};

/// Lets the browser send its reports at once, and not after a minute.
const REPORTS_AT_ONCE: &str = "--short-reporting-delay";

/// Markup that a user typed, and the directive that blocks it. `OTHER` is the origin of another site.
const INJECTED: [(&str, &str); 15] = [
    ("<script>window.probed = 1</script>", "script-src-elem"),
    ("<script nonce='AAAAAAAAAAAAAAAAAAAAAA'>window.probed = 1</script>", "script-src-elem"),
    ("<script nonce=''>window.probed = 1</script>", "script-src-elem"),
    ("<script src='OTHER/probe.js'></script>", "script-src-elem"),
    ("<script src='/target'></script>", "script-src-elem"),
    ("<script src='data:text/javascript,window.probed=1'></script>", "script-src-elem"),
    ("<iframe src='javascript:parent.probed = 1'></iframe>", "script-src-elem"),
    ("<img src='data:x' onerror='window.probed = 1'>", "script-src-attr"),
    ("<svg onload='window.probed = 1'></svg>", "script-src-attr"),
    ("<style>body { display: none }</style>", "style-src-elem"),
    ("<base href='OTHER'>", "base-uri"),
    ("<img src='OTHER/probe.js'>", "img-src"),
    ("<object data='/target'></object>", "object-src"),
    ("<iframe src='OTHER'></iframe>", "frame-src"),
    ("<form method='post' action='OTHER/form'></form>", "form-action"),
];

#[tokio::test]
async fn injected_content_is_blocked_and_reported() {
    let other = OtherSite::start().await;
    let headers = SecurityHeaders::html().csp(Csp::html().report_to("/csp-reports").unwrap());
    let service = Service::start_with(&PRODUCTION, headers).await;
    let hosts = mapped(&[("shop.example:443", service.tls_port)]);
    let Some(tab) = Tab::open_with(&[REPORTS_AT_ONCE, &hosts, TRUSTED_KEY]).await else { return };
    for (markup, directive) in INJECTED {
        let markup = markup.replace("OTHER", &other.cross_site());
        is_blocked(&tab, "https://shop.example", &markup, directive).await;
    }
    tab.goto("https://shop.example/old-page").await;
    let expected = INJECTED.map(|(_, directive)| format!("directive={directive:?}"));
    let mut expected: Vec<_> = expected.iter().map(String::as_str).collect();
    expected.extend(["page=\"https://shop.example/page\"", "page=\"https://shop.example/old-page\""]);
    let reports = service.reports(&expected).await;
    // The query of a page's address may be a secret, and browsers send it.
    assert!(!reports.contains("text="), "{reports}");
    assert!(reports.contains(&format!("blocked={:?}", format!("{}/probe.js", other.cross_site()))), "{reports}");
}

/// Chromium sends reports by `report-to` over HTTPS only.
#[tokio::test]
async fn reports_come_on_a_developers_machine_too() {
    let headers = SecurityHeaders::html().csp(Csp::html().report_to("/csp-reports").unwrap());
    let service = Service::start_with(&[], headers).await;
    let Some(tab) = Tab::open_with(&[REPORTS_AT_ONCE]).await else { return };
    let (markup, directive) = INJECTED[0];
    is_blocked(&tab, &service.url(""), markup, directive).await;
    service.reports(&[&format!("directive={directive:?}")]).await;
}

/// Before it sends a report to another origin, the browser asks by a preflight request.
#[tokio::test]
async fn reports_go_to_another_service_that_allows_the_pages_origin() {
    let csp = Csp::html().report_to("https://reports.example/csp-reports").unwrap();
    let shop = Service::start_with(&PRODUCTION, SecurityHeaders::html().csp(csp)).await;
    let own = [("ALLOWED_HOSTS", "reports.example"), ("ALLOWED_ORIGINS", "https://shop.example")];
    let reports = Service::start(&[&own, &PRODUCTION[..]].concat()).await;
    let hosts = mapped(&[("shop.example:443", shop.tls_port), ("reports.example:443", reports.tls_port)]);
    let Some(tab) = Tab::open_with(&[REPORTS_AT_ONCE, &hosts, TRUSTED_KEY]).await else { return };
    let (markup, directive) = INJECTED[0];
    is_blocked(&tab, "https://shop.example", markup, directive).await;
    reports.reports(&["page=\"https://shop.example/page\""]).await;
}

/// Asserts that the page's own script runs and the typed one does not, and that the browser names the directive.
async fn is_blocked(tab: &Tab, service: &str, markup: &str, directive: &str) {
    tab.goto(&format!("{service}/page?text={}", encoded(markup))).await;
    assert_eq!(tab.script(&format!("document.forms[0]?.submit(); {FIRST_VIOLATION}")).await, directive, "{markup}");
    assert_eq!(tab.script("return window.probed ?? null").await, Value::Null, "{markup}");
}

/// Waits for the first entry that the page's own script adds.
const FIRST_VIOLATION: &str = "return new Promise((resolve) => { const look = () => \
    window.violations.length ? resolve(window.violations[0]) : setTimeout(look, 5); look(); })";

/// A page in a frame could be covered by another one, and get the visitor's clicks.
#[tokio::test]
async fn pages_are_shown_in_no_frame_unless_the_policy_names_the_outer_page() {
    let Some(tab) = Tab::open().await else { return };
    let site = OtherSite::start().await;
    let frame_ancestors =
        |source: Source| SecurityHeaders::html().csp(Csp::html().set(Directive::FrameAncestors, [source]));
    let outer = || Source::host(site.cross_site()).unwrap();
    for (headers, is_shown) in [
        (SecurityHeaders::html(), false),
        (SecurityHeaders::api(), false),
        (frame_ancestors(Source::SELF), false),
        (frame_ancestors(outer()), true),
    ] {
        let service = Service::start_with(&[], headers).await;
        tab.goto(&site.cross_site()).await;
        // A refused page loads as an empty one. A page that is shown tells it before it has loaded.
        let script = format!(
            "let told = false; addEventListener('message', () => {{ told = true; }}); \
             const frame = document.createElement('iframe'); frame.src = '{}'; \
             const loaded = new Promise((resolve) => {{ frame.onload = resolve; }}); document.body.append(frame); \
             return loaded.then(() => new Promise((resolve) => setTimeout(() => resolve(told), 50)))",
            service.url("/page?text=x")
        );
        assert_eq!(tab.script(&script).await, is_shown);
    }
}

#[tokio::test]
async fn trusted_types_and_strict_dynamic_decide_what_a_pages_own_script_may_do() {
    let Some(tab) = Tab::open().await else { return };
    let other = OtherSite::start().await;
    let csp = Csp::html().strict_dynamic().trusted_types(["app"]).unwrap();
    let service = Service::start_with(&[], SecurityHeaders::html().csp(csp)).await;
    tab.goto(&service.url("/page?text=x")).await;
    let probe = format!("{}/probe.js", other.cross_site());
    for (script, outcome) in [
        ("document.body.innerHTML = '<b>typed</b>'".to_owned(), "TypeError"),
        ("setTimeout('window.probed = 1')".to_owned(), "TypeError"),
        (format!("document.createElement('script').src = '{probe}'"), "TypeError"),
        ("trustedTypes.createPolicy('other', {})".to_owned(), "TypeError"),
        (
            "window.app = trustedTypes.createPolicy('app', { createHTML: () => '<i>safe</i>', createScriptURL: (url) => url }); \
             document.body.innerHTML = app.createHTML('<b>typed</b>')"
                .to_owned(),
            "<i>safe</i>",
        ),
        // `strict-dynamic`: a script that the page's own script loads runs, from any host.
        (
            format!(
                "const script = document.createElement('script'); script.src = app.createScriptURL('{probe}'); \
                 window.loaded = new Promise((resolve) => {{ script.onload = resolve; }}); \
                 document.body.append(script)"
            ),
            "<i>safe</i>",
        ),
    ] {
        let tried = format!("try {{ {script} }} catch (error) {{ return error.name }} return document.body.innerHTML.slice(0, 11)");
        assert_eq!(tab.script(&tried).await, outcome, "{script}");
    }
    assert_eq!(tab.script("return loaded.then(() => window.probed)").await, 1);
}
