use std::{fs, sync::LazyLock};

use axum::{
    body::Body,
    extract::{FromRef, FromRequest as _},
    http::{Request, header::CONTENT_TYPE},
};
use tokio::runtime::Runtime;

use super::text::text;
use crate::upload::{ClientName, FileType, Upload, UploadPolicy, UploadRules, Uploads, judged, range_of};

/// A name is one line that no system takes for a path.
pub(super) fn upload_name(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let Ok(name) = ClientName::new(text) else { return };
    let name = name.as_str();
    assert!(!name.is_empty() && name.len() <= 255 && !name.contains(['/', '\\', ':', '\0', '\n', '\u{202e}']));
    assert!(!name.starts_with(['.', ' ']) && !name.ends_with(['.', ' ']));
    assert_eq!(ClientName::new(name).unwrap().as_str(), name, "a name is in its one form");
}

/// Bytes are of one type that is not text, or of none.
pub(super) fn magic_bytes(bytes: &[u8]) {
    let binary = FileType::ALL.iter().filter(|kind| !kind.is_text() && judged(**kind, bytes).is_some());
    let binary: Vec<_> = binary.collect();
    assert!(binary.len() <= 1, "{binary:?}");
    if !binary.is_empty() {
        assert!(FileType::ALL.iter().all(|kind| !kind.is_text() || judged(*kind, bytes).is_none()));
    }
}

/// An archive is judged in bounded time. An accepted archive has its directory at the end.
pub(super) fn archive(bytes: &[u8]) {
    if judged(FileType::Zip, bytes) == Some(true) {
        assert!(bytes.windows(4).filter(|part| part == b"PK\x05\x06").count() >= 1);
    }
}

/// A range lies in the file.
pub(super) fn range(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    for length in [0, 1, 1_000, u64::MAX] {
        if let Some((first, last)) = range_of(text, length) {
            assert!(first <= last && last < length, "{text:?} of {length}");
        }
    }
}

struct Any;

impl UploadPolicy for Any {
    const RULES: UploadRules = UploadRules::new(4_096, FileType::ALL).with_max_files(2);
}

#[derive(Clone)]
struct App(Uploads);

impl FromRef<App> for Uploads {
    fn from_ref(app: &App) -> Self {
        app.0.clone()
    }
}

/// A form is read or refused, and no file stays.
pub(super) fn upload_body(bytes: &[u8]) {
    static RUNTIME: LazyLock<Runtime> =
        LazyLock::new(|| tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap());
    let folder = std::env::temp_dir().join(format!("auth-runtime-fuzzing-{}", std::process::id()));
    let app = App(Uploads::in_folder(&folder).unwrap());
    let request = Request::post("/").header(CONTENT_TYPE, "multipart/form-data; boundary=XX");
    let request = request.body(Body::from(bytes.to_vec())).unwrap();
    match RUNTIME.block_on(Upload::<Any>::from_request(request, &app)) {
        Ok(upload) => {
            assert!(upload.files().len() <= 2 && upload.files().iter().all(|file| file.bytes() <= 4_096));
        }
        Err(problem) => assert!([400, 413, 415, 422].contains(&problem.status().as_u16()), "{problem:?}"),
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
    fs::remove_dir(folder).unwrap();
}
