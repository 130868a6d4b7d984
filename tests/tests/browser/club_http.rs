//! The club as programs and other sites call it.

use auth_tests::http::assert_hardened;

use super::{
    application::{PASSWORD, cookie_of},
    club_world::{Club, address},
};

/// Every route below `/admin`, as the printed matrix names it.
fn admin_routes(club: &Club) -> Vec<(String, String)> {
    let rows = club.program().greeting().lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let rows = rows.filter(|row| row.get(1).is_some_and(|path| path.starts_with("/admin")));
    rows.map(|row| (row[0].to_owned(), row[1].replace("{id}", "somebody"))).collect()
}

#[tokio::test]
async fn a_member_gets_403_on_each_route_below_admin_of_the_club() {
    let club = Club::start();
    let mia = club.member("mia", "member").await;
    let routes = admin_routes(&club);
    assert_eq!(routes.len(), 4, "{}", club.program().greeting());
    for (method, path) in routes {
        let refused = club.call(&method, &path, &mia).form(&[("role", "admin"), ("active", "false")]).send().await;
        assert_eq!(refused.status, 403, "{method} {path}: {refused:?}");
        let stranger = club.program().call(&method, &path).header("sec-fetch-site", "same-origin").send().await;
        stranger.assert_problem(401, "unauthenticated");
    }
    assert_eq!(club.call("GET", "/dues", &mia).send().await.status, 403);
    assert_eq!(club.call("GET", "/events", &mia).send().await.status, 200);
    let event = [("day", "2026-12-31"), ("title", "Party")];
    assert_eq!(club.call("POST", "/events", &mia).form(&event).send().await.status, 403);
}

