use std::{fs, path::Path};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, header::CONTENT_TYPE},
    routing::post,
};
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt as _;

use super::super::*;

pub(super) struct Any;

impl UploadPolicy for Any {
    const RULES: UploadRules =
        UploadRules::new(64 * 1024, FileType::ALL).with_max_files(2).with_max_entries(20).with_max_unpacked(1 << 20);
}

/// A folder and its router.
pub(super) struct Service {
    pub(super) folder: TempDir,
    pub(super) uploads: Uploads,
}

impl Service {
    pub(super) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let uploads = Uploads::in_folder(folder.path()).unwrap();
        Self { folder, uploads }
    }

    pub(super) fn router<P: UploadPolicy>(&self) -> Router {
        router::<P>(self.uploads.clone())
    }

    /// Sends a body. Returns the status, and the code of the problem or the handler's text.
    pub(super) async fn send<P: UploadPolicy>(&self, body: impl Into<Body>) -> (u16, String) {
        let request = Request::post("/").header(CONTENT_TYPE, "multipart/form-data; boundary=XX").body(body.into());
        let response = self.router::<P>().oneshot(request.unwrap()).await.unwrap();
        let status = response.status().as_u16();
        let text = String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap();
        assert_eq!(left(self.folder.path()), Vec::<String>::new(), "files were left");
        match status {
            200 => (status, text),
            _ => {
                let problem: Value = serde_json::from_str(&text).unwrap();
                (status, problem["code"].as_str().unwrap().to_owned())
            }
        }
    }

    pub(super) async fn send_file(&self, name: &str, declared: &str, content: &[u8]) -> (u16, String) {
        self.send::<Any>(form(&[file(name, declared, content)])).await
    }
}

/// Returns a router with a handler that returns its argument.
pub(super) fn router<P: UploadPolicy>(uploads: Uploads) -> Router {
    async fn told<P: UploadPolicy>(upload: Upload<P>) -> String {
        let files = upload.files().iter().map(|file| {
            let size = file.dimensions().map(|(width, height)| format!(" {width}x{height}")).unwrap_or_default();
            format!("{} {} {}{size}", file.client_name(), file.file_type().media_type(), file.bytes())
        });
        let fields = upload.fields().map(|(name, value)| format!("{name}={value}"));
        files.chain(fields).collect::<Vec<_>>().join("\n")
    }
    Router::new().route("/", post(told::<P>)).with_state(State(uploads))
}

#[derive(Clone)]
pub(super) struct State(Uploads);

impl State {
    pub(super) fn new(uploads: Uploads) -> Self {
        Self(uploads)
    }
}

impl axum::extract::FromRef<State> for Uploads {
    fn from_ref(state: &State) -> Self {
        state.0.clone()
    }
}

