use super::support::*;

#[tokio::test]
async fn an_archive_is_judged_by_its_directory() {
    let service = Service::new();
    let with = |change: fn(&mut Packed)| {
        let mut entry = packed("a.txt", b"text");
        change(&mut entry);
        zip(&[entry])
    };
    let mut shared = zip(&[packed("a.txt", b"text"), packed("b.txt", b"text")]);
    // The second entry of the directory points at the first entry's data.
    let second = shared.windows(4).rposition(|bytes| bytes == b"PK\x01\x02").unwrap();
    shared[second + 42..second + 46].fill(0);
    let nested = zip(&[packed("inner.dat", &zip(&[packed("a.txt", b"text")]))]);
    #[rustfmt::skip]
    let cases: [(&str, Vec<u8>, bool); 23] = [
        ("files and folders", zip(&[Packed { mode: 0o040_755, ..packed("a/", b"") }, packed("a/b.txt", b"text")]), true),
        ("empty", zip(&[]), true),
        ("a comment of other bytes", [zip(&[packed("a.txt", b"text")]), b"x".to_vec()].concat(), false),
        ("a link", with(|entry| entry.mode = 0o120_777), false),
        ("a device", with(|entry| entry.mode = 0o020_644), false),
        ("an absolute path", with(|entry| entry.name = "/etc/passwd"), false),
        ("a climbing path", with(|entry| entry.name = "a/../../b.txt"), false),
        ("a path of Windows", with(|entry| entry.name = "..\\b.txt"), false),
        ("a drive", with(|entry| entry.name = "C:b.txt"), false),
        ("an empty part", with(|entry| entry.name = "a//b.txt"), false),
        ("too deep", with(|entry| entry.name = DEEP), false),
        ("another name before the data", with(|entry| entry.local_name = Some("b.txt")), false),
        ("encrypted", with(|entry| entry.flags = 1), false),
        ("an unknown method", with(|entry| entry.method = 99), false),
        ("a bomb", with(|entry| { entry.method = 8; entry.unpacked = 4_000_000 }), false),
        ("too large unpacked", zip(&["a", "b"].map(large)), false),
        ("an archive by name", with(|entry| entry.name = "inner.ZIP"), false),
        ("an archive by content", nested, false),
        ("the beginning of an archive by content", zip(&[packed("inner.dat", b"PK\x03\x04 and so on")]), false),
        ("two of one name", zip(&[packed("a.txt", b"1"), packed("A.TXT", b"2")]), false),
        ("shared data", shared, false),
        ("too many", zip(&(0..21).map(|at| packed(NAMES[at], b"x")).collect::<Vec<_>>()), false),
        ("as many as allowed", zip(&(0..20).map(|at| packed(NAMES[at], b"x")).collect::<Vec<_>>()), true),
    ];
    let mut wrong = Vec::new();
    for (case, content, is_allowed) in cases {
        let (status, said) = service.send_file("a.zip", "application/zip", &content).await;
        let is_right = if is_allowed { status == 200 } else { (status, said.as_str()) == (422, "archive-refused") };
        if !is_right {
            wrong.push((case, status, said));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Programs that unpack an archive differ in where they look. No reader may find an entry that the directory does not
/// name.
#[tokio::test]
async fn an_archive_says_the_same_wherever_a_program_looks() {
    let service = Service::new();
    let entry = || packed("a.txt", b"text");
    let field = |kind: u16, content: &[u8]| {
        [&kind.to_le_bytes()[..], &u16::try_from(content.len()).unwrap().to_le_bytes(), content].concat()
    };
    let path = |name: &[u8]| field(0x7075, &[&[1, 0, 0, 0, 0], name].concat());
    let hidden = [b"text".as_slice(), &zip(&[packed("../b.txt", b"text")])].concat();
    let stored = |content: &[u8]| zip(&[packed("a.dat", content)]);
    let named = |name: &'static str| zip(&[packed(name, b"text")]);
    for (case, content, is_allowed) in [
        ("a time", zip(&[Packed { extra: field(0x5455, &[1, 0, 0, 0, 0]), ..entry() }]), true),
        ("the same path in Unicode", zip(&[Packed { extra: path(b"a.txt"), ..entry() }]), true),
        ("another path in Unicode", zip(&[Packed { extra: path(b"../../b.txt"), ..entry() }]), false),
        ("a link in a field", zip(&[Packed { extra: field(0x756e, &[0; 14]), ..entry() }]), false),
        ("fields that are cut", zip(&[Packed { extra: vec![0x75, 0x70, 9, 0, 1], ..entry() }]), false),
        (
            "a shorter length before the data",
            zip(&[Packed { local_length: Some(4), ..packed("a.dat", &hidden) }]),
            false,
        ),
        (
            "no length, and none behind the data",
            zip(&[Packed { local_length: Some(0), ..packed("a.dat", &hidden) }]),
            false,
        ),
        ("a link of Windows", zip(&[Packed { attributes: 0x400, mode: 0, ..entry() }]), false),
        ("a folder that Windows reads as its parent", named(".. /b.txt"), false),
        ("a name that Windows shortens", named("a.txt."), false),
        ("a device of Windows", named("b/NUL.txt"), false),
        ("one name in two forms", zip(&[packed("\u{e4}", b"1"), packed("a\u{308}", b"2")]), false),
        ("a gzip file", stored(b"\x1f\x8b\x08\0\0\0\0\0"), false),
        ("a 7z file", stored(b"7z\xbc\xaf\x27\x1c\0\x04"), false),
        ("a file of another kind", stored(b"\x89PNG\r\n\x1a\n"), true),
    ] {
        let (status, said) = service.send_file("a.zip", "application/zip", &content).await;
        assert_eq!(if is_allowed { 200 } else { 422 }, status, "{case}: {said}");
    }
}

/// Returns an entry that is large, and not too large for its packed data.
fn large(name: &'static str) -> Packed {
    Packed { method: 8, unpacked: 600_000, ..packed(name, &[b'x'; 7_000]) }
}

const DEEP: &str = "1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18";

const NAMES: [&str; 21] =
    ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t", "u"];
