//! The size of an image in pixels, from its header. Nothing is decoded.

use std::io::{self, Read, Seek, SeekFrom};

use super::FileType;

/// Returns the width and the height that the header states, or `None` for a file that is no image.
pub(super) fn dimensions<R: Read + Seek>(image: &mut R, file_type: FileType) -> io::Result<Option<(u32, u32)>> {
    match file_type {
        FileType::Png => png(image),
        FileType::Gif => gif(image),
        FileType::WebP => webp(image),
        FileType::Jpeg => jpeg(image),
        _ => Ok(None),
    }
}

fn png<R: Read>(image: &mut R) -> io::Result<Option<(u32, u32)>> {
    let [_, _, _, _, size @ ..] = bytes::<_, 24>(image)?;
    let [.., a, b, c, d, e, f, g, h] = size;
    Ok(Some((u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h]))))
}

fn gif<R: Read>(image: &mut R) -> io::Result<Option<(u32, u32)>> {
    let [.., a, b, c, d] = bytes::<_, 10>(image)?;
    Ok(Some((u16::from_le_bytes([a, b]).into(), u16::from_le_bytes([c, d]).into())))
}

fn webp<R: Read>(image: &mut R) -> io::Result<Option<(u32, u32)>> {
    let head = bytes::<_, 30>(image)?;
    let (kind, content) = (head.get(12..16), head.get(20..30));
    Ok(match (kind, content) {
        (Some(b"VP8X"), Some([_, _, _, _, a, b, c, d, e, f])) => {
            let side = |a: u8, b: u8, c: u8| u32::from_le_bytes([a, b, c, 0]).saturating_add(1);
            Some((side(*a, *b, *c), side(*d, *e, *f)))
        }
        // The key frame's start code, then two sides of 14 bits, each below its scale.
        (Some(b"VP8 "), Some([_, _, _, 0x9d, 0x01, 0x2a, a, b, c, d])) => {
            let side = |low: u8, high: u8| u32::from(u16::from_le_bytes([low, high]) & 0x3fff);
            Some((side(*a, *b), side(*c, *d)))
        }
        (Some(b"VP8L"), Some([0x2f, a, b, c, d, ..])) => {
            let both = u32::from_le_bytes([*a, *b, *c, *d]);
            Some(((both & 0x3fff).saturating_add(1), ((both >> 14) & 0x3fff).saturating_add(1)))
        }
        _ => None,
    })
}

/// Follows the segments up to the data, since the frame's header may stand behind a large preview. Returns `None` for a
/// picture of two frames: programs differ in which one they show.
fn jpeg<R: Read + Seek>(image: &mut R) -> io::Result<Option<(u32, u32)>> {
    const MOST_SEGMENTS: u32 = 4096;
    bytes::<_, 2>(image)?;
    let mut frame = None;
    for _ in 0..MOST_SEGMENTS {
        match (segment(image), frame) {
            (Ok(Segment::Frame(width, height)), None) => frame = Some((width, height)),
            (Ok(Segment::Frame(..)), Some(_)) => return Ok(None),
            (Ok(Segment::Other), _) => {}
            (Ok(Segment::Last), _) | (Err(_), Some(_)) => return Ok(frame),
            (Err(error), None) => return Err(error),
        }
    }
    Ok(None)
}

enum Segment {
    /// The header of a frame, with its width and height.
    Frame(u32, u32),
    Other,
    /// The data begin here, or bytes that are no segment.
    Last,
}

fn segment<R: Read + Seek>(image: &mut R) -> io::Result<Segment> {
    let [0xff, mut marker] = bytes::<_, 2>(image)? else { return Ok(Segment::Last) };
    // A marker may have fill bytes before it.
    while marker == 0xff {
        [marker] = bytes(image)?;
    }
    let (segment, read) = match marker {
        // Pictures have no scan, no end, and no second start before their frame's header.
        0x00 | 0xd8..=0xda => return Ok(Segment::Last),
        0x01 | 0xd0..=0xd7 => return Ok(Segment::Other),
        _ => {
            let length = i64::from(u16::from_be_bytes(bytes(image)?));
            let is_frame = matches!(marker, 0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf);
            let least = if is_frame { 7 } else { 2 };
            if length < least {
                return Ok(Segment::Last);
            }
            let segment = match is_frame {
                true => {
                    let [_, a, b, c, d] = bytes(image)?;
                    Segment::Frame(u16::from_be_bytes([c, d]).into(), u16::from_be_bytes([a, b]).into())
                }
                false => Segment::Other,
            };
            (segment, length.saturating_sub(least))
        }
    };
    image.seek(SeekFrom::Current(read))?;
    Ok(segment)
}

pub(super) fn bytes<R: Read, const N: usize>(image: &mut R) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    image.read_exact(&mut bytes)?;
    Ok(bytes)
}
