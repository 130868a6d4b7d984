//! `POST /auth/session` by a form without a script.

use auth_runtime::auth::{Auth, AuthBuilder};

use super::{
    answers::Answer,
    cookies::{browse, cookie},
    failing::Flaky,
    world::{PASSWORD, World, defaults, events, every_store, post},
};

const FORM: &str = "application/x-www-form-urlencoded";
const ALICE: &str = "username=alice&password=correct+horse+battery";

async fn submit(world: &World, form: &str) -> Answer {
    world.send(post("/auth/session", FORM).header("sec-fetch-site", "same-origin"), form.to_owned()).await
}

fn with_pages(builder: AuthBuilder) -> AuthBuilder {
    defaults(builder).sign_in_page("/sign-in").signed_in_page("/home")
}

#[track_caller]
fn assert_leads_to(answer: &Answer, location: &str) {
    assert_eq!((answer.status, answer.header("location")), (303, location), "{answer:?}");
}

#[tokio::test]
async fn a_form_signs_in_and_leads_back() {
    every_store(async |world| {
        world.join("alice", &[]).await;
        let answer =
            submit(&world, &format!("{ALICE}&device=kitchen&return_to=%2Forders%3Fpage%3D2&csrf_token=x")).await;
        assert_leads_to(&answer, "/orders?page=2");
        assert_eq!(answer.body, "");
        let own = cookie(&answer);
        assert_eq!(browse(&world, "GET", "/auth/me", &own).await.text("username"), "alice");
        assert_eq!(browse(&world, "GET", "/auth/sessions", &own).await.json()[0]["device"], "kitchen");
        let by_address = submit(&world, "email=alice%40example.org&password=correct+horse+battery").await;
        assert_leads_to(&by_address, "/");
    })
    .await;
}

#[tokio::test]
async fn no_way_back_leaves_this_service() {
    let world = World::in_memory(with_pages);
    world.join("alice", &[]).await;
    for (number, back) in [
        "",
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "/%09/evil.example",
        "/%2fevil.example",
        "/%252fevil.example",
        "/.//evil.example",
        "/../evil",
        "javascript:alert(1)",
        "/%0d%0aset-cookie:a=b",
        &format!("/{}", "a".repeat(2_048)),
    ]
    .iter()
    .enumerate()
    {
        let escaped: String = back.bytes().map(|byte| format!("%{byte:02x}")).collect();
        world.clock.advance(std::time::Duration::from_secs(60));
        assert_leads_to(&submit(&world, &format!("{ALICE}&return_to={escaped}")).await, "/home");
        let refused = submit(&world, &format!("username=alice&password=wrong{number}&return_to={escaped}")).await;
        assert_leads_to(&refused, "/sign-in?error=invalid-credentials");
    }
}

#[tokio::test]
async fn a_refused_form_leads_back_to_its_page_with_a_code() {
    let world = World::in_memory(with_pages);
    world.join("alice", &[]).await;
    let wrong = "username=%3Cscript%3E&password=canary-secret&return_to=%2Forders%3Fpage%3D2%26error%3Dno";
    let answer = submit(&world, wrong).await;
    let expected = "/sign-in?error=invalid-credentials&return_to=/orders%3Fpage%3D2%26error%3Dno";
    assert_leads_to(&answer, expected);
    assert_eq!(answer.header("set-cookie"), "");
    assert!(!events().contains("canary-secret"));
    let unknown = submit(&world, "username=nobody&password=wrong").await;
    let known = submit(&world, "username=alice&password=wrong").await;
    assert_eq!(unknown, known, "an unknown user looks like a wrong password");

    let world = World::in_memory(defaults);
    submit(&world, ALICE).await.assert_problem(401, "invalid-credentials");
}

