//! The gallery as programs and other sites call it.

use auth_tests::http::{assert_hardened, send_bytes};

use super::gallery_world::{FORM, GIF, Gallery, form};

#[tokio::test]
async fn a_form_with_five_wrong_fields_is_shown_again_without_the_password() {
    let gallery = Gallery::start();
    let fields = [
        ("username", "a <b>"),
        ("email", "nobody"),
        ("password", "canary"),
        ("website", "javascript:alert(1)"),
        ("about", "\u{202e}hidden"),
    ];
    let page = gallery.call("POST", "/join", "").form(&fields).send().await;
    assert_eq!(page.status, 422, "{page:?}");
    assert_hardened(&page, "default-src 'self'; script-src 'nonce-");
    assert_eq!(page.body.matches("class=\"fault\"").count(), 5, "{page:?}");
    for shown in [
        "value=\"a &lt;b&gt;\"",
        "value=\"nobody\"",
        "type=\"password\" value=\"\"",
        "value=\"javascript:alert(1)\"",
        "\u{202e}hidden</textarea>",
        "must be 3 to 50 letters, digits or underscores",
        "must be an e-mail address",
        "must have at least 8 characters",
        "must begin with https://",
        "must have no control characters and no invisible ones",
    ] {
        assert!(page.body.contains(shown), "{shown}: {page:?}");
    }
    assert!(!page.body.contains("canary"), "{page:?}");
}

/// What only the handler finds is shown in the same way.
#[tokio::test]
async fn a_name_that_is_taken_and_a_password_like_the_name_are_shown_beside_their_fields() {
    let gallery = Gallery::start();
    gallery.member("alice").await;
    let join = async |name: &str, password: &str| {
        let fields = [
            ("username", name),
            ("email", "bob@example.org"),
            ("password", password),
            ("website", ""),
            ("about", "Hi"),
        ];
        gallery.call("POST", "/join", "").form(&fields).send().await
    };
    let taken = join("alice", "correct horse battery").await;
    assert_eq!(taken.status, 409, "{taken:?}");
    assert!(taken.body.contains("is taken") && taken.body.contains("value=\"alice\""), "{taken:?}");
    let alike = join("bobby_tables", "bobby_tables").await;
    assert_eq!(alike.status, 422, "{alike:?}");
    assert!(alike.body.contains("must be more than your name") && alike.body.contains("Hi</textarea>"), "{alike:?}");
    assert!(!alike.body.contains("value=\"\" value"), "{alike:?}");
    assert_eq!(alike.body.matches("bobby_tables").count(), 1, "the name is shown, the password is not: {alike:?}");
}

