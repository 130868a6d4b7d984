//! One file, from its first byte to the scanner's answer.

use core::time::Duration;
use std::{fs::File, io::Write as _};

use tokio::{task::spawn_blocking, time::timeout};

use super::{
    ClientName, FileType, UploadRules, UploadedFile, Uploads, Verdict, inspect,
    part::Part,
    refusal::{Refusal, disk, failed},
    spool::Spooled,
    text::TextCheck,
    type_agreement::{self, HEAD},
};

/// How many bytes are written to the disk at once.
const BLOCK: usize = 256 * 1024;

/// How long a scanner may take.
const SCAN: Duration = Duration::from_secs(60);

/// Receives a file and checks it.
pub(super) async fn receive(mut part: Part, uploads: &Uploads, rules: &UploadRules) -> Result<UploadedFile, Refusal> {
    let given = part.file_name.as_deref().unwrap_or_default();
    let client_name = ClientName::new(given).map_err(|_| Refusal::NameRefused)?;
    let file_type = type_agreement::announced(&client_name, part.declared.as_deref(), rules)?;
    let (spooled, bytes) = spool(&mut part, file_type, uploads, rules).await?;
    let (spooled, dimensions) = inspected(spooled, file_type, bytes, *rules).await?;
    scan(uploads, &spooled, file_type).await?;
    let (field, uploads) = (part.name, uploads.clone());
    Ok(UploadedFile { field, client_name, file_type, bytes, dimensions, spooled, uploads })
}

/// Writes the file to the disk while it arrives. Nothing is written before the type is decided.
async fn spool(
    part: &mut Part,
    file_type: FileType,
    uploads: &Uploads,
    rules: &UploadRules,
) -> Result<(Spooled, u64), Refusal> {
    let mut text = file_type.is_text().then(TextCheck::default);
    let mut block: Vec<u8> = Vec::with_capacity(HEAD);
    let mut bytes: u64 = 0;
    let mut file: Option<Spooled> = None;
    loop {
        let chunk = part.next().await?;
        if let Some(chunk) = &chunk {
            bytes = bytes.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
            if bytes > rules.max_bytes {
                return Err(Refusal::FileTooLarge);
            }
            if let Some(text) = &mut text {
                text.push(chunk)?;
            }
            block.extend_from_slice(chunk);
        }
        let is_end = chunk.is_none();
        if file.is_none() && (is_end || block.len() >= HEAD) {
            decide_by(&block, file_type, rules)?;
            file = Some(created(uploads.clone()).await?);
            block.reserve(BLOCK.saturating_sub(block.len()));
        }
        if let Some(spooled) = &file
            && (is_end || block.len() >= BLOCK)
        {
            block = written(spooled.file().map_err(disk)?, block).await?;
        }
        if let (true, Some(file)) = (is_end, file.take_if(|_| is_end)) {
            text.map_or(Ok(()), |text| text.finish())?;
            return Ok((file, bytes));
        }
    }
}

/// Decides by the first bytes. Where they have the size of an image, it is checked before more is read.
fn decide_by(block: &[u8], file_type: FileType, rules: &UploadRules) -> Result<(), Refusal> {
    let head = block.get(..HEAD).unwrap_or(block);
    if head.is_empty() {
        return Err(Refusal::Damaged);
    }
    type_agreement::content(file_type, head)?;
    inspect::early_size(file_type, head, rules)
}

async fn created(uploads: Uploads) -> Result<Spooled, Refusal> {
    let created = spawn_blocking(move || Spooled::create(uploads.folder(), || uploads.new_id())).await;
    created.map_err(|error| failed("upload_disk", &error))?.map_err(disk)
}

/// Writes the block, and returns its memory.
async fn written(mut file: File, mut block: Vec<u8>) -> Result<Vec<u8>, Refusal> {
    let written = spawn_blocking(move || {
        file.write_all(&block)?;
        block.clear();
        Ok(block)
    });
    written.await.map_err(|error| failed("upload_disk", &error))?.map_err(disk)
}

async fn inspected(
    spooled: Spooled,
    file_type: FileType,
    bytes: u64,
    rules: UploadRules,
) -> Result<(Spooled, Option<(u32, u32)>), Refusal> {
    let inspected = spawn_blocking(move || {
        let mut file = spooled.file().map_err(disk)?;
        let dimensions = inspect::whole(&mut file, file_type, bytes, &rules)?;
        Ok((spooled, dimensions))
    });
    inspected.await.map_err(|error| failed("upload_disk", &error))?
}

async fn scan(uploads: &Uploads, spooled: &Spooled, file_type: FileType) -> Result<(), Refusal> {
    let Some(scanner) = uploads.scanner() else { return Ok(()) };
    match timeout(SCAN, scanner.scan(spooled.path(), file_type)).await {
        Ok(Ok(Verdict::Clean)) => Ok(()),
        Ok(Ok(Verdict::Refused)) => Err(Refusal::ScannerRefused),
        Ok(Err(error)) => Err(failed("upload_scanner", &*error)),
        Err(late) => Err(failed("upload_scanner", &late)),
    }
}
