//! Paths and links in documents lead to files and headings that exist.

use std::path::PathBuf;

use auth_tests::{
    files,
    markdown::{Links, anchors, links},
    read, root,
};

/// Returns the documents with paths that start at the root of the repository.
fn documents() -> Vec<PathBuf> {
    let mut documents: Vec<_> =
        ["ARCHITECTURE.md", "CONTRIBUTING.md", "README.md", "docs/invariants.md", "docs/where-it-is-decided.md"]
            .iter()
            .map(|name| root().join(name))
            .collect();
    documents.extend(files(&root().join("docs/decisions"), "md"));
    documents
}

#[test]
fn paths_in_documents_exist() {
    let mut faults = Vec::new();
    for document in documents() {
        for path in read(&document).lines().flat_map(code_spans).filter(|code| is_path(code)).flat_map(expand) {
            // For the pattern `folder/**/name`, the folder has to exist.
            if !root().join(path.split("/**").next().unwrap()).exists() {
                faults.push(format!("{}: `{path}` does not exist", document.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Returns all documents that people read in the repository.
fn linked_documents() -> Vec<PathBuf> {
    let mut documents = documents();
    documents.extend(["CHANGELOG.md", "SECURITY.md"].map(|name| root().join(name)));
    documents.extend(files(&root().join("docs"), "md"));
    documents.extend(files(&root().join("auth-runtime/docs"), "md"));
    // Its links are for rustdoc.
    documents.retain(|document| !document.ends_with("guide-links.md"));
    documents.sort();
    documents.dedup();
    documents
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut faults = Vec::new();
    for document in linked_documents() {
        let Links { inline, definitions, .. } = links(&read(&document));
        let targets = inline.into_iter().chain(definitions.into_iter().map(|(_, target)| target));
        for target in targets.filter(|target| !target.contains("://")) {
            let (file, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let file = if file.is_empty() { document.clone() } else { document.parent().unwrap().join(file) };
            if !file.exists() || !anchor.is_empty() && !anchors(&read(&file)).iter().any(|one| one == anchor) {
                faults.push(format!("{}: the link to `{target}` is dead", document.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn code_spans(line: &str) -> Vec<String> {
    line.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// A path begins with a folder of the repository's root. HTTP paths, URLs and Rust paths do not.
fn is_path(code: &str) -> bool {
    let first = code.split('/').next().unwrap();
    code.contains('/') && !code.contains(' ') && !first.is_empty() && !code.contains(":") && root().join(first).is_dir()
}

/// `a/{b,c}.rs` names two paths.
fn expand(path: String) -> Vec<String> {
    let Some((before, rest)) = path.split_once('{') else { return vec![path] };
    let Some((choices, after)) = rest.split_once('}') else { return vec![path] };
    choices.split(',').flat_map(|choice| expand(format!("{before}{choice}{after}"))).collect()
}

#[test]
fn the_readers_of_documents_read() {
    assert_eq!(code_spans("see `a/b` and `c`"), ["a/b", "c"]);
    assert_eq!(expand("a/{b,c/d}.rs".to_owned()), ["a/b.rs", "a/c/d.rs"]);
    assert!(is_path("tests/tests") && !is_path("/auth/login") && !is_path("text/html"));
}
