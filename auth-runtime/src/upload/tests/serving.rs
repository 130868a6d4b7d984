use std::fs;

use axum::{body::to_bytes, http::HeaderMap, response::IntoResponse as _};

use super::super::serve;

const NAME: &str = "01a218ef-b788-747b-896d-d3efcacc52b6.png";

/// Returns the status, the fields and the body of the answer to a request with these fields.
async fn served(name: &str, shown: &str, fields: &[(&'static str, &str)]) -> (u16, HeaderMap, String) {
    let folder = tempfile::TempDir::new().unwrap();
    for extension in ["png", "html", "svg", "txt"] {
        fs::write(folder.path().join(NAME).with_extension(extension), "0123456789").unwrap();
    }
    fs::write(folder.path().join("secret.png"), "secret").unwrap();
    let request: HeaderMap =
        fields.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
    let response = serve(folder.path(), name, shown, &request).await.into_response();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    (parts.status.as_u16(), parts.headers, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn a_file_is_saved_and_never_run() {
    let (status, fields, body) = served(NAME, "Zoë \"1\".png", &[]).await;
    assert_eq!((status, body.as_str()), (200, "0123456789"));
    for (name, value) in [
        ("content-type", "image/png"),
        ("content-length", "10"),
        ("content-disposition", "attachment; filename=\"Zo_ _1_.png\"; filename*=UTF-8''Zo%C3%AB%20%221%22.png"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("accept-ranges", "bytes"),
        ("cache-control", "private, no-cache"),
    ] {
        assert_eq!(fields[name], value, "{name}");
    }
    for (extension, content_type) in [
        ("html", "application/octet-stream"),
        ("svg", "application/octet-stream"),
        ("txt", "text/plain; charset=utf-8"),
    ] {
        let (_, fields, _) = served(&NAME.replace("png", extension), "a", &[]).await;
        assert_eq!(fields["content-type"], content_type);
    }
}

#[tokio::test]
async fn a_name_that_deceives_is_replaced_by_the_generated_one() {
    for shown in ["../a.png", "a\u{202e}gnp.exe", "a\r\nSet-Cookie: x", "", "a.html", "a.png.exe", "a"] {
        let (_, fields, _) = served(NAME, shown, &[]).await;
        let expected = format!("attachment; filename=\"{NAME}\"; filename*=UTF-8''{NAME}");
        assert_eq!(fields["content-disposition"], expected, "{shown:?}");
    }
}

#[tokio::test]
async fn only_generated_names_are_files() {
    let upper = NAME.to_uppercase();
    let absolute = format!("/tmp/{NAME}");
    let unknown = NAME.replace("01a2", "02a2");
    let relative = format!("../{NAME}");
    let names = ["secret.png", "", ".", "..", "../secret.png", &upper, &absolute, &unknown, &relative, "a/b.png", NAME];
    for name in &names[..names.len() - 1] {
        let (status, _, body) = served(name, "a.png", &[]).await;
        assert_eq!(status, 404, "{name}");
        assert!(body.contains("not-found"), "{body}");
    }
    assert_eq!(served(NAME, "a.png", &[]).await.0, 200);
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_is_no_file() {
    let folder = tempfile::TempDir::new().unwrap();
    fs::write(folder.path().join("secret"), "secret").unwrap();
    std::os::unix::fs::symlink(folder.path().join("secret"), folder.path().join(NAME)).unwrap();
    let answer = serve(folder.path(), NAME, "a.png", &HeaderMap::new()).await;
    assert_eq!(answer.unwrap_err().status(), 404);
}

#[tokio::test]
async fn one_range_is_sent_and_a_known_file_is_not() {
    let tag = format!("\"{NAME}\"");
    for (fields, status, body, place) in [
        (vec![("range", "bytes=2-4")], 206, "234", Some("bytes 2-4/10")),
        (vec![("range", "bytes=-2")], 206, "89", Some("bytes 8-9/10")),
        (vec![("range", "bytes=0-1,3-4")], 200, "0123456789", None),
        (vec![("range", "bytes=2-4"), ("if-range", tag.as_str())], 206, "234", Some("bytes 2-4/10")),
        (vec![("range", "bytes=2-4"), ("if-range", "\"other\"")], 200, "0123456789", None),
        (vec![("if-none-match", tag.as_str())], 304, "", None),
        (vec![("if-none-match", "\"a\", W/\"b\"")], 200, "0123456789", None),
        (vec![("if-none-match", "*")], 304, "", None),
    ] {
        let (got, answer, text) = served(NAME, "a.png", &fields).await;
        assert_eq!((got, text.as_str()), (status, body), "{fields:?}");
        assert_eq!(answer.get("content-range").map(|place| place.to_str().unwrap()), place, "{fields:?}");
        assert_eq!(answer["content-security-policy"], "sandbox; default-src 'none'");
    }
    let (status, fields, _) = served(NAME, "a.png", &[("range", "bytes=10-")]).await;
    assert_eq!((status, &fields["content-range"]), (416, &"bytes */10".parse().unwrap()));
}

/// The client knows the length first, and must not take a part for the whole.
#[tokio::test]
async fn a_file_that_becomes_shorter_ends_the_answer_with_an_error() {
    let folder = tempfile::TempDir::new().unwrap();
    fs::write(folder.path().join(NAME), "0123456789").unwrap();
    let answer = serve(folder.path(), NAME, "a.png", &HeaderMap::new()).await.unwrap();
    fs::write(folder.path().join(NAME), "0123").unwrap();
    assert!(to_bytes(answer.into_body(), usize::MAX).await.is_err());
}
