use axum::{
    body::{Body, to_bytes},
    http::{Request, header::CONTENT_TYPE},
};
use http_body_util::Limited;
use tower::ServiceExt as _;

use super::support::*;

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[tokio::test]
async fn a_file_of_exactly_the_limit_is_taken_and_one_byte_more_is_not() {
    let service = Service::new();
    let text = vec![b'x'; 64 * 1024 + 1];
    let (status, said) = service.send_file("a.txt", "text/plain", &text[1..]).await;
    assert_eq!((status, said.as_str()), (200, "a.txt text/plain 65536"));
    assert_eq!(service.send_file("a.txt", "text/plain", &text).await, refused(413, "file-too-large"));
}

#[tokio::test]
async fn files_and_fields_keep_their_order_and_empty_inputs_count_for_nothing() {
    let (one, two) = (file("1.txt", "text/plain", b"1"), file("2.txt", "text/plain", b"2"));
    let unused = file("", "application/octet-stream", b"");
    let body = form(&[field("title", "a\r\n--X"), unused.clone(), one.clone(), unused.clone(), two.clone(), unused]);
    let service = Service::new();
    let (status, said) = service.send::<Any>(body).await;
    assert_eq!((status, said.as_str()), (200, "1.txt text/plain 1\n2.txt text/plain 1\ntitle=a\r\n--X"));
    assert_eq!(service.send::<Any>(form(&[one.clone(), two, one])).await, refused(422, "too-many-files"));
    assert_eq!(service.send::<Any>(form(&[file("", "image/png", b"x")])).await, refused(422, "file-name-refused"));
    assert_eq!(service.send::<Any>(form(&[])).await, (200, String::new()));
}

#[tokio::test]
async fn parts_heads_and_fields_are_bounded() {
    let service = Service::new();
    assert_eq!(service.send::<Any>(form(&vec![field("a", ""); 32])).await.0, 200);
    assert_eq!(service.send::<Any>(form(&vec![field("a", ""); 33])).await, refused(413, "form-too-large"));
    let many = form(&vec![field("a", ""); 5_000]);
    assert_eq!(service.send::<Any>(many).await, refused(413, "form-too-large"));
    let unused = form(&vec![file("", "application/octet-stream", b""); 5_000]);
    assert_eq!(service.send::<Any>(unused).await, refused(413, "form-too-large"));
    let long_field = form(&[field("a", &"x".repeat(64 * 1024 + 1))]);
    assert_eq!(service.send::<Any>(long_field).await, refused(413, "form-too-large"));
    let long_head = form(&[format!("X-Long: {}\r\n\r\n", "x".repeat(100_000)).into_bytes()]);
    assert_eq!(service.send::<Any>(long_head).await, refused(413, "form-too-large"));
    let preamble = [&[b'x'; 100_000][..], &form(&[field("a", "b")])].concat();
    assert_eq!(service.send::<Any>(preamble).await, refused(413, "form-too-large"));
    let many_fields = form(&[["A: b\r\n"; 40].concat().into_bytes()]);
    assert_eq!(service.send::<Any>(many_fields).await, refused(400, "bad-request"));
}

/// A name that cannot be read would make a text field of a file.
#[tokio::test]
async fn a_file_is_never_a_text_field() {
    let service = Service::new();
    let head = |rest: &[u8]| [b"Content-Disposition: form-data; name=\"a\"; ", rest, b"\r\n\r\nMZ"].concat();
    for rest in [
        b"filename*=UTF-8''a.exe".as_slice(),
        b"FileName=\"a.exe\"",
        b"filename=\"\xff.exe\"",
        b"filename=\"a.exe",
        b"filename = ",
        b"filename*0=\"a.\"; filename*1=\"exe\"",
    ] {
        assert!(service.send::<Any>(form(&[head(rest)])).await.0 >= 400, "{}", String::from_utf8_lossy(rest));
    }
    let named = form(&[field("filename", "a"), field("my filename", "b")]);
    assert_eq!(service.send::<Any>(named).await, (200, "filename=a\nmy filename=b".to_owned()));
}

#[tokio::test]
async fn a_malformed_form_is_400_and_another_body_415() {
    let service = Service::new();
    let whole = form(&[file("a.txt", "text/plain", b"text")]);
    for cut in [0, 1, 10, 50, whole.len() - 8] {
        assert_eq!(service.send::<Any>(whole[..cut].to_vec()).await, refused(400, "bad-request"), "{cut}");
    }
    // The boundary inside the data ends the part, and what follows is no part.
    let inside = form(&[file("a.txt", "text/plain", b"a\r\n--XXb")]);
    assert_eq!(service.send::<Any>(inside).await, refused(400, "bad-request"));
    let harmless = form(&[file("a.txt", "text/plain", b"a--XX\n--XX\r\n--X")]);
    assert_eq!(service.send::<Any>(harmless).await.0, 200);
    for content_type in ["application/json", "multipart/form-data", "text/plain; boundary=XX", ""] {
        let request = Request::post("/").header(CONTENT_TYPE, content_type).body(Body::from(whole.clone())).unwrap();
        let response = service.router::<Any>().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 415, "{content_type}");
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        assert!(String::from_utf8_lossy(&body).contains("unsupported-media-type"));
    }
}

/// A layer of the application may bound bodies. A body that it cuts is no mistake of the form.
#[tokio::test]
async fn a_body_that_a_layer_cuts_is_413() {
    let whole = form(&[file("a.txt", "text/plain", &[b'x'; 5_000])]);
    for most in [10, 100, 1_000] {
        let cut = Body::new(Limited::new(Body::from(whole.clone()), most));
        assert_eq!(Service::new().send::<Any>(cut).await, refused(413, "payload-too-large"), "{most}");
    }
}