#[tokio::test]
async fn a_form_without_the_store_leads_back_and_sets_no_cookie() {
    let (world, store) = Flaky::world_with(with_pages);
    world.join("alice", &[]).await;
    for call in 0..7 {
        world.clock.advance(std::time::Duration::from_secs(60));
        store.fail_at(call);
        let answer = submit(&world, ALICE).await;
        assert!(!store.is_left_over(), "call {call}");
        assert_leads_to(&answer, "/sign-in?error=unavailable");
        assert_eq!(answer.header("set-cookie"), "");
    }
    world.clock.advance(std::time::Duration::from_secs(60));
    assert_leads_to(&submit(&world, ALICE).await, "/home");
}

#[tokio::test]
async fn another_site_cannot_submit_the_form() {
    let world = World::in_memory(with_pages);
    world.join("alice", &[]).await;
    for site in ["cross-site", "same-site", "odd"] {
        let answer = world.send(post("/auth/session", FORM).header("sec-fetch-site", site), ALICE).await;
        answer.assert_problem(403, "cross-site");
        assert_eq!(answer.header("set-cookie"), "");
    }
    world.form("/auth/session", ALICE).await.assert_problem(403, "cross-site");
}

#[tokio::test]
async fn a_body_has_one_reading() {
    let world = World::in_memory(with_pages);
    world.join("alice", &[]).await;
    for form in [
        "",
        "username=alice",
        "password=x",
        &format!("{ALICE}&username=bob"),
        &format!("{ALICE}&email=bob"),
        &format!("{ALICE}&password=x"),
        &format!("{ALICE}&return_to=/a&return_to=/b"),
        "username[]=alice&password[]=x",
    ] {
        let answer = submit(&world, form).await;
        assert_eq!((answer.status, answer.text("code").as_str()), (422, "invalid-body"), "{form}");
    }
    let json = format!(r#"{{"username":"alice","password":"{PASSWORD}"}}"#);
    for (kind, body) in [
        ("text/plain", json.as_str()),
        ("multipart/form-data; boundary=x", ALICE),
        ("", ALICE),
        ("text/plain; application/json", json.as_str()),
    ] {
        let answer =
            world.send(post("/auth/session", kind).header("sec-fetch-site", "same-origin"), body.to_owned()).await;
        answer.assert_problem(415, "unsupported-media-type");
        let title = "The body must be `application/json` or `application/x-www-form-urlencoded`.";
        assert_eq!(answer.text("title"), title, "{kind}");
    }
    // The one form sent as the other.
    let request = post("/auth/session", "application/json").header("sec-fetch-site", "same-origin");
    world.send(request, ALICE).await.assert_problem(400, "bad-request");
    assert_eq!(submit(&world, &json).await.status, 422);
    let array = post("/auth/session", "application/json").header("sec-fetch-site", "same-origin");
    world.send(array, format!(r#"["alice","{PASSWORD}"]"#)).await.assert_problem(422, "invalid-body");
}

#[test]
fn pages_are_paths_of_this_service() {
    let faults = |builder: AuthBuilder| -> Vec<&'static str> {
        let faults = builder.build().unwrap_err();
        faults.iter().map(auth_runtime::auth::Fault::setting).filter(|setting| setting.contains("page")).collect()
    };
    let none: [&str; 0] = [];
    assert_eq!(faults(Auth::builder().sign_in_page("/sign-in").signed_in_page("/home?a=1")), none);
    for page in ["", "sign-in", "//evil.example", "https://app.example/sign-in", "/sign-in?a=1", "/sign-in#a"] {
        assert_eq!(faults(Auth::builder().sign_in_page(page)), ["sign_in_page"], "{page}");
    }
    assert_eq!(faults(Auth::builder().sign_in_page("//a").signed_in_page("//b")), ["sign_in_page", "signed_in_page"]);
    assert_eq!(faults(Auth::builder().password_change_page("/new-password")), none);
    for page in ["", "new-password", "//evil.example", "/new-password?a=1", "/new-password#a"] {
        assert_eq!(faults(Auth::builder().password_change_page(page)), ["password_change_page"], "{page}");
    }
}
