use super::{
    application::{Application, cookie_of},
    tab::Tab,
};

const ROWS: &str = "//section[@id='sessions']//tbody";

#[tokio::test]
async fn ending_a_session_in_one_browser_signs_the_other_out() {
    let (Some(home), Some(office)) = (Tab::open().await, Tab::open().await) else { return };
    let application = Application::start();
    application.register("alice").await;
    application.sign_in_on(&office, "alice", "office").await;
    application.sign_in_on(&home, "alice", "home").await;
    home.find(&format!("{ROWS}[count(tr)=2]")).await;
    let own = home.text(&format!("{ROWS}/tr[.//mark]")).await;
    assert!(own.contains("home: ") && !own.contains("End"), "the session of this browser: {own}");

    home.click(&format!("{ROWS}/tr[starts-with(., 'office: ')]//button[.='End']")).await;
    home.find(&format!("{ROWS}[count(tr)=1][starts-with(tr, 'home: ')]")).await;

    office.click("//a[.='API keys']").await;
    office.find("//h1[.='Sign in']").await;
    home.goto(&application.url("/")).await;
    home.find(&format!("{ROWS}[count(tr)=1]")).await;
}

#[tokio::test]
async fn ending_all_others_leaves_this_one() {
    let (Some(home), Some(office)) = (Tab::open().await, Tab::open().await) else { return };
    let application = Application::start();
    application.register("alice").await;
    application.register("bob").await;
    let phone = cookie_of(&application.sign_in("alice", "phone", "a phone").await);
    let bob = cookie_of(&application.sign_in("bob", "", "").await);
    application.sign_in_on(&office, "alice", "office").await;
    application.sign_in_on(&home, "alice", "home").await;
    home.find(&format!("{ROWS}[count(tr)=3]")).await;

    home.press("End all others").await;
    home.find(&format!("{ROWS}[count(tr)=1][starts-with(tr, 'home: ')]")).await;
    application.get("/auth/me", &phone).await.assert_problem(401, "unauthenticated");
    office.goto(&application.url("/")).await;
    office.find("//h1[.='Sign in']").await;
    assert_eq!(application.get("/auth/me", &bob).await.status, 200, "the sessions of others go on");
}