/// The endpoints that the pages call stand on no route.
#[tokio::test]
async fn the_endpoints_behind_the_pages_of_the_club_are_not_reached_from_outside() {
    let club = Club::start();
    let anna = club.member("anna", "admin").await;
    for (method, path) in [("GET", "/auth/admin/accounts"), ("POST", "/auth/register"), ("POST", "/auth/login")] {
        assert_eq!(club.call(method, path, &anna).send().await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn an_organiser_of_the_club_can_neither_give_nor_take_more_than_they_have() {
    let club = Club::start();
    let olga = club.member("olga", "organiser").await;
    for (name, role) in [("mia", "member"), ("theo", "treasurer")] {
        club.join(name, role).await;
    }
    let (mia, theo) = (club.id("mia").await, club.id("theo").await);
    let give = async |id: &str, role: &str| {
        club.call("POST", &format!("/admin/people/{id}/role"), &olga).form(&[("role", role)]).send().await
    };
    let refused = give(&mia, "treasurer").await;
    assert_eq!(refused.status, 403, "{refused:?}");
    assert!(refused.body.contains("You may grant only roles that you hold yourself."), "{refused:?}");
    assert_eq!(give(&theo, "member").await.status, 403);
    assert_eq!(give(&mia, "organiser").await.status, 303);
    let deactivated = club.call("POST", &format!("/admin/people/{mia}/active"), &olga).form(&[("active", "false")]);
    assert_eq!(deactivated.send().await.status, 403, "administrators alone deactivate");
    let invitation = [("email", "eve@example.org"), ("role", "treasurer")];
    assert_eq!(club.call("POST", "/admin/invitations", &olga).form(&invitation).send().await.status, 403);
}

#[tokio::test]
async fn an_administrator_of_the_club_ends_the_sessions_of_whom_they_deactivate() {
    let club = Club::start();
    let anna = club.member("anna", "admin").await;
    let mia = club.member("mia", "member").await;
    let page = format!("/admin/people/{}/active", club.id("mia").await);
    let set = async |active: &str| club.call("POST", &page, &anna).form(&[("active", active)]).send().await.status;
    assert_eq!(set("false").await, 303);
    let after = club.call("GET", "/events", &mia).send().await;
    assert_eq!((after.status, after.header("location")), (303, "/sign-in?return_to=/events"), "{after:?}");
    assert!(club.sign_in("mia", &[]).await.header("location").starts_with("/sign-in?error=invalid-credentials"));
    assert_eq!(set("true").await, 303);
    assert_eq!(club.sign_in("mia", &[]).await.header("location"), "/events");
    assert_eq!(club.call("GET", "/events", &mia).send().await.status, 303, "the former session stays ended");
    let other = club.program().post(&page).header("cookie", &anna).header("sec-fetch-site", "cross-site");
    other.form(&[("active", "false")]).send().await.assert_problem(403, "cross-site");
}

#[tokio::test]
async fn the_sign_in_form_of_the_club_keeps_only_a_way_back_that_is_its_own() {
    let club = Club::start();
    club.join("mia", "member").await;
    assert_eq!(club.sign_in("mia", &[("return_to", "/events?x=1")]).await.header("location"), "/events?x=1");
    for evil in ["//evil.example", "https://evil.example", "/\\evil.example", "/%5Cevil.example", "javascript:alert(1)"]
    {
        assert_eq!(club.sign_in("mia", &[("return_to", evil)]).await.header("location"), "/events", "{evil}");
        let path = format!("/sign-in?return_to={}", auth_tests::http::encoded(evil));
        let form = club.call("GET", &path, "").send().await;
        assert!(form.status == 200 && !form.body.contains("evil") && !form.body.contains("alert"), "{form:?}");
        assert_hardened(&form, "default-src 'self'; script-src 'none'");
    }
    let wanted = club.call("GET", "/events?x=%22%3E", "").send().await;
    assert_eq!(wanted.header("location"), "/sign-in?return_to=/events%3Fx%3D%2522%253E", "{wanted:?}");
    club.program().get("/events").send().await.assert_problem(401, "unauthenticated");
}

#[tokio::test]
async fn an_invitation_to_the_club_is_for_one_address_one_time_and_its_lifetime() {
    let club = Club::start();
    let (link, late) = (club.invite("mia", "member"), club.invite("late", "member"));
    assert_eq!(club.call("GET", &link, "").send().await.status, 200);
    let other = club.register(&link, &address("eve"), "Eve", "1999").await;
    assert!(other.status == 422 && other.body.contains("is not the address that was invited"), "{other:?}");
    assert!(other.body.contains("value=\"Eve\"") && !other.body.contains(PASSWORD), "{other:?}");
    assert_eq!(club.register(&link, &address("mia"), "Mia", "1999").await.status, 303);
    let again = club.register(&link, &address("mia"), "Eve", "2000").await;
    assert!(again.status == 400 && again.body.contains("role=\"alert\""), "{again:?}");
    assert_eq!(club.fields(&club.id("mia").await).await, Some(("Mia".to_owned(), 1999)), "nothing is replaced");

    club.end_invitations().await;
    let ended = club.register(&late, &address("late"), "Late", "1999").await;
    assert_eq!(ended.status, 400, "{ended:?}");
    assert_eq!(club.register("/register/guessed", &address("eve"), "Eve", "1999").await.status, 400);
}

/// The fields have types: a year is a number. A refused form leaves no account and no row.
#[tokio::test]
async fn the_extra_fields_of_the_club_are_judged_before_the_account_opens() {
    let club = Club::start();
    let link = club.invite("mia", "member");
    let id = club.id("mia").await;
    for (name, since, message) in [
        ("Mia", "long ago", "class=\"fault\""),
        ("Mia", "-5", "class=\"fault\""),
        ("Mia", "1900", "must be a year from 1950 to 2100"),
        (" ", "1999", "must have 1 to 50 characters"),
    ] {
        let refused = club.register(&link, &address("mia"), name, since).await;
        assert!(refused.status == 422 && refused.body.contains(message), "{since}: {refused:?}");
        assert!(refused.body.contains(&format!("value=\"{since}\"")), "{refused:?}");
        assert_eq!(club.fields(&id).await, None);
    }
    assert_eq!(club.register(&link, &address("mia"), " Mia ", "1999").await.status, 303);
    assert_eq!(club.fields(&id).await, Some(("Mia".to_owned(), 1999)));
}

#[tokio::test]
async fn each_role_of_the_club_may_do_what_those_below_it_may() {
    let club = Club::start();
    for (name, role, event, dues, people) in [
        ("mia", "member", 403, 403, 403),
        ("olga", "organiser", 303, 403, 200),
        ("theo", "treasurer", 303, 200, 200),
        ("anna", "admin", 303, 200, 200),
    ] {
        let cookie = club.member(name, role).await;
        let fields = [("day", "2026-12-31"), ("title", "Party")];
        assert_eq!(club.call("POST", "/events", &cookie).form(&fields).send().await.status, event, "{role}");
        assert_eq!(club.call("GET", "/dues", &cookie).send().await.status, dues, "{role}");
        assert_eq!(club.call("GET", "/admin", &cookie).send().await.status, people, "{role}");
        assert_eq!(club.call("GET", "/events", &cookie).send().await.status, 200, "{role}");
    }
    let theo = club.sign_in("theo", &[]).await;
    let theo = cookie_of(&theo);
    let mia = club.id("mia").await;
    assert_eq!(club.call("POST", &format!("/dues/{mia}"), &theo).send().await.status, 303);
    assert!(club.call("GET", "/dues", &theo).send().await.body.contains("mia, member since 1999: paid"));
    let wrong = club.call("POST", "/events", &theo).form(&[("day", "2026-02-30"), ("title", "")]).send().await;
    assert!(wrong.status == 422 && wrong.body.contains("must be a day"), "{wrong:?}");
    assert!(wrong.body.contains("must have 1 to 100 characters"), "{wrong:?}");
}

#[tokio::test]
async fn a_change_below_admin_of_the_club_asks_for_a_recent_sign_in() {
    let club = Club::start();
    let anna = club.member("anna", "admin").await;
    club.age_sign_ins().await;
    let invitation = [("email", "eve@example.org"), ("role", "member")];
    let refused = club.call("POST", "/admin/invitations", &anna).form(&invitation).send().await;
    assert_eq!(refused.status, 401, "{refused:?}");
    assert!(refused.body.contains("href=\"/sign-in?return_to=/admin\""), "{refused:?}");
    assert_eq!(club.call("GET", "/admin", &anna).send().await.status, 200, "the list is shown");
}

/// The endpoint answers 50 accounts at a time.
#[tokio::test]
async fn the_list_of_the_club_goes_on_on_a_second_page_and_offers_only_what_can_be_done() {
    let club = Club::start();
    let anna = club.member("anna", "admin").await;
    for number in 0..51 {
        club.invite(&format!("guest{number}"), "member");
    }
    let list = async |path: &str| club.call("GET", path, &anna).send().await.body;
    let first = list("/admin?search=guest").await;
    assert_eq!(first.matches("(invited)").count(), 50, "{first}");
    assert!(!first.contains("/active\""), "nobody deactivates an invited person: {first}");
    let (_, more) = first.split_once("href=\"/admin?").expect("the first page leads to the second one");
    let more = more.split('"').next().unwrap().replace("&amp;", "&");
    let second = list(&format!("/admin?{more}")).await;
    assert_eq!(second.matches("(invited)").count(), 1, "{second}");
    assert!(!second.contains("href=\"/admin?") && !second.contains("anna@"), "the search goes on: {second}");
    let own = list("/admin?search=anna").await;
    assert!(own.contains("anna@") && !own.contains("/active\""), "nobody deactivates themselves: {own}");
}

/// A form that was sent too late cannot be sent again by a link, so the page does not redirect.
#[tokio::test]
async fn a_form_of_the_club_without_a_session_is_answered_in_words() {
    let club = Club::start();
    let refused = club.call("POST", "/events", "").form(&[("day", "2026-12-31"), ("title", "Party")]).send().await;
    assert_eq!((refused.status, refused.header("location")), (401, ""), "{refused:?}");
    assert!(refused.body.contains("href=\"/sign-in?return_to=/\""), "{refused:?}");
}

/// Behind a proxy, the endpoints inside of the process see the same request as the pages.
#[tokio::test]
async fn a_club_in_production_opens_accounts_and_says_that_it_sends_no_mail() {
    let club = Club::start_with(&[
        ("ENVIRONMENT", "production"),
        ("SECRET_KEY", "kD0v9yqXb2m4Jt7Zr1sLw8aEcU5nHf3gPiQo6TjRxYV"),
        ("ISSUER", "https://club.example.com"),
        ("AUDIENCE", "https://club.example.com"),
        // The proxy's own requests name an internal host.
        ("ALLOWED_HOSTS", "club.example.com,127.0.0.1"),
        ("TRUSTED_PROXIES", "127.0.0.1"),
    ]);
    let call = |method: &str, path: &str, cookie: &str| {
        let call = club.call(method, path, cookie).from("192.0.2.1").header("x-forwarded-proto", "https");
        call.header("x-forwarded-host", "club.example.com")
    };
    let (link, email) = (club.invite("anna", "admin"), address("anna"));
    let fields = [
        ("invitation", link.strip_prefix("/register/").unwrap()),
        ("email", &email),
        ("password", PASSWORD),
        ("display_name", "Anna"),
        ("member_since", "1999"),
    ];
    let joined = call("POST", "/register", "").form(&fields).send().await;
    assert_eq!(joined.status, 303, "{joined:?}");
    let credentials = [("username", email.as_str()), ("password", PASSWORD)];
    let anna = cookie_of(&call("POST", "/auth/session", "").form(&credentials).send().await);
    let invitation = [("email", "mia@example.org"), ("role", "member")];
    let refused = call("POST", "/admin/invitations", &anna).form(&invitation).send().await;
    assert!(refused.status == 501 && refused.body.contains("role=\"alert\""), "{refused:?}");
    assert_eq!(call("GET", "/outbox", "").send().await.status, 404);
    let signed_out = call("POST", "/sign-out", &anna).send().await;
    assert!(signed_out.header("set-cookie").contains("Max-Age=0"), "{signed_out:?}");
}
