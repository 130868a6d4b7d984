use super::{ClientName, FileType, UploadRules, refusal::Refusal, sniff};

/// How many bytes of a file are read before its type is decided.
pub(super) const HEAD: usize = 4096;

/// Returns the type that the extension and the declared media type agree on. No byte of the file is needed.
pub(super) fn announced(name: &ClientName, declared: Option<&str>, rules: &UploadRules) -> Result<FileType, Refusal> {
    let by_name = name.extension().and_then(FileType::of_extension).ok_or(Refusal::TypeNotAllowed)?;
    if !rules.allows(by_name) {
        return Err(Refusal::TypeNotAllowed);
    }
    match declared {
        Some(declared) if !by_name.agrees_with(declared) => Err(Refusal::TypeDisagrees),
        _ => Ok(by_name),
    }
}

/// Checks that the first bytes of the file are of the type that was announced, and of no other type besides.
pub(super) fn content(announced: FileType, head: &[u8]) -> Result<(), Refusal> {
    let binary = sniff::binary(head);
    if announced.is_text() {
        let markup = sniff::markup(head);
        let expected = matches!(announced, FileType::Html | FileType::Svg).then_some(announced);
        return if binary.is_none() && markup == expected { Ok(()) } else { Err(Refusal::TypeDisagrees) };
    }
    if binary != Some(announced) {
        return Err(Refusal::TypeDisagrees);
    }
    // An archive may hold pages. Its own reader checks it.
    if announced != FileType::Zip && sniff::has_foreign_markers(head, announced) {
        return Err(Refusal::TypeAmbiguous);
    }
    Ok(())
}
