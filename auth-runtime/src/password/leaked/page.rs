//! The pages of a filter. [`LeakedFilter`](super::LeakedFilter) describes their form.

use std::io;

use aws_lc_rs::digest::{Context, Digest, SHA256};

/// The bytes of a page.
pub(super) const PAGE: usize = 4_096;

/// The bytes of a page before its seal.
const CONTENT: usize = PAGE - 16;

/// The number of passwords of a page, on average. A password has 16 bits, of which six are its own.
pub(super) const PASSWORDS: u64 = CONTENT as u64 / 2;

const MAGIC: &[u8; 16] = b"auth leaked 0001";

/// A page that is whole.
pub(super) struct Page(Vec<u8>);

/// What the first page says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// The number of pages with bits.
    pub(super) pages: u64,
    pub(super) passwords: u64,
}

/// The bits of a key.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// Counted from 0, without the header.
    pub(super) page: u64,
    bits: [usize; 6],
}

impl Place {
    pub(super) fn of(hash: &[u8; 20], pages: u64) -> Self {
        let [a, b, c, d, e, f, g, h, rest @ ..] = *hash;
        let first = u64::from_be_bytes([a, b, c, d, e, f, g, h]);
        let page = u128::from(first).saturating_mul(u128::from(pages)) >> 64;
        let page = u64::try_from(page).unwrap_or(u64::MAX);
        let bit = |high, low| usize::from(u16::from_be_bytes([high, low])).saturating_mul(CONTENT * 8) >> 16;
        let [a, b, c, d, e, f, g, h, i, j, k, l] = rest;
        Self { page, bits: [bit(a, b), bit(c, d), bit(e, f), bit(g, h), bit(i, j), bit(k, l)] }
    }
}

impl Page {
    pub(super) fn empty() -> Self {
        Self(vec![0; CONTENT])
    }

    /// Takes the bytes of a whole page with this number. The header has the number 0.
    pub(super) fn read(mut bytes: Vec<u8>, number: u64) -> Option<Self> {
        let (content, seal) = bytes.split_at_checked(CONTENT)?;
        let is_whole = bytes.len() == PAGE && sealed(content, number).as_ref().starts_with(seal);
        bytes.truncate(CONTENT);
        is_whole.then_some(Self(bytes))
    }

    /// Returns the bytes of the page with its seal.
    pub(super) fn write(mut self, number: u64) -> Vec<u8> {
        let seal = sealed(&self.0, number);
        self.0.extend(seal.as_ref().iter().take(PAGE - CONTENT));
        self.0
    }

    pub(super) fn has(&self, place: Place) -> bool {
        place.bits.iter().all(|bit| self.0.get(bit / 8).is_some_and(|byte| byte & mask(*bit) != 0))
    }

    pub(super) fn set(&mut self, place: Place) {
        for bit in place.bits {
            if let Some(byte) = self.0.get_mut(bit / 8) {
                *byte |= mask(bit);
            }
        }
    }

    pub(super) fn of_header(header: Header) -> Self {
        let mut content = [MAGIC.as_slice(), &header.pages.to_be_bytes(), &header.passwords.to_be_bytes()].concat();
        content.resize(CONTENT, 0);
        Self(content)
    }

    pub(super) fn header(&self) -> Option<Header> {
        let rest = self.0.strip_prefix(MAGIC)?;
        let (pages, rest) = rest.split_first_chunk()?;
        let (passwords, _) = rest.split_first_chunk()?;
        let header = Header { pages: u64::from_be_bytes(*pages), passwords: u64::from_be_bytes(*passwords) };
        (header.pages > 0).then_some(header)
    }
}

fn sealed(content: &[u8], number: u64) -> Digest {
    let mut seal = Context::new(&SHA256);
    seal.update(&number.to_be_bytes());
    seal.update(content);
    seal.finish()
}

fn mask(bit: usize) -> u8 {
    0x80 >> (bit % 8)
}

pub(super) fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "no filter of leaked passwords, or a damaged one")
}
