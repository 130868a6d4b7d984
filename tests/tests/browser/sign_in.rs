use super::{
    application::{Application, PASSWORD, cookie_in},
    tab::Tab,
};

#[tokio::test]
async fn a_person_opens_an_account_and_sees_the_session_that_no_script_can_read() {
    let Some(tab) = Tab::open().await else { return };
    let application = Application::start();
    tab.goto(&application.url("/")).await;
    tab.see("Sign in").await;
    assert_eq!(tab.cookies().await.len(), 0);

    tab.click("//summary").await;
    tab.fill("register", "User name", "alice").await;
    tab.fill("register", "E-mail", "alice@example.org").await;
    tab.fill("register", "Password", PASSWORD).await;
    tab.press("Open the account").await;

    tab.find("//strong[@id='who'][.='alice']").await;
    let row = tab.text("//section[@id='sessions']//tbody[count(tr)=1]/tr").await;
    assert!(row.contains("HeadlessChrome") && row.contains("127.0.0.1") && row.contains("this one"), "{row}");

    let cookies = tab.cookies().await;
    assert_eq!(cookies.len(), 1, "{cookies:?}");
    let cookie = &cookies[0];
    assert_eq!(cookie["name"], "auth-runtime-session");
    assert_eq!((&cookie["httpOnly"], &cookie["sameSite"], &cookie["path"]), (&true.into(), &"Lax".into(), &"/".into()));
    assert_eq!(cookie["domain"], "127.0.0.1", "to this host only");
    assert_eq!(tab.script("return document.cookie").await, "");
    let stored = tab.script("return localStorage.length + sessionStorage.length").await;
    assert_eq!(stored, 0, "nothing that scripts can read keeps a credential");
}

#[tokio::test]
async fn a_wrong_password_is_said_and_the_right_one_stays_signed_in_on_every_page() {
    let Some(tab) = Tab::open().await else { return };
    let application = Application::start();
    application.register("alice").await;
    tab.goto(&application.url("/")).await;
    tab.fill("login", "User name", "alice").await;
    tab.fill("login", "Password", "wrong horse battery").await;
    tab.click("//form[@id='login']//button").await;
    tab.see("The credentials are not valid.").await;
    assert_eq!(tab.cookies().await.len(), 0);

    application.sign_in_on(&tab, "alice", "my laptop").await;
    assert!(!tab.page().await.contains("The credentials"), "the old trouble is gone");
    tab.find("//td[starts-with(., 'my laptop: ')]").await;
    tab.click("//a[.='API keys']").await;
    tab.find("//h1[.='API keys']").await;
    tab.goto(&application.url("/")).await;
    tab.find("//h1[.='Where you are signed in']").await;
}

#[tokio::test]
async fn signing_out_expires_the_cookie_and_ends_the_session() {
    let Some(tab) = Tab::open().await else { return };
    let application = Application::start();
    application.register("alice").await;
    application.sign_in_on(&tab, "alice", "").await;
    let cookie = cookie_in(&tab).await;
    assert_eq!(application.get("/auth/me", &cookie).await.status, 200, "a copy of the cookie works");

    tab.press("Sign out").await;
    tab.find("//h1[.='Sign in']").await;
    assert_eq!(tab.cookies().await.len(), 0);
    application.get("/auth/me", &cookie).await.assert_problem(401, "unauthenticated");
    tab.goto(&application.url("/keys")).await;
    tab.find("//h1[.='Sign in']").await;
}

#[tokio::test]
async fn signing_in_again_gives_another_cookie_and_ends_the_one_before() {
    let Some(tab) = Tab::open().await else { return };
    let application = Application::start();
    application.register("alice").await;
    application.sign_in_on(&tab, "alice", "").await;
    let first = cookie_in(&tab).await;
    // An attacker might put their own cookie into the browser and wait for the user to sign in.
    let again = format!(
        "return fetch('/auth/session', {{ method: 'POST', headers: {{ 'content-type': 'application/json' }}, \
         body: JSON.stringify({{ username: 'alice', password: '{PASSWORD}' }}) }}).then((answer) => answer.status)"
    );
    assert_eq!(tab.script(&again).await, 200);
    assert_ne!(cookie_in(&tab).await, first);
    application.get("/auth/me", &first).await.assert_problem(401, "unauthenticated");
    tab.goto(&application.url("/")).await;
    tab.find("//section[@id='sessions']//tbody[count(tr)=1]").await;
}
