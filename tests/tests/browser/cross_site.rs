use super::{
    application::{Application, PASSWORD, cookie_in},
    other_site::OtherSite,
    tab::Tab,
};

/// Opens a tab with a user who is signed in and then visits pages of other sites.
async fn visitor(application: &Application) -> Option<Tab> {
    let tab = Tab::open().await?;
    application.register("alice").await;
    application.sign_in_on(&tab, "alice", "").await;
    tab.fill("set-motto", "A new one", "carpe diem").await;
    tab.press("Keep it").await;
    tab.find("//blockquote[.='carpe diem']").await;
    Some(tab)
}

/// Asserts that the user is still signed in and that nothing has changed.
async fn is_untouched(application: &Application, tab: &Tab) {
    tab.goto(&application.url("/")).await;
    tab.find("//strong[@id='who'][.='alice']").await;
    tab.find("//blockquote[.='carpe diem']").await;
    tab.find("//section[@id='sessions']//tbody[count(tr)=2]").await;
    tab.goto(&application.url("/keys")).await;
    tab.find("//section[@id='keys'][.//tbody[count(tr)=0]]").await;
}

#[tokio::test]
async fn forms_of_other_sites_are_refused_and_change_nothing() {
    let application = Application::start();
    let site = OtherSite::start().await;
    let Some(tab) = visitor(&application).await else { return };
    application.sign_in("alice", "elsewhere", "").await;
    for path in ["/motto", "/auth/logout", "/auth/logout/all"] {
        // The browser does not send the cookie from another site. From another origin of the same site it does, and
        // only the guard refuses the request.
        for (origin, code) in [(site.cross_site(), "unauthenticated"), (site.same_site(), "cross-site")] {
            tab.goto(&format!("{origin}/form?to={}", application.url(path))).await;
            tab.see(&format!("\"code\":\"{code}\"")).await;
            assert_eq!(tab.script("return location.pathname").await, path, "the form was sent");
            is_untouched(&application, &tab).await;
        }
    }
}

#[tokio::test]
async fn scripts_of_other_sites_are_refused_and_change_nothing() {
    let application = Application::start();
    let site = OtherSite::start().await;
    let Some(tab) = visitor(&application).await else { return };
    application.sign_in("alice", "elsewhere", "").await;
    let key = "{\"name\":\"stolen\",\"scopes\":[]}";
    for origin in [site.cross_site(), site.same_site()] {
        for (path, method, mode, body) in [
            ("/auth/logout", "POST", "no-cors", ""),
            ("/auth/logout/all", "POST", "no-cors", ""),
            ("/auth/api-keys", "POST", "no-cors", key),
            // The browser sends a preflight request first, and the server does not allow it.
            ("/auth/sessions", "DELETE", "cors", ""),
            ("/auth/sessions", "GET", "cors", ""),
        ] {
            let body = if method == "POST" { format!("&body={body}") } else { String::new() };
            let to = application.url(path);
            tab.goto(&format!("{origin}/fetch?to={to}&method={method}&mode={mode}{body}")).await;
            tab.find("//p[.='no answer']").await;
            is_untouched(&application, &tab).await;
        }
    }
    assert_eq!(application.refused_posts(), 2 * 3, "the browser sends them, and keeps the answers from the page");
}

/// Otherwise an attacker could sign a visitor in to the attacker's account, and read what the visitor enters.
#[tokio::test]
async fn other_sites_cannot_sign_a_user_in() {
    let application = Application::start();
    let site = OtherSite::start().await;
    application.register("mallory").await;
    let Some(tab) = visitor(&application).await else { return };
    application.sign_in("alice", "elsewhere", "").await;
    let cookie = cookie_in(&tab).await;
    let credentials = format!("{{\"username\":\"mallory\",\"password\":\"{PASSWORD}\"}}");
    for origin in [site.cross_site(), site.same_site()] {
        let to = application.url("/auth/session");
        tab.goto(&format!("{origin}/fetch?to={to}&method=POST&mode=no-cors&body={credentials}")).await;
        tab.find("//p[.='no answer']").await;
        tab.goto(&format!("{origin}/form?to={to}")).await;
        tab.see("\"code\":\"cross-site\"").await;
        is_untouched(&application, &tab).await;
        assert_eq!(cookie_in(&tab).await, cookie);
    }
    assert_eq!(application.refused_posts(), 2 * 2);
}

/// The form of the tests above works from an origin that the settings trust.
#[tokio::test]
async fn an_origin_that_the_settings_trust_may_send_forms() {
    let site = OtherSite::start().await;
    let trusted = site.same_site();
    let application = Application::start_with(&[("CSRF_TRUSTED_ORIGINS", &trusted), ("COOKIE_INSECURE", "true")]);
    let Some(tab) = visitor(&application).await else { return };
    tab.goto(&format!("{trusted}/form?to={}", application.url("/motto"))).await;
    tab.find("//blockquote[.='stolen']").await;
}
