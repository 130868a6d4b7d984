//! The parts of a form.

use axum::{
    extract::Request,
    http::header::{CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_TYPE},
};
use multer::Multipart;
use tokio::time::timeout;

use crate::error::Problem;

use super::{
    UploadRules, UploadedFile, Uploads,
    part::{Part, STALL, of_error},
    pieces::{Budget, Pieces},
    receive::receive,
    refusal::Refusal,
};

/// How many parts a form may have besides its files.
const MOST_FIELDS: u32 = 32;

const MOST_FIELD_BYTES: usize = 64 * 1024;
const LONGEST_FIELD_NAME: usize = 255;

type Fields = Vec<(String, String)>;

/// Reads the whole form. Files that were received before a refusal are deleted.
pub(super) async fn read(
    request: Request,
    uploads: &Uploads,
    rules: &UploadRules,
) -> Result<(Vec<UploadedFile>, Fields), Problem> {
    let mut form = Form::open(request).map_err(|refusal| refusal.answer(None))?;
    let (mut files, mut fields): (Vec<UploadedFile>, Fields) = Default::default();
    let (mut others, mut number): (u32, u32) = (0, 0);
    while let Some(mut part) = form.next().await.map_err(|refusal| refusal.answer(None))? {
        let is_unused = part.is_unused_input().await.map_err(|refusal| refusal.answer(None))?;
        if is_unused || part.file_name.is_none() {
            others = others.saturating_add(1);
        }
        if others > MOST_FIELDS {
            return Err(Refusal::FormTooLarge.answer(None));
        }
        if is_unused {
            continue;
        }
        if part.file_name.is_some() {
            number = number.saturating_add(1);
            let is_taken = number <= rules.max_files;
            let file = if is_taken { receive(part, uploads, rules).await } else { Err(Refusal::TooManyFiles) };
            files.push(file.map_err(|refusal| refusal.answer(Some(number)))?);
        } else {
            let room = MOST_FIELD_BYTES.saturating_sub(fields.iter().map(|(_, value)| value.len()).sum());
            fields.push(part.text(room).await.map_err(|refusal| refusal.answer(None))?);
        }
    }
    Ok((files, fields))
}

struct Form {
    parts: Multipart<'static>,
    budget: Budget,
}

impl Form {
    fn open(request: Request) -> Result<Self, Refusal> {
        let content_type = request.headers().get(CONTENT_TYPE).and_then(|field| field.to_str().ok());
        let boundary = content_type.and_then(|field| multer::parse_boundary(field).ok()).ok_or(Refusal::NotAForm)?;
        if request.headers().contains_key(CONTENT_ENCODING) {
            return Err(Refusal::Encoded);
        }
        // RFC 2046, section 5.1.1.
        if boundary.is_empty() || boundary.len() > 70 {
            return Err(Refusal::FormMalformed);
        }
        let (pieces, budget) = Pieces::new(request.into_body());
        Ok(Self { parts: Multipart::new(pieces, boundary), budget })
    }

    async fn next(&mut self) -> Result<Option<Part>, Refusal> {
        self.budget.for_head();
        let part = timeout(STALL, self.parts.next_field()).await.map_err(|_| Refusal::Stalled)?;
        let part = part.map_err(|error| of_error(&error))?;
        self.budget.for_content();
        let Some(field) = part else { return Ok(None) };
        let disposition = field.headers().get(CONTENT_DISPOSITION).map_or(&b""[..], |field| field.as_bytes());
        if field.file_name().is_none() && names_a_file(disposition) {
            return Err(Refusal::FormMalformed);
        }
        let name = field.name().filter(|name| name.len() <= LONGEST_FIELD_NAME);
        let name = name.ok_or(Refusal::FormMalformed)?.to_owned();
        let declared = match field.headers().get(CONTENT_TYPE) {
            Some(declared) => Some(declared.to_str().map_err(|_| Refusal::FormMalformed)?.to_owned()),
            None => None,
        };
        Ok(Some(Part::new(name, declared, field)))
    }
}

/// Returns whether the part says that it is a file, in any form. The reader of forms would make a text field of a file
/// with an unreadable name.
fn names_a_file(disposition: &[u8]) -> bool {
    const NAME: &[u8] = b"filename";
    let lower = disposition.to_ascii_lowercase();
    lower.windows(NAME.len().saturating_add(1)).enumerate().any(|(at, found)| {
        let before = at.checked_sub(1).and_then(|before| lower.get(before));
        let after = lower.get(at.saturating_add(NAME.len())..).unwrap_or_default().trim_ascii_start();
        found.starts_with(NAME)
            && before.is_some_and(|byte| *byte == b';' || byte.is_ascii_whitespace())
            && matches!(after.first(), Some(b'=' | b'*'))
    })
}
