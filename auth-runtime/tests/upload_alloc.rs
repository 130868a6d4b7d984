//! Counts the memory of an upload. The test is a binary of its own, because it counts in the allocator of the process.
#![cfg(feature = "upload")]

use core::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use allocation_counter::measure;
use auth_runtime::upload::{FileType, Upload, UploadPolicy, UploadRules, Uploads};
use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::FromRef,
    http::{Request, header::CONTENT_TYPE},
    routing::post,
};
use http_body::Frame;
use tower::ServiceExt as _;

struct Large;

impl UploadPolicy for Large {
    const RULES: UploadRules = UploadRules::new(1 << 30, &[FileType::PlainText]);
}

#[derive(Clone)]
struct State(Uploads);

impl FromRef<State> for Uploads {
    fn from_ref(state: &State) -> Self {
        state.0.clone()
    }
}

/// A body with parts that come one after the other.
struct Frames<I>(I);

impl<I: Iterator<Item = Bytes> + Unpin> http_body::Body for Frames<I> {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.next().map(Frame::data).map(Ok))
    }
}

static BLOCK: [u8; 1 << 20] = [b'x'; 1 << 20];
const BLOCKS: u64 = 64;

async fn length(upload: Upload<Large>) -> String {
    upload.files().iter().map(|file| file.bytes().to_string()).collect()
}

/// The default limit of axum is for bodies in memory, and does not hold for uploads.
#[test]
fn a_large_file_takes_little_memory() {
    let folder = tempfile::tempdir().unwrap();
    let router = Router::new().route("/", post(length)).with_state(State(Uploads::in_folder(folder.path()).unwrap()));
    let head =
        "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\n";
    let frames = core::iter::once(Bytes::from_static(head.as_bytes()))
        .chain((0..BLOCKS).map(|_| Bytes::from_static(&BLOCK)))
        .chain([Bytes::from_static(b"\r\n--XX--\r\n")]);
    let request = Request::post("/").header(CONTENT_TYPE, "multipart/form-data; boundary=XX");
    let request = request.body(Body::new(Frames(frames))).unwrap();
    let mut answer = None;
    let counted = measure(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        answer = Some(runtime.block_on(async {
            let response = router.oneshot(request).await.unwrap();
            to_bytes(response.into_body(), 1024).await.unwrap()
        }));
    });
    assert_eq!(answer.unwrap(), (BLOCKS << 20).to_string());
    assert!(counted.bytes_max < 2 << 20, "{} bytes at once", counted.bytes_max);
}
