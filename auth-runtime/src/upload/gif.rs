//! The blocks of a GIF.

use std::io::{self, Read};

use super::dimensions::bytes;

/// Returns the width and the height that programs make room for: those of the picture, or of a frame that reaches
/// further. Returns `None` if the blocks are damaged, or something follows them.
pub(super) fn size<R: Read>(image: &mut R) -> io::Result<Option<(u32, u32)>> {
    let [_, _, _, _, _, _, a, b, c, d, flags, _, _] = bytes(image)?;
    let (mut width, mut height) = (long(a, b), long(c, d));
    skip_colours(image, flags)?;
    loop {
        match bytes(image)? {
            [b'!'] => {
                bytes::<_, 1>(image)?;
            }
            [b','] => {
                let [left, l, top, t, a, b, c, d, flags] = bytes(image)?;
                width = width.max(long(left, l).saturating_add(long(a, b)));
                height = height.max(long(top, t).saturating_add(long(c, d)));
                skip_colours(image, flags)?;
                // The size of the codes.
                bytes::<_, 1>(image)?;
            }
            [b';'] => return Ok(are_zeros(image)?.then_some((width, height))),
            _ => return Ok(None),
        }
        skip_data(image)?;
    }
}

fn long(low: u8, high: u8) -> u32 {
    u16::from_le_bytes([low, high]).into()
}

/// Skips the table of colours, if the flags say that there is one.
fn skip_colours<R: Read>(image: &mut R, flags: u8) -> io::Result<()> {
    if flags & 0x80 != 0 {
        for _ in 0..(2_u32 << (flags & 7)) {
            bytes::<_, 3>(image)?;
        }
    }
    Ok(())
}

/// Skips pieces of data, each behind its length. The last one is empty.
fn skip_data<R: Read>(image: &mut R) -> io::Result<()> {
    let mut piece = [0; 255];
    loop {
        let [length] = bytes(image)?;
        if length == 0 {
            return Ok(());
        }
        image.read_exact(piece.get_mut(..usize::from(length)).unwrap_or_default())?;
    }
}

/// Returns whether the rest is zeros, with which some programs fill up.
fn are_zeros<R: Read>(image: &mut R) -> io::Result<bool> {
    let mut rest = [0; 4096];
    loop {
        match image.read(&mut rest)? {
            0 => return Ok(true),
            length if rest.get(..length).unwrap_or_default().iter().all(|byte| *byte == 0) => {}
            _ => return Ok(false),
        }
    }
}
