//! Measures an upload of 1 GiB to a file: `Upload` with its checks, and axum's `Multipart` without any, in the same
//! run.
//!
//! Run it with `cargo bench -p auth-runtime --features upload --bench upload`. Each way runs five times, in turns, and
//! the fastest run of each counts. The peak of the process's memory is printed before the first run, after one run of
//! `Upload`, and at the end (Linux only).
#![allow(missing_docs, reason = "a benchmark")]
#![allow(clippy::print_stdout, reason = "a benchmark's result")]

use core::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};
use std::{
    fs,
    time::{Duration, Instant},
};

use auth_runtime::upload::{FileType, Upload, UploadPolicy, UploadRules, Uploads};
use axum::{
    Router,
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, FromRef, Multipart, Request, State},
    http::{StatusCode, header::CONTENT_TYPE},
    routing::post,
};
use futures_core::Stream;
use tempfile::TempDir;
use tokio::{fs::File, io::AsyncWriteExt as _, runtime::Builder};
use tower::ServiceExt as _;

/// What hyper reads from a fast connection at once.
const FRAME: usize = 64 * 1024;

struct Films;

impl UploadPolicy for Films {
    const RULES: UploadRules = UploadRules::new(2 << 30, &[FileType::WebM]);
}

#[derive(Clone)]
struct App {
    folder: std::sync::Arc<TempDir>,
    uploads: Uploads,
}

impl FromRef<App> for Uploads {
    fn from_ref(app: &App) -> Self {
        app.uploads.clone()
    }
}

async fn checked(State(app): State<App>, films: Upload<Films>) {
    for film in films.into_files() {
        film.persist(app.folder.path()).await.expect("the file is moved");
    }
}

async fn plain(State(app): State<App>, mut form: Multipart) {
    while let Some(mut part) = form.next_field().await.expect("a part") {
        let mut file = File::create(app.folder.path().join("plain")).await.expect("a file");
        while let Some(bytes) = part.chunk().await.expect("bytes") {
            file.write_all(&bytes).await.expect("the file is written");
        }
        file.flush().await.expect("the file is written");
    }
}

/// A form with one file of [`bytes`].
struct Form {
    head: Option<Bytes>,
    frames: usize,
    end: Option<Bytes>,
}

impl Stream for Form {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        static ZEROS: [u8; FRAME] = [0; FRAME];
        if let Some(head) = self.head.take() {
            return Poll::Ready(Some(Ok(head)));
        }
        if self.frames > 0 {
            self.frames -= 1;
            return Poll::Ready(Some(Ok(Bytes::from_static(&ZEROS))));
        }
        Poll::Ready(self.end.take().map(Ok))
    }
}

/// Returns the length of the file: 1 GiB, or 1 MiB in a short run.
fn bytes() -> usize {
    if is_short() { 1 << 20 } else { 1 << 30 }
}

/// Returns whether one short run is to show that the program works: `cargo test --bench '*' -- --test`.
fn is_short() -> bool {
    std::env::args().any(|argument| argument == "--test")
}

async fn upload(app: &Router, path: &str) -> Duration {
    let head =
        b"--XX\r\nContent-Disposition: form-data; name=\"film\"; filename=\"a.webm\"\r\n\r\n\x1a\x45\xdf\xa3webm";
    let end = Bytes::from_static(b"\r\n--XX--\r\n");
    let form = Form { head: Some(Bytes::from_static(head)), frames: bytes() / FRAME, end: Some(end) };
    let request = Request::post(path)
        .header(CONTENT_TYPE, "multipart/form-data; boundary=XX")
        .body(Body::from_stream(form))
        .expect("a request");
    let began = Instant::now();
    let response = app.clone().oneshot(request).await.expect("an answer");
    assert_eq!(response.status(), StatusCode::OK);
    began.elapsed()
}

fn main() {
    let folder = TempDir::new().expect("a folder");
    let uploads = Uploads::in_folder(folder.path().join("spool")).expect("a folder");
    let app = App { folder: std::sync::Arc::new(folder), uploads };
    let router = Router::new()
        .route("/checked", post(checked))
        .route("/plain", post(plain))
        .layer(DefaultBodyLimit::disable())
        .with_state(app.clone());
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    print_peak("before the first run");
    let mut fastest = [runtime.block_on(upload(&router, "/checked")), Duration::MAX];
    print_peak("after one run of `Upload`");
    for _ in 0..if is_short() { 1 } else { 5 } {
        for (at, path) in ["/checked", "/plain"].into_iter().enumerate() {
            fastest[at] = fastest[at].min(runtime.block_on(upload(&router, path)));
            for file in fs::read_dir(app.folder.path()).expect("the folder") {
                let _ = fs::remove_file(file.expect("a file").path());
            }
        }
    }
    let [checked, plain] = fastest;
    println!(
        "Upload: {checked:?}; axum's Multipart: {plain:?}; throughput: {:.2}",
        plain.as_secs_f64() / checked.as_secs_f64()
    );
    print_peak("after all runs");
}

/// Prints the largest resident memory of the process until now.
fn print_peak(when: &str) {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    for line in status.lines().filter(|line| line.starts_with("VmHWM")) {
        println!("{line} {when}");
    }
}
