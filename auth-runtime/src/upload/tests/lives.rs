//! How much is read before a decision, and which files stay on the disk.

use core::{
    pin::Pin,
    sync::atomic::{AtomicUsize, Ordering},
    task::{Context, Poll},
    time::Duration,
};
use std::{convert::Infallible, fs, sync::Arc};

use axum::{
    body::{Body, Bytes, HttpBody},
    http::{Request, header::CONTENT_TYPE},
};
use http_body::Frame;
use tower::ServiceExt as _;

use super::support::*;

/// A body of these frames. It never ends where `ends` is false.
struct Frames<I> {
    frames: I,
    ends: bool,
    read: Arc<AtomicUsize>,
}

impl<I: Iterator<Item = Bytes> + Unpin> HttpBody for Frames<I> {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match self.frames.next() {
            Some(bytes) => {
                self.read.fetch_add(bytes.len(), Ordering::Relaxed);
                Poll::Ready(Some(Ok(Frame::data(bytes))))
            }
            None if self.ends => Poll::Ready(None),
            None => Poll::Pending,
        }
    }
}

/// Returns a body of these frames, and the count of the bytes that were read.
pub(super) fn frames(frames: impl Iterator<Item = Bytes> + Send + Unpin + 'static) -> (Body, Arc<AtomicUsize>) {
    let read = Arc::<AtomicUsize>::default();
    (Body::new(Frames { frames, ends: true, read: Arc::clone(&read) }), read)
}

/// Returns a body of 1 KiB a frame, and the count of the bytes that were read.
pub(super) fn counted(bytes: Vec<u8>, ends: bool) -> (Body, Arc<AtomicUsize>) {
    let read = Arc::<AtomicUsize>::default();
    let frames = Bytes::from(bytes);
    let frames = (0..frames.len()).step_by(1024).map(move |at| frames.slice(at..frames.len().min(at + 1024)));
    (Body::new(Frames { frames, ends, read: Arc::clone(&read) }), read)
}

#[tokio::test]
async fn a_file_whose_bytes_lie_is_refused_within_its_first_4_kib() {
    let service = Service::new();
    let lie = vec![b'M'; 60_000];
    let large = png(65_500, 65_500, &[0; 60_000]);
    for (content, answer) in [(&lie, (415, "file-type-refused")), (&large, (422, "image-too-large"))] {
        let (body, read) = counted(form(&[file("a.png", "image/png", content)]), true);
        assert_eq!(service.send::<Any>(body).await, (answer.0, answer.1.to_owned()));
        let read = read.load(Ordering::Relaxed);
        assert!(read <= 6 * 1024, "{read} bytes were read");
    }
}

/// The name and the declared type refuse a file before any of its content arrives.
#[tokio::test]
async fn a_name_that_is_refused_costs_no_content() {
    let service = Service::new();
    for (name, declared) in [("a.exe", "image/png"), ("a.png", "text/html"), ("../a.png", "image/png")] {
        let (body, read) = counted(form(&[file(name, declared, &[0; 60_000])]), true);
        assert!(service.send::<Any>(body).await.0 >= 400);
        assert!(read.load(Ordering::Relaxed) <= 2 * 1024, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_that_stalls_is_408() {
    let service = Service::new();
    let mut half = form(&[file("a.txt", "text/plain", &[b'x'; 50_000])]);
    half.truncate(30_000);
    for sent in [half, b"--XX\r\nContent-".to_vec()] {
        let (body, _) = counted(sent, false);
        let began = tokio::time::Instant::now();
        assert_eq!(service.send::<Any>(body).await, (408, "request-timeout".to_owned()));
        assert_eq!(began.elapsed().as_secs(), 30);
    }
}

#[tokio::test]
async fn a_client_that_hangs_up_leaves_nothing() {
    let service = Service::new();
    let mut half = form(&[file("1.txt", "text/plain", b"1"), file("2.txt", "text/plain", &[b'x'; 50_000])]);
    half.truncate(30_000);
    let (body, _) = counted(half, false);
    let request = Request::post("/").header(CONTENT_TYPE, "multipart/form-data; boundary=XX").body(body).unwrap();
    let pending = service.router::<Any>().oneshot(request);
    assert!(tokio::time::timeout(Duration::from_millis(500), pending).await.is_err());
    assert_eq!(left(service.folder.path()), Vec::<String>::new());
}

#[test]
fn the_start_deletes_what_a_killed_process_left_and_nothing_else() {
    let folder = tempfile::TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    for name in [".upload-dead.part", ".upload-live.part", "photo.png", ".upload-other"] {
        fs::write(at(name), "x").unwrap();
    }
    let live = fs::File::open(at(".upload-live.part")).unwrap();
    live.lock().unwrap();
    super::super::Uploads::in_folder(folder.path()).unwrap();
    assert_eq!(left(folder.path()), [".upload-live.part", ".upload-other", "photo.png"]);
    drop(live);
    super::super::Uploads::in_folder(folder.path()).unwrap();
    assert_eq!(left(folder.path()), [".upload-other", "photo.png"]);
}
