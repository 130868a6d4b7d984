//! What operators learn of refused uploads: the reason and the file's place, and nothing that the client chose.
//!
//! The test is a binary of its own, because tracing remembers for the process which events any subscriber wants.
#![cfg(feature = "upload")]

use std::{
    fs, io,
    sync::{Arc, Mutex},
};

use auth_runtime::upload::{FileType, Upload, UploadPolicy, UploadRules, Uploads};
use axum::{
    Router,
    body::Body,
    extract::FromRef,
    http::{Request, header::CONTENT_TYPE},
    routing::post,
};
use tower::ServiceExt as _;

struct Texts;

impl UploadPolicy for Texts {
    const RULES: UploadRules = UploadRules::new(1_000, &[FileType::PlainText, FileType::Png]);
}

#[derive(Clone)]
struct App(Uploads);

impl FromRef<App> for Uploads {
    fn from_ref(app: &App) -> Self {
        app.0.clone()
    }
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Returns the events since the last call.
    fn take(&self) -> String {
        String::from_utf8(std::mem::take(&mut *self.0.lock().unwrap())).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn form(name: &str, content: &str) -> String {
    format!("--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"{name}\"\r\n\r\n{content}\r\n--XX--\r\n")
}

#[tokio::test]
async fn each_refusal_is_one_event_with_its_reason_and_nothing_of_the_client() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let folder = tempfile::TempDir::new().unwrap();
    let app = App(Uploads::in_folder(folder.path()).unwrap());
    let app = Router::new().route("/", post(async |_: Upload<Texts>| ())).with_state(app);
    let send = async |kind: &str, body: String| {
        let request = Request::post("/").header(CONTENT_TYPE, kind).body(Body::from(body)).unwrap();
        let status = app.clone().oneshot(request).await.unwrap().status().as_u16();
        (status, log.take())
    };
    const FORM: &str = "multipart/form-data; boundary=XX";
    for (name, content, status, reason) in [
        ("canary.exe", "canary", 415, "file_type_not_allowed"),
        ("canary.png", "canary", 415, "file_type_disagrees"),
        ("canary\u{202e}.txt", "canary", 422, "file_name_refused"),
        ("canary.txt", &*"canary ".repeat(200), 413, "file_too_large"),
        ("canary.txt", "", 422, "file_damaged"),
    ] {
        let (got, events) = send(FORM, form(name, content)).await;
        assert_eq!((got, events.lines().count()), (status, 1), "{reason}: {events}");
        assert!(events.contains(&format!("outcome=\"refused\" reason=\"{reason}\" file=1")), "{events}");
        assert!(events.contains("INFO auth_runtime::upload") && !events.contains("canary"), "{events}");
    }
    let (status, events) = send("text/plain", "canary".to_owned()).await;
    assert_eq!((status, events.lines().count()), (415, 1), "{events}");
    assert!(events.contains("reason=\"not_a_form\"") && !events.contains("file="), "{events}");
    fs::remove_dir(folder.path()).unwrap();
    let (status, events) = send(FORM, form("canary.txt", "canary")).await;
    assert_eq!((status, events.lines().count()), (503, 1), "{events}");
    let failure = "ERROR auth_runtime::upload: outcome=\"failed\" reason=\"unavailable\" store=\"upload_disk\"";
    assert!(events.contains(failure) && !events.contains("canary"), "{events}");
    fs::create_dir(folder.path()).unwrap();
}
