use serde_json::json;

use super::{application::Application, tab::Tab};

/// Markup that runs as soon as a page interprets it.
const PROBES: [&str; 3] = [
    "<img src=x onerror=\"window.probed=1\">",
    "</td></tr></table><script>window.probed=1</script>",
    "\"><svg/onload=window.probed=1>",
];

#[tokio::test]
async fn typed_markup_is_shown_as_text() {
    let Some(tab) = Tab::open().await else { return };
    let application = Application::start();
    application.register("alice").await;
    for probe in PROBES {
        assert_eq!(application.sign_in("alice", probe, probe).await.status, 200);
    }
    application.sign_in_on(&tab, "alice", PROBES[0]).await;
    tab.find("//section[@id='sessions']//tbody[count(tr)=4]").await;
    shows_as_text(&tab, "#sessions", &PROBES).await;

    tab.fill("set-motto", "A new one", PROBES[0]).await;
    tab.press("Keep it").await;
    tab.find("//blockquote[starts-with(., '<img')]").await;
    shows_as_text(&tab, "#motto", &PROBES[..1]).await;

    // The server writes this page's markup. It runs no script at all, and its style has the nonce.
    tab.goto(&application.url("/motto/print")).await;
    tab.find("//p[starts-with(., '<img')]").await;
    shows_as_text(&tab, "p", &PROBES[..1]).await;
    assert_eq!(tab.script("return getComputedStyle(document.body).textAlign").await, "center");

    tab.goto(&application.url("/keys")).await;
    tab.fill("create", "What it is for", PROBES[1]).await;
    tab.press("Make a key").await;
    tab.find("//section[@id='keys']//tbody[count(tr)=1]").await;
    shows_as_text(&tab, "#keys", &PROBES[1..2]).await;
}

/// Asserts that the page shows the probes as text, that they created no element, and that they did not run.
async fn shows_as_text(tab: &Tab, part: &str, probes: &[&str]) {
    let text = tab.script(&format!("return document.querySelector('{part}').textContent")).await;
    for probe in probes {
        assert!(text.as_str().unwrap().contains(probe), "{probe} in {text}");
    }
    let made = format!("return document.querySelectorAll('{part} :is(img, script, svg)').length");
    assert_eq!(tab.script(&made).await, 0, "{part} has an element of a probe");
    assert_eq!(tab.script("return window.probed ?? null").await, json!(null), "a probe ran");
}

/// The second line of defence, tested alone: the page does interpret a probe as markup.
#[tokio::test]
async fn the_pages_policy_runs_no_script_that_is_written_into_them() {
    let Some(tab) = Tab::open().await else { return };
    let application = Application::start();
    tab.goto(&application.url("/")).await;
    let insert = "const done = new Promise((resolve) => addEventListener('securitypolicyviolation', resolve)); \
                  document.body.insertAdjacentHTML('beforeend', '<img src=\"/none\" onerror=\"window.probed=1\">'); \
                  return done.then((violation) => violation.effectiveDirective)";
    assert_eq!(tab.script(insert).await, "script-src-attr");
    assert_eq!(tab.script("return window.probed ?? null").await, json!(null));
}