/// Returns the names of the files in a folder.
pub(super) fn left(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

pub(super) fn file(name: &str, declared: &str, content: &[u8]) -> Vec<u8> {
    let head = format!(
        "Content-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: {declared}\r\n\r\n"
    );
    [head.as_bytes(), content].concat()
}

pub(super) fn field(name: &str, value: &str) -> Vec<u8> {
    format!("Content-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}").into_bytes()
}

pub(super) fn form(parts: &[Vec<u8>]) -> Vec<u8> {
    let mut body = Vec::new();
    for part in parts {
        body.extend_from_slice(b"--XX\r\n");
        body.extend_from_slice(part);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--XX--\r\n");
    body
}

pub(super) fn png(width: u32, height: u32, between: &[u8]) -> Vec<u8> {
    let mut image = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    image.extend_from_slice(&width.to_be_bytes());
    image.extend_from_slice(&height.to_be_bytes());
    image.extend_from_slice(b"\x08\x06\0\0\0\0\0\0\0");
    image.extend_from_slice(between);
    image.extend_from_slice(b"\0\0\0\0IEND\xae\x42\x60\x82");
    image
}

/// Returns a JPEG with a comment before its frame.
pub(super) fn jpeg(width: u16, height: u16, comment: &[u8]) -> Vec<u8> {
    let mut image = b"\xff\xd8\xff\xfe".to_vec();
    image.extend_from_slice(&u16::try_from(comment.len() + 2).unwrap().to_be_bytes());
    image.extend_from_slice(comment);
    image.extend_from_slice(b"\xff\xc0\0\x0b\x08");
    image.extend_from_slice(&height.to_be_bytes());
    image.extend_from_slice(&width.to_be_bytes());
    image.extend_from_slice(b"\x01\x01\x11\0\xff\xda\0\x08\x01\x01\0\0\x3f\0data\xff\xd9");
    image
}

pub(super) fn gif(width: u16, height: u16, between: &[u8]) -> Vec<u8> {
    let sides = [width.to_le_bytes(), height.to_le_bytes()].concat();
    [b"GIF89a".as_slice(), &sides, b"\0\0\0", between, b";"].concat()
}

pub(super) fn mp4(free: &[u8]) -> Vec<u8> {
    let length = u32::try_from(free.len() + 8).unwrap().to_be_bytes();
    [b"\0\0\0\x10ftypisom\0\0\0\0".as_slice(), &length, b"free", free].concat()
}

pub(super) fn pdf(content: &[u8]) -> Vec<u8> {
    [b"%PDF-1.7\n".as_slice(), content, b"\n%%EOF\n"].concat()
}

/// An entry of an archive, with what its directory says.
#[derive(Clone)]
pub(super) struct Packed {
    pub(super) name: &'static str,
    pub(super) data: Vec<u8>,
    pub(super) unpacked: u32,
    pub(super) method: u16,
    pub(super) flags: u16,
    pub(super) mode: u32,
    pub(super) local_name: Option<&'static str>,
    /// The packed length in the header before the data, where it is another one.
    pub(super) local_length: Option<u32>,
    /// Extra fields in both places.
    pub(super) extra: Vec<u8>,
    /// The attributes of MS-DOS and Windows.
    pub(super) attributes: u16,
}

pub(super) fn packed(name: &'static str, data: &[u8]) -> Packed {
    let unpacked = u32::try_from(data.len()).unwrap();
    Packed {
        name,
        data: data.to_vec(),
        unpacked,
        method: 0,
        flags: 0,
        mode: 0o100_644,
        local_name: None,
        local_length: None,
        extra: Vec::new(),
        attributes: 0,
    }
}

pub(super) fn zip(entries: &[Packed]) -> Vec<u8> {
    let (mut all, mut directory) = (Vec::new(), Vec::new());
    for entry in entries {
        let start = u32::try_from(all.len()).unwrap().to_le_bytes();
        let length = u32::try_from(entry.data.len()).unwrap().to_le_bytes();
        let name_length = |name: &str| u16::try_from(name.len()).unwrap().to_le_bytes();
        let local_name = entry.local_name.unwrap_or(entry.name);
        let both = [entry.flags.to_le_bytes(), entry.method.to_le_bytes()].concat();
        let local_length = entry.local_length.map_or(length, u32::to_le_bytes);
        let local_unpacked = entry.local_length.unwrap_or(entry.unpacked).to_le_bytes();
        let extra_length = u16::try_from(entry.extra.len()).unwrap().to_le_bytes();
        all.extend([b"PK\x03\x04\x14\0".as_slice(), &both, &[0; 8], &local_length, &local_unpacked].concat());
        all.extend([&name_length(local_name)[..], &extra_length, local_name.as_bytes(), &entry.extra].concat());
        all.extend(&entry.data);
        directory.extend([b"PK\x01\x02\x14\x03\x14\0".as_slice(), &both, &[0; 8], &length].concat());
        directory
            .extend([&entry.unpacked.to_le_bytes()[..], &name_length(entry.name), &extra_length, &[0; 6]].concat());
        let attributes = (entry.mode << 16 | u32::from(entry.attributes)).to_le_bytes();
        directory.extend([&attributes[..], &start, entry.name.as_bytes(), &entry.extra].concat());
    }
    let count = u16::try_from(entries.len()).unwrap().to_le_bytes();
    let (length, start) = (u32::try_from(directory.len()).unwrap(), u32::try_from(all.len()).unwrap());
    all.extend(directory);
    all.extend(
        [b"PK\x05\x06\0\0\0\0".as_slice(), &count, &count, &length.to_le_bytes(), &start.to_le_bytes()].concat(),
    );
    all.extend([0; 2]);
    all
}
