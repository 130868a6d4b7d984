//! Any bytes are judged without a panic, and without work that grows faster than they do.

use std::io::{Seek as _, Write as _};

use proptest::prelude::*;

use super::super::{ClientName, FileType, UploadRules, inspect, type_agreement};
use super::support::*;

/// Returns files of each type, which the test damages.
fn whole(file_type: FileType) -> Vec<u8> {
    match file_type {
        FileType::Png => png(4, 3, b"between"),
        FileType::Jpeg => jpeg(4, 3, b"comment"),
        FileType::Gif => gif(4, 3, b"between"),
        FileType::Mp4 => mp4(b"film"),
        FileType::Pdf => pdf(b"page"),
        FileType::WebP => b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x03\0\0\x02\0\0".to_vec(),
        _ => zip(&[packed("a.txt", b"text"), packed("b/c.txt", b"more")]),
    }
}

proptest! {
    #[test]
    fn a_damaged_file_is_judged(
        at in 0..FileType::ALL.len(),
        damages in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in any::<prop::sample::Index>(),
        is_cut in any::<bool>(),
    ) {
        const RULES: UploadRules = UploadRules::new(1 << 20, FileType::ALL);
        let file_type = FileType::ALL[at];
        let mut content = whole(file_type);
        for (place, byte) in damages {
            let place = place.index(content.len());
            content[place] = byte;
        }
        if is_cut {
            content.truncate(cut.index(content.len()));
        }
        let _ = type_agreement::content(file_type, &content);
        let _ = inspect::early_size(file_type, &content, &RULES);
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&content).unwrap();
        file.rewind().unwrap();
        let bytes = u64::try_from(content.len()).unwrap();
        if let Ok(Some((width, height))) = inspect::whole(&mut file, file_type, bytes, &RULES) {
            prop_assert!(u64::from(width) * u64::from(height) <= 50_000_000);
        }
    }

    #[test]
    fn a_name_that_is_taken_is_one_part_of_a_path(name in any::<String>()) {
        if let Ok(taken) = ClientName::new(&name) {
            let mut parts = std::path::Path::new(taken.as_str()).components();
            prop_assert!(matches!((parts.next(), parts.next()), (Some(std::path::Component::Normal(_)), None)));
            prop_assert_eq!(ClientName::new(taken.as_str()), Ok(taken.clone()));
        }
    }
}
