use super::support::*;

const REFUSED: (u16, &str) = (415, "file-type-refused");
const DAMAGED: (u16, &str) = (422, "file-damaged");
const LARGE: (u16, &str) = (422, "image-too-large");
const NAME: (u16, &str) = (422, "file-name-refused");

/// The case's name, the file's name, the declared type, the content, and the status with its code or the file's facts.
type Case = (&'static str, &'static str, &'static str, Vec<u8>, (u16, &'static str));

/// The answers are documented at `Upload`.
#[tokio::test]
async fn every_pair_of_types_has_its_documented_answer() {
    let service = Service::new();
    let image = png(4, 3, b"");
    let archive = zip(&[packed("a.txt", b"text")]);
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>".as_slice();
    let mut cut = image.clone();
    cut.truncate(40);
    let php = b"\0\0\0\x10tEXt<?php evil(); ?>\0\0\0\0";
    let webp = b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x03\0\0\x02\0\0";
    let huge_webp = b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff";
    #[rustfmt::skip]
    let cases: [Case; 67] = [
        // What it says it is.
        ("png", "a.png", "image/png", image.clone(), (200, "a.png image/png 45 4x3")),
        ("capitals", "A.PNG", "IMAGE/PNG", image.clone(), (200, "A.PNG image/png 45 4x3")),
        ("no declared type known", "a.png", "application/octet-stream", image.clone(), (200, "a.png image/png 45 4x3")),
        ("jpeg", "a.jpg", "image/jpeg", jpeg(9, 8, b""), (200, "a.jpg image/jpeg 35 9x8")),
        ("gif", "a.gif", "image/gif", gif(5, 6, b""), (200, "a.gif image/gif 14 5x6")),
        ("webp", "a.webp", "image/webp", webp.to_vec(), (200, "a.webp image/webp 30 4x3")),
        ("pdf", "a.pdf", "application/pdf", pdf(b""), (200, "a.pdf application/pdf 16")),
        ("zip", "a.zip", "application/zip", archive.clone(), (200, "a.zip application/zip 112")),
        ("mp4", "a.mp4", "video/mp4", mp4(b"film"), (200, "a.mp4 video/mp4 28")),
        ("text", "a.txt", "text/plain; charset=utf-8", "grüß".into(), (200, "a.txt text/plain 6")),
        ("csv of a spreadsheet", "a.csv", "application/vnd.ms-excel", b"a;b".to_vec(), (200, "a.csv text/csv 3")),
        ("json", "a.json", "application/json", b"{\"a\":[1]}".to_vec(), (200, "a.json application/json 9")),
        ("svg, a document", "a.svg", "image/svg+xml", svg.to_vec(), (200, "a.svg image/svg+xml 71")),
        ("html, a document", "a.html", "text/html", b"<!DOCTYPE html>".to_vec(), (200, "a.html text/html 15")),
        // One of the three lies.
        ("wrong extension", "a.jpg", "image/jpeg", image.clone(), REFUSED),
        ("no extension", "a", "image/png", image.clone(), REFUSED),
        ("an extension of none", "a.exe", "image/png", image.clone(), REFUSED),
        ("a second extension", "a.png.php", "image/png", image.clone(), REFUSED),
        ("lying declared type", "a.png", "text/html", image.clone(), REFUSED),
        ("declared type of a relative", "a.png", "image/jpeg", image.clone(), REFUSED),
        ("lying magic bytes", "a.png", "image/png", b"MZ\x90\0".to_vec(), REFUSED),
        ("text as png", "a.png", "image/png", b"hello".to_vec(), REFUSED),
        ("png as text", "a.txt", "text/plain", image.clone(), REFUSED),
        ("html as text", "a.txt", "text/plain", b" \n<HTML><script>".to_vec(), REFUSED),
        ("html behind a mark", "a.txt", "text/plain", b"\xef\xbb\xbf<b>x".to_vec(), REFUSED),
        ("svg as png", "a.png", "image/png", svg.to_vec(), REFUSED),
        ("html as svg", "a.svg", "image/svg+xml", b"<html><svg>".to_vec(), REFUSED),
        ("svg as html", "a.html", "text/html", svg.to_vec(), REFUSED),
        ("HEIC as film", "a.mp4", "video/mp4", b"\0\0\0\x10ftypheic\0\0\0\0".to_vec(), REFUSED),
        // Two types at once.
        ("PDF and ZIP", "a.pdf", "application/pdf", [pdf(b""), archive.clone()].concat(), REFUSED),
        ("PDF and ZIP, as ZIP", "a.zip", "application/zip", [pdf(b""), archive.clone()].concat(), REFUSED),
        ("ZIP behind another start", "a.zip", "application/zip", [b"PK\x03\x04xxxx", &archive[..]].concat(), (422, "archive-refused")),
        ("GIF and script", "a.gif", "image/gif", gif(0x2a2f, 1, b"*/=1;<script>alert(1)</script>"), REFUSED),
        ("GIF that a script's comment hides", "a.gif", "image/gif", gif(0x2a2f, 0xffff, b"*/=1;alert(1)"), LARGE),
        ("PNG and PHP", "a.png", "image/png", png(4, 3, php), REFUSED),
        ("PHP behind a PNG", "a.png", "image/png", [&image[..], &[0; 5000], b"<?php evil();"].concat(), DAMAGED),
        ("JPEG and HTML", "a.jpg", "image/jpeg", jpeg(9, 8, b"<html><body>"), REFUSED),
        ("JPEG and ZIP", "a.jpg", "image/jpeg", [jpeg(9, 8, b""), archive.clone()].concat(), REFUSED),
        ("MP4 and HTML", "a.mp4", "video/mp4", mp4(b"<HtMl><script>"), REFUSED),
        ("PNG and PDF", "a.png", "image/png", png(4, 3, b"%PDF-1.7"), REFUSED),
        ("text that begins like sound", "a.mp3", "audio/mpeg", b"ID3 tags are explained here".to_vec(), REFUSED),
        ("text about sound", "a.txt", "text/plain", b"ID3 tags".to_vec(), (200, "a.txt text/plain 8")),
        ("sound", "a.mp3", "audio/mpeg", b"ID3\x04\0\0\0\0\0\x02xx\xff\xfb".to_vec(), (200, "a.mp3 audio/mpeg 14")),
        // Incomplete, or more than the file.
        ("truncated png", "a.png", "image/png", cut, DAMAGED),
        ("truncated jpeg", "a.jpg", "image/jpeg", jpeg(9, 8, b"")[..30].to_vec(), DAMAGED),
        ("jpeg without a frame", "a.jpg", "image/jpeg", b"\xff\xd8\xff\xda\0\x02\xff\xd9".to_vec(), DAMAGED),
        ("truncated gif", "a.gif", "image/gif", gif(5, 6, b"")[..13].to_vec(), DAMAGED),
        ("truncated webp", "a.webp", "image/webp", webp[..25].to_vec(), DAMAGED),
        ("truncated pdf", "a.pdf", "application/pdf", b"%PDF-1.7\nabc".to_vec(), DAMAGED),
        ("truncated zip", "a.zip", "application/zip", archive[..60].to_vec(), DAMAGED),
        ("truncated mp4", "a.mp4", "video/mp4", mp4(b"film")[..26].to_vec(), DAMAGED),
        ("broken json", "a.json", "application/json", b"{\"a\":".to_vec(), DAMAGED),
        ("no bytes", "a.png", "image/png", Vec::new(), DAMAGED),
        ("half a character", "a.txt", "text/plain", b"gr\xc3".to_vec(), REFUSED),
        // Pixels.
        ("65,500 pixels", "a.png", "image/png", png(65_500, 65_500, b""), LARGE),
        ("many pixels, no long side", "a.png", "image/png", png(8_000, 8_000, b""), LARGE),
        ("a long side", "a.png", "image/png", png(65_500, 1, b""), LARGE),
        ("a large jpeg", "a.jpg", "image/jpeg", jpeg(65_500, 65_500, &[b'x'; 6000]), LARGE),
        ("a large webp", "a.webp", "image/webp", huge_webp.to_vec(), LARGE),
        ("a large frame in a small gif", "a.gif", "image/gif", gif(5, 6, &frame(65_500, 65_500)), LARGE),
        ("a frame beyond a gif's own size", "a.gif", "image/gif", gif(5, 6, &[frame(5, 6), frame(5, 7)].concat()), (200, "a.gif image/gif 42 5x7")),
        ("two frames", "a.gif", "image/gif", gif(5, 6, &[b"!\xf9\x04\0\0\0\0\0".to_vec(), frame(5, 6), frame(1, 1)].concat()), (200, "a.gif image/gif 50 5x6")),
        ("a gif of no blocks", "a.gif", "image/gif", gif(5, 6, b"between"), DAMAGED),
        ("a frame before the large one", "a.jpg", "image/jpeg", two_frames(), DAMAGED),
        ("a png whose first part lies", "a.png", "image/png", { let mut lie = image.clone(); lie[11] = 12; lie }, REFUSED),
        // Names.
        ("reserved name", "NUL.png", "image/png", image.clone(), NAME),
        ("traversing name", "../../a.png", "image/png", image.clone(), NAME),
    ];
    let mut wrong = Vec::new();
    for (case, name, declared, content, (status, said)) in cases {
        let answer = service.send_file(name, declared, &content).await;
        if answer != (status, said.to_owned()) {
            wrong.push((case, answer));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn a_policy_says_how_many_pixels_an_image_has() {
    use super::super::{FileType, UploadPolicy, UploadRules};

    struct Small;
    impl UploadPolicy for Small {
        const RULES: UploadRules = UploadRules::new(1024, &[FileType::Png]).with_max_pixels(100);
    }
    let service = Service::new();
    for (width, height, status) in [(10, 10, 200), (100, 1, 200), (10, 11, 422), (101, 1, 422), (0, 10, 422)] {
        let body = form(&[file("a.png", "image/png", &png(width, height, b""))]);
        assert_eq!(service.send::<Small>(body).await.0, status, "{width}x{height}");
    }
}

/// Returns a frame of a GIF at its left upper corner, with one byte of data.
fn frame(width: u16, height: u16) -> Vec<u8> {
    [b",\0\0\0\0".as_slice(), &width.to_le_bytes(), &height.to_le_bytes(), b"\0\x02\x01x\0"].concat()
}

/// Returns a JPEG with a small frame, and a large one before the data.
fn two_frames() -> Vec<u8> {
    let (small, large) = (jpeg(9, 8, b""), jpeg(65_500, 65_500, b""));
    let at = |image: &[u8]| image.windows(2).position(|marker| marker == b"\xff\xc0").unwrap();
    [&small[..at(&small) + 13], &large[at(&large)..]].concat()
}

#[tokio::test]
async fn an_empty_list_of_types_admits_no_file() {
    use super::super::{UploadPolicy, UploadRules};

    struct Nothing;
    impl UploadPolicy for Nothing {
        const RULES: UploadRules = UploadRules::new(1024, &[]);
    }
    let body = form(&[file("a.png", "image/png", &png(1, 1, b""))]);
    assert_eq!(Service::new().send::<Nothing>(body).await, (415, "file-type-refused".to_owned()));
}
