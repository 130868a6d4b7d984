//! What the first bytes of a file say.

use super::FileType;

/// Returns the type of a file that is not text, by its first bytes.
pub(super) fn binary(head: &[u8]) -> Option<FileType> {
    let is_riff = head.starts_with(b"RIFF");
    match head {
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] if head.get(8..16) == Some(b"\0\0\0\x0dIHDR") => {
            Some(FileType::Png)
        }
        [0xff, 0xd8, 0xff, ..] => Some(FileType::Jpeg),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(FileType::Gif),
        _ if is_riff && head.get(8..12) == Some(b"WEBP") => Some(FileType::WebP),
        _ if is_riff && head.get(8..12) == Some(b"WAVE") => Some(FileType::Wav),
        [b'%', b'P', b'D', b'F', b'-', ..] => Some(FileType::Pdf),
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Some(FileType::Zip),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] if is_mp4(head) => Some(FileType::Mp4),
        [0x1a, 0x45, 0xdf, 0xa3, ..] if contains(head.get(..64).unwrap_or(head), b"webm") => Some(FileType::WebM),
        [b'O', b'g', b'g', b'S', ..] => Some(FileType::Ogg),
        // A version, a revision and flags, then a length in bytes of seven bits.
        [b'I', b'D', b'3', 2..=4, _, _, 0..0x80, 0..0x80, 0..0x80, 0..0x80, ..] => Some(FileType::Mp3),
        [0xff, second, third, ..] if is_mp3_frame(*second, *third) => Some(FileType::Mp3),
        _ => None,
    }
}

/// Returns whether the major brand is one of films. Pictures such as HEIC have the same box with other brands.
fn is_mp4(head: &[u8]) -> bool {
    const BRANDS: [&[u8]; 10] =
        [b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash"];
    head.get(8..12).is_some_and(|brand| BRANDS.contains(&brand))
}

/// Returns whether the bytes after `ff` begin a frame of MPEG layer III.
fn is_mp3_frame(second: u8, third: u8) -> bool {
    second & 0xe6 == 0xe2 && third & 0xf0 != 0xf0 && third & 0x0c != 0x0c
}

/// Returns whether the beginning of a file that is not text has markers of a document that programs would run. Browsers
/// look for them in fewer bytes.
pub(super) fn has_foreign_markers(head: &[u8], file_type: FileType) -> bool {
    const MARKERS: [&[u8]; 8] =
        [b"<script", b"<html", b"<!doctype html", b"<?php", b"<svg", b"<iframe", b"<body", b"%pdf-"];
    let lower = head.to_ascii_lowercase();
    let own: &[u8] = if file_type == FileType::Pdf { b"%pdf-" } else { b"" };
    MARKERS.iter().filter(|marker| **marker != own).any(|marker| contains(&lower, marker))
}

/// Returns what a text begins to be: a document with markup, or other text.
pub(super) fn markup(head: &[u8]) -> Option<FileType> {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let [b'<', next, ..] = text else { return None };
    if !(next.is_ascii_alphabetic() || [b'!', b'?', b'/'].contains(next)) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let is_html = [b"<html".as_slice(), b"<!doctype html"].iter().any(|marker| contains(&lower, marker));
    let is_svg = contains(&lower, b"<svg") && !is_html;
    Some(if is_svg { FileType::Svg } else { FileType::Html })
}

pub(super) fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}
