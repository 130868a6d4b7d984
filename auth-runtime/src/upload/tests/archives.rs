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
    let cases: [(&str, Vec<u8>, bool); 22] = [
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
        ("two of one name", zip(&[packed("a.txt", b"1"), packed("A.TXT", b"2")]), false),
        ("shared data", shared, false),
        ("too many", zip(&(0..21).map(|at| packed(NAMES[at], b"x")).collect::<Vec<_>>()), false),
        ("as many as allowed", zip(&(0..20).map(|at| packed(NAMES[at], b"x")).collect::<Vec<_>>()), true),
    ];
    for (case, content, is_allowed) in cases {
        let (status, said) = service.send_file("a.zip", "application/zip", &content).await;
        match is_allowed {
            true => assert_eq!(status, 200, "{case}: {said}"),
            false => assert_eq!((status, said.as_str()), (422, "archive-refused"), "{case}"),
        }
    }
}

/// An entry that is large, and not too large for its packed data.
fn large(name: &'static str) -> Packed {
    Packed { method: 8, unpacked: 600_000, ..packed(name, &[b'x'; 7_000]) }
}

const DEEP: &str = "1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18";

const NAMES: [&str; 21] =
    ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t", "u"];
