use auth_tests::http::Answer;

use super::{
    application::{Application, cookie_in},
    tab::Tab,
};

const ROWS: &str = "//section[@id='keys']//tbody";

#[tokio::test]
async fn a_key_from_the_page_works_for_programs_until_it_is_revoked() {
    let Some(tab) = Tab::open().await else { return };
    let application = Application::start();
    signed_in_on_keys(&application, &tab).await;

    let key = make(&tab, "nightly export").await;
    let row = tab.text(&format!("{ROWS}/tr")).await;
    assert!(row.contains("nightly export") && row.contains(&key[..12]) && !row.contains(&key), "{row}");
    let answer = with_key(&application, &key).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "carpe diem"));
    // The key is for programs and the cookie for pages. Neither works in the other's place.
    let with_cookie = application.get("/api/motto", &cookie_in(&tab).await).await;
    with_cookie.assert_problem(403, "credential-kind");
    let on_a_page = application.call("GET", "/motto").header("x-api-key", &key).send().await;
    on_a_page.assert_problem(403, "credential-kind");

    tab.goto(&application.url("/keys")).await;
    tab.find(&format!("{ROWS}[count(tr)=1]")).await;
    assert!(!tab.page().await.contains(&key), "it is shown once");
    tab.press("Revoke").await;
    tab.find(&format!("{ROWS}/tr//mark[.='ended']")).await;
    with_key(&application, &key).await.assert_problem(401, "invalid-token");
}

#[tokio::test]
async fn rotating_gives_a_second_key_and_lets_the_first_work_on() {
    let Some(tab) = Tab::open().await else { return };
    let application = Application::start();
    signed_in_on_keys(&application, &tab).await;
    let old = make(&tab, "nightly export").await;

    tab.press("Rotate").await;
    tab.find(&format!("{ROWS}[count(tr)=2]")).await;
    let new = tab.text("//p[@id='made']/output").await;
    assert_ne!(new, old);
    for key in [&old, &new] {
        assert_eq!(with_key(&application, key).await.status, 200);
    }
    // The old key can be revoked, but not rotated again.
    tab.click(&format!("{ROWS}/tr[not(.//button[.='Rotate'])]//button[.='Revoke']")).await;
    tab.find(&format!("{ROWS}/tr//mark[.='ended']")).await;
    with_key(&application, &old).await.assert_problem(401, "invalid-token");
    assert_eq!(with_key(&application, &new).await.status, 200);

    tab.press("Sign out").await;
    tab.find("//h1[.='Sign in']").await;
    let left = tab.script("return document.documentElement.outerHTML").await;
    assert!(!left.as_str().unwrap().contains(&new), "the page still shows the previous user's key");
}

#[tokio::test]
async fn the_page_states_the_fault_of_a_new_key() {
    let Some(tab) = Tab::open().await else { return };
    let application = Application::start();
    signed_in_on_keys(&application, &tab).await;
    tab.fill("create", "What it is for", " ").await;
    tab.press("Make a key").await;
    let trouble = tab.text("//p[@id='trouble']").await;
    assert!(trouble.contains("name must be 1 to 100 characters"), "{trouble}");
}

async fn signed_in_on_keys(application: &Application, tab: &Tab) {
    application.register("alice").await;
    application.sign_in_on(tab, "alice", "").await;
    tab.fill("set-motto", "A new one", "carpe diem").await;
    tab.press("Keep it").await;
    tab.find("//blockquote[.='carpe diem']").await;
    tab.click("//a[.='API keys']").await;
    tab.find("//h1[.='API keys']").await;
}

/// Creates the first key on the page, and returns it.
async fn make(tab: &Tab, name: &str) -> String {
    tab.fill("create", "What it is for", name).await;
    tab.press("Make a key").await;
    tab.find(&format!("{ROWS}[count(tr)=1]")).await;
    tab.text("//p[@id='made']/output").await
}

async fn with_key(application: &Application, key: &str) -> Answer {
    application.call("GET", "/api/motto").header("x-api-key", key).send().await
}