/// The rest of the body is never sent.
#[tokio::test]
async fn a_file_whose_bytes_lie_is_refused_within_its_first_4_kib() {
    let gallery = Gallery::start();
    let cookie = gallery.member("alice").await;
    let body = form("holiday.png", &"M".repeat(4096));
    let begun = body.strip_suffix("\r\n--XX--\r\n").unwrap();
    let address = gallery.program().address();
    let head = format!(
        "POST /pictures HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\nSec-Fetch-Site: same-origin\r\n\
         Accept: text/html\r\nContent-Type: {FORM}\r\nContent-Length: 1000000\r\n\r\n"
    );
    let answer = send_bytes(address, format!("{head}{begun}").as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 415 ") && answer.contains("text/html"), "{answer}");
    let page = gallery.upload(&cookie, "holiday.png", &"M".repeat(5000)).await;
    assert_eq!(page.status, 415, "{page:?}");
    assert!(page.body.contains("The file is not of an allowed type. It is file 1 of the form."), "{page:?}");
    let empty = gallery.upload(&cookie, "", "").await;
    assert!(empty.status == 422 && empty.body.contains("Choose a picture first."), "{empty:?}");
    assert_eq!(gallery.files(), [""; 0]);
}

#[tokio::test]
async fn members_alone_see_a_picture_and_nothing_of_it_runs() {
    let gallery = Gallery::start();
    let alice = gallery.member("alice").await;
    let path = gallery.picture(&alice).await;
    let file = format!("{path}/file");
    gallery.program().get(&file).send().await.assert_problem(401, "unauthenticated");
    gallery.program().get(&path).send().await.assert_problem(401, "unauthenticated");
    let visitor = gallery.call("GET", &path, "").send().await;
    assert_eq!((visitor.status, visitor.header("content-type")), (401, "text/html; charset=utf-8"), "{visitor:?}");
    assert!(visitor.body.contains("href=\"/sign-in\"") && !visitor.body.contains("dot.gif"), "{visitor:?}");

    let bob = gallery.member("bob").await;
    let sent = gallery.call("GET", &file, &bob).send().await;
    assert_eq!((sent.status, sent.body.as_str()), (200, GIF), "{sent:?}");
    assert_eq!(sent.header("content-disposition"), "attachment; filename=\"dot.gif\"; filename*=UTF-8''dot.gif");
    assert_eq!(sent.header("content-security-policy"), "sandbox; default-src 'none'");
    assert_eq!((sent.header("content-type"), sent.header("x-content-type-options")), ("image/gif", "nosniff"));
    let none = gallery.call("GET", "/pictures/..%2f..%2f.env/file", &bob).send().await;
    assert_eq!(none.status, 404, "{none:?}");
}

#[tokio::test]
async fn members_delete_their_own_pictures_and_moderators_all() {
    let gallery = Gallery::start();
    let (alice, bob) = (gallery.member("alice").await, gallery.member("bob").await);
    let delete =
        async |path: &str, cookie: &str| gallery.call("POST", &format!("{path}/delete"), cookie).send().await.status;
    let path = gallery.picture(&alice).await;
    assert!(!gallery.call("GET", &path, &bob).send().await.body.contains("id=\"delete\""));
    assert_eq!((delete(&path, "").await, delete(&path, &bob).await), (401, 403));
    let foreign = gallery.program().post(&format!("{path}/delete")).header("cookie", &alice);
    foreign.header("origin", "https://evil.example").send().await.assert_problem(403, "cross-site");
    assert_eq!(gallery.files().len(), 1);
    assert_eq!(delete(&path, &alice).await, 303);
    assert_eq!(gallery.call("GET", &path, &alice).send().await.status, 404);
    assert_eq!(gallery.files(), [""; 0]);

    let path = gallery.picture(&alice).await;
    let granted = gallery.program().run(&["grant", "bob", "moderator"]);
    assert!(granted.status.success(), "{granted:?}");
    assert!(gallery.call("GET", &path, &bob).send().await.body.contains("id=\"delete\""));
    assert_eq!(delete(&path, &bob).await, 303);
    assert_eq!(gallery.files(), [""; 0]);
}

#[tokio::test]
async fn comments_are_bounded_and_nothing_in_them_runs() {
    let gallery = Gallery::start();
    let alice = gallery.member("alice").await;
    let path = gallery.picture(&alice).await;
    let comment = async |text: &str| {
        let fields = [("text", text)];
        gallery.call("POST", &format!("{path}/comments"), &alice).form(&fields).send().await
    };
    assert_eq!(comment("<b>Fine</b><script>alert(1)</script><img src=x onerror=alert(1)>").await.status, 303);
    let page = gallery.call("GET", &path, &alice).send().await;
    assert!(page.body.contains("<b>Fine</b>"), "{page:?}");
    assert!(!page.body.contains("alert(1)"), "{page:?}");
    let empty = comment("").await;
    assert!(empty.status == 422 && empty.body.contains("write 1 to 2,000 characters"), "{empty:?}");
    let long = comment(&format!("</textarea>{}", "x".repeat(2_000))).await;
    assert_eq!(long.status, 422, "{long:?}");
    assert!(long.body.contains("&lt;/textarea&gt;xxx"), "what was typed is shown again, as text");
    assert_eq!(comment(&"x".repeat(20_000)).await.status, 413);
    let other = gallery.program().post(&format!("{path}/comments")).header("cookie", &alice);
    let other = other.header("sec-fetch-site", "cross-site").form(&[("text", "stolen")]);
    other.send().await.assert_problem(403, "cross-site");
}

#[test]
fn the_access_matrix_is_printed_before_the_first_request() {
    let gallery = Gallery::start();
    let greeting = gallery.program().greeting();
    let rows: Vec<Vec<_>> = greeting.lines().map(|line| line.split_whitespace().collect()).collect();
    for (method, path, who) in [
        ("POST", "/join", "everyone"),
        ("POST", "/pictures", "any"),
        ("GET", "/pictures/{name}/file", "any"),
        ("POST", "/pictures/{name}/delete", "role"),
        ("POST", "/pictures/{name}/comments", "any"),
    ] {
        assert!(rows.iter().any(|row| row.starts_with(&[method, path, who])), "{path} in\n{greeting}");
    }
}
