//! The club as persons use it.

use super::{
    application::PASSWORD,
    club_world::{Club, address},
    tab::Tab,
};

/// Fills the sign-in form that the tab shows.
async fn fill_sign_in(tab: &Tab, name: &str) {
    tab.find("//h1[.='Sign in']").await;
    tab.fill("sign-in", "E-mail", &address(name)).await;
    tab.fill("sign-in", "Password", PASSWORD).await;
    tab.click("//form[@id='sign-in']//button").await;
}

async fn sign_in(tab: &Tab, club: &Club, name: &str) {
    tab.goto(&club.url("/sign-in")).await;
    fill_sign_in(tab, name).await;
    tab.find(&format!("//strong[@id='who'][.='{name}']")).await;
}

async fn path_of(tab: &Tab) -> String {
    tab.script("return location.pathname + location.search").await.as_str().unwrap().to_owned()
}

/// Fills the form of an invited person.
async fn register(tab: &Tab, email: &str, name: &str, since: &str) {
    tab.fill("register", "E-mail", email).await;
    tab.fill("register", "Password", PASSWORD).await;
    tab.fill("register", "Name", name).await;
    tab.fill("register", "Member since", since).await;
    tab.press("Open the account").await;
}

/// Invites a person on the page that the tab shows.
async fn invite(tab: &Tab, name: &str, role: &str) {
    tab.fill("invite", "E-mail", &address(name)).await;
    tab.click(&format!("//form[@id='invite']//option[@value='{role}']")).await;
    tab.click("//form[@id='invite']//button").await;
}

/// Returns where the list has a person.
fn row(name: &str) -> String {
    format!("//ul[@id='people']/li[contains(., '{}')]", address(name))
}

#[tokio::test]
async fn a_visitor_of_the_club_signs_in_and_comes_back_to_the_wanted_page() {
    let Some(tab) = Tab::open().await else { return };
    let club = Club::start();
    club.join("olga", "organiser").await;
    tab.goto(&club.url("/admin?search=ol")).await;
    fill_sign_in(&tab, "nobody").await;
    tab.see("The address or the password is wrong.").await;
    fill_sign_in(&tab, "olga").await;
    tab.find("//h1[.='People']").await;
    assert_eq!(path_of(&tab).await, "/admin?search=ol");
    tab.press("Sign out").await;
    tab.find("//header//a[.='Sign in']").await;
    assert!(tab.cookies().await.is_empty());
}

#[tokio::test]
async fn a_link_of_somebody_else_leads_no_member_of_the_club_away() {
    let Some(tab) = Tab::open().await else { return };
    let club = Club::start();
    club.join("mia", "member").await;
    for evil in
        ["https://evil.example/", "//evil.example/", "/\\evil.example", "/%2F/evil.example", "/..//evil.example"]
    {
        tab.goto(&club.url(&format!("/sign-in?return_to={}", auth_tests::http::encoded(evil)))).await;
        fill_sign_in(&tab, "mia").await;
        tab.find("//h1[.='Events']").await;
        assert_eq!(tab.script("return location.origin").await, club.url(""), "{evil}");
        tab.press("Sign out").await;
        tab.find("//header//a[.='Sign in']").await;
    }
}

#[tokio::test]
async fn an_invitation_to_the_club_is_mailed_and_opens_one_account() {
    let Some(tab) = Tab::open().await else { return };
    let club = Club::start();
    club.join("olga", "organiser").await;
    sign_in(&tab, &club, "olga").await;
    tab.click("//header//a[.='People']").await;
    invite(&tab, "mia", "member").await;
    tab.find(&format!("{}[contains(., '(invited)')]", row("mia"))).await;
    invite(&tab, "eve", "treasurer").await;
    tab.see("You may grant only roles that you hold yourself.").await;
    tab.press("Sign out").await;

    let link = club.mailed("mia").await;
    tab.goto(&club.url(&link)).await;
    register(&tab, &address("eve"), "Eve", "1999").await;
    tab.see("is not the address that was invited").await;
    register(&tab, &address("mia"), "", "1900").await;
    tab.see("must have 1 to 50 characters").await;
    tab.see("must be a year from 1950 to 2100").await;
    register(&tab, &address("mia"), "Mia <b>", "1999").await;
    tab.see("Your account is open. Sign in.").await;
    fill_sign_in(&tab, "mia").await;
    tab.find("//strong[@id='who'][.='Mia <b>']").await;
    tab.press("Sign out").await;

    tab.goto(&club.url(&link)).await;
    register(&tab, &address("mia"), "Mia", "1999").await;
    tab.find("//p[@role='alert']").await;
    assert_eq!(path_of(&tab).await, "/register");
}

#[tokio::test]
async fn an_administrator_of_the_club_searches_gives_a_role_and_deactivates() {
    let Some(tab) = Tab::open().await else { return };
    let Some(mia) = Tab::open().await else { return };
    let club = Club::start();
    for (name, role) in [("anna", "admin"), ("mia", "member"), ("paul", "member")] {
        club.join(name, role).await;
    }
    sign_in(&mia, &club, "mia").await;
    assert!(!mia.page().await.contains("People"), "a member sees no link to the list");
    sign_in(&tab, &club, "anna").await;
    tab.click("//header//a[.='People']").await;
    tab.fill("search", "Part", "mia@").await;
    tab.press("Search").await;
    tab.find("//ul[@id='people'][count(li)=1]").await;
    tab.click(&format!("{}//option[@value='treasurer']", row("mia"))).await;
    tab.click(&format!("{}//button[.='Give']", row("mia"))).await;
    tab.find("//ul[@id='people'][count(li)=3]").await;

    mia.goto(&club.url("/dues")).await;
    mia.find("//h1[.='Dues']").await;
    tab.click(&format!("{}//button[.='Deactivate']", row("mia"))).await;
    tab.find(&format!("{}[contains(., '(deactivated)')]", row("mia"))).await;
    mia.goto(&club.url("/dues")).await;
    mia.find("//h1[.='Sign in']").await;
    fill_sign_in(&mia, "mia").await;
    mia.see("The address or the password is wrong.").await;
}

#[tokio::test]
async fn the_pages_of_the_club_load_and_run_no_script() {
    let Some(tab) = Tab::open().await else { return };
    let club = Club::start();
    club.join("anna", "admin").await;
    sign_in(&tab, &club, "anna").await;
    for path in ["/", "/events", "/dues", "/admin", "/outbox", "/sign-in", "/register/x"] {
        tab.goto(&club.url(path)).await;
        tab.find("//h1").await;
        assert_eq!(tab.script("return document.scripts.length").await, 0, "{path}");
        let colour = tab.script("return getComputedStyle(document.querySelector('header')).display").await;
        assert_eq!(colour, "flex", "{path}: the style sheet is applied");
    }
}
