use core::error::Error;
use std::{
    fs,
    path::Path,
    sync::{Arc, Mutex},
};

use axum::{
    extract::{FromRequest as _, Request},
    http::header::CONTENT_TYPE,
};

use super::super::*;
use super::support::*;
use crate::store::BoxFuture;

async fn taken(service: &Service, content: &[u8]) -> UploadedFile {
    let body = form(&[file("holiday.png", "image/png", content)]);
    let request = Request::post("/").header(CONTENT_TYPE, "multipart/form-data; boundary=XX").body(body.into());
    let state = State::new(service.uploads.clone());
    let upload = Upload::<Any>::from_request(request.unwrap(), &state).await.unwrap();
    upload.into_files().remove(0)
}

#[tokio::test]
async fn a_file_gets_a_name_of_its_own_and_is_moved_or_copied_as_a_whole() {
    let service = Service::new();
    let image = png(4, 3, b"");
    let folder = tempfile::TempDir::new().unwrap();
    let file = taken(&service, &image).await;
    let name = file.name();
    assert!(name.ends_with(".png") && !name.contains("holiday"), "{name}");
    let mut sink = Vec::new();
    assert_eq!(file.copy_to(&mut sink).await.unwrap(), 45);
    assert_eq!(sink, image);
    let path = file.persist(folder.path()).await.unwrap();
    assert_eq!(path, folder.path().join(&name));
    assert_eq!(fs::read(&path).unwrap(), image);
    assert_eq!(left(service.folder.path()), Vec::<String>::new());
}

/// Its client has hung up, and no record will name the file.
#[tokio::test]
async fn a_handler_that_ends_while_it_moves_a_file_leaves_none() {
    let service = Service::new();
    let folder = tempfile::TempDir::new().unwrap();
    for _ in 0..20 {
        let file = taken(&service, &png(4, 3, b"")).await;
        let moving = tokio::time::timeout(core::time::Duration::ZERO, file.persist(folder.path())).await;
        // The thread that moves the file goes on.
        tokio::time::sleep(core::time::Duration::from_millis(50)).await;
        assert_eq!(left(folder.path()).len(), usize::from(moving.is_ok()));
        if let Ok(moved) = moving {
            fs::remove_file(moved.unwrap()).unwrap();
        }
    }
}

#[tokio::test]
async fn the_first_file_creates_its_folder() {
    let service = Service::new();
    let folder = tempfile::TempDir::new().unwrap();
    let photos = folder.path().join("gallery/photos");
    for _ in 0..2 {
        let path = taken(&service, &png(4, 3, b"")).await.persist(&photos).await.unwrap();
        assert_eq!(path.parent(), Some(photos.as_path()));
        assert!(path.is_file());
    }
}

/// The memory file system of Linux is another one than that of temporary files, on most machines.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_file_is_copied_to_another_file_system_as_a_whole() {
    use std::os::unix::fs::MetadataExt as _;

    let service = Service::new();
    let Ok(folder) = tempfile::TempDir::new_in("/dev/shm") else { return };
    let [from, to] = [service.folder.path(), folder.path()].map(|folder| fs::metadata(folder).unwrap().dev());
    if from == to {
        return;
    }
    let image = png(4, 3, &[0; 60_000]);
    let file = taken(&service, &image).await;
    let name = file.name();
    assert_eq!(file.persist(folder.path()).await.unwrap(), folder.path().join(&name));
    assert_eq!(left(folder.path()), [name.as_str()], "nothing else is there");
    assert_eq!(fs::read(folder.path().join(&name)).unwrap(), image);
    let file = taken(&service, &image).await;
    assert!(file.persist(folder.path().join(&name).join("none")).await.is_err());
    assert_eq!(left(service.folder.path()), Vec::<String>::new());
}

#[tokio::test]
async fn a_file_that_is_dropped_is_deleted() {
    let service = Service::new();
    let file = taken(&service, &png(4, 3, b"")).await;
    assert_eq!(left(service.folder.path()).len(), 1);
    // Another process that starts meanwhile leaves it alone.
    Uploads::in_folder(service.folder.path()).unwrap();
    assert_eq!(left(service.folder.path()).len(), 1);
    drop(file);
    assert_eq!(left(service.folder.path()), Vec::<String>::new());
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_service_can_read_a_spooled_file() {
    use std::os::unix::fs::PermissionsExt as _;

    let service = Service::new();
    let file = taken(&service, &png(4, 3, b"")).await;
    let mode = fs::metadata(file.spooled.path()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

type Seen = Arc<Mutex<Vec<(FileType, Vec<u8>)>>>;

struct Says(fn() -> Result<Verdict, Box<dyn Error + Send + Sync>>, Seen);

impl Scanner for Says {
    fn scan<'a>(
        &'a self,
        path: &'a Path,
        file_type: FileType,
    ) -> BoxFuture<'a, Result<Verdict, Box<dyn Error + Send + Sync>>> {
        self.1.lock().unwrap().push((file_type, fs::read(path).unwrap()));
        Box::pin(async { (self.0)() })
    }
}

struct Silent;

impl Scanner for Silent {
    fn scan<'a>(&'a self, _: &'a Path, _: FileType) -> BoxFuture<'a, Result<Verdict, Box<dyn Error + Send + Sync>>> {
        Box::pin(core::future::pending())
    }
}

#[tokio::test]
async fn the_handler_gets_a_file_only_if_the_scanner_says_clean() {
    for (says, status, said) in [
        ((|| Ok(Verdict::Clean)) as fn() -> _, 200, "a.txt text/plain 4"),
        (|| Ok(Verdict::Refused), 422, "file-refused"),
        (|| Err("no answer".into()), 503, "unavailable"),
    ] {
        let mut service = Service::new();
        let seen = Seen::default();
        service.uploads = service.uploads.with_scanner(Says(says, Arc::clone(&seen)));
        assert_eq!(service.send_file("a.txt", "text/plain", b"text").await, (status, said.to_owned()));
        assert_eq!(*seen.lock().unwrap(), [(FileType::PlainText, b"text".to_vec())]);
        // A file that other checks refuse is not scanned, by its first bytes or as a whole.
        service.send_file("a.txt", "text/plain", b"<html>").await;
        service.send_file("a.png", "image/png", &png(4, 3, b"")[..40]).await;
        assert_eq!(seen.lock().unwrap().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_scanner_without_an_answer_is_503() {
    let mut service = Service::new();
    service.uploads = service.uploads.with_scanner(Silent);
    let began = tokio::time::Instant::now();
    assert_eq!(service.send_file("a.txt", "text/plain", b"text").await, (503, "unavailable".to_owned()));
    assert_eq!(began.elapsed().as_secs(), 60);
}

#[tokio::test]
async fn a_disk_that_fails_is_503() {
    let service = Service::new();
    fs::remove_dir(service.folder.path()).unwrap();
    let body = form(&[file("a.txt", "text/plain", b"text")]);
    let request = Request::post("/").header(CONTENT_TYPE, "multipart/form-data; boundary=XX").body(body.into());
    let refused = Upload::<Any>::from_request(request.unwrap(), &State::new(service.uploads.clone())).await;
    assert_eq!(refused.unwrap_err().status(), 503);
    fs::create_dir(service.folder.path()).unwrap();
}
