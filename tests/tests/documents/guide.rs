//! The pages of the guide are complete, and their links lead somewhere both in the repository and in rustdoc.

use std::{collections::BTreeMap, fs::read_dir, path::PathBuf};

use auth_tests::{
    files,
    markdown::{Links, anchors, blocks, links},
    read, root,
};

/// Returns the documents that show how to use the crates: the README and the pages of the guide.
pub(super) fn documents() -> Vec<PathBuf> {
    let mut documents = vec![root().join("README.md")];
    documents.extend(pages());
    documents
}

fn pages() -> Vec<PathBuf> {
    files(&root().join(GUIDE), "md")
}

const GUIDE: &str = "auth-runtime/docs/guide";

fn name(page: &PathBuf) -> String {
    page.file_stem().unwrap_or_else(|| panic!("{page:?}")).to_str().unwrap().to_owned()
}

#[test]
fn every_page_is_shown_in_rustdoc_and_listed_in_the_index() {
    let module = read(&root().join("auth-runtime/src/guide.rs"));
    let index = read(&root().join("docs/README.md"));
    for name in pages().iter().map(name) {
        let shown = format!(
            "#[doc = include_str!(\"../docs/guide-links.md\")]\n#[doc = include_str!(\"../docs/guide/{name}.md\")]\n\
             pub mod {} {{}}\n",
            name.replace('-', "_")
        );
        assert!(module.contains(&shown), "guide.rs has no\n{shown}");
        let listed = index.lines().find(|line| line.contains(&format!("](../{GUIDE}/{name}.md) | ")));
        let listed = listed.unwrap_or_else(|| panic!("docs/README.md does not list {name}.md"));
        assert!(!listed.ends_with("| |"), "docs/README.md does not say what {name}.md is for");
    }
}

#[test]
fn every_page_begins_with_the_code_that_one_came_for() {
    for page in pages() {
        let text = read(&page);
        let first = blocks(&text).first().map(|block| block.line);
        assert!(first.is_some_and(|line| line <= 12), "{}: the first code stands in line {first:?}", page.display());
        assert!(text.starts_with("# "), "{}: no title", page.display());
    }
}

/// Returns the texts of the attributes. Rustdoc shows each as the documentation of its macro.
fn attributes() -> Vec<PathBuf> {
    let module = read(&root().join("auth-runtime/src/attributes.rs"));
    let texts = read_dir(root().join("auth-runtime/docs")).unwrap().map(|entry| entry.unwrap().path());
    let texts =
        texts.filter(|path| path.extension().is_some_and(|one| one == "md") && !path.ends_with("guide-links.md"));
    texts
        .inspect(|text| {
            let shown = format!(
                "#[doc = include_str!(\"../docs/guide-links.md\")]\n#[doc = include_str!(\"../docs/{}.md\")]\n",
                name(text)
            );
            assert!(module.contains(&shown), "attributes.rs has no\n{shown}");
        })
        .collect()
}

/// GitHub follows a page's own definitions of links. Rustdoc follows those of `guide-links.md`, which stand before.
#[test]
fn links_of_a_page_lead_to_the_same_place_in_rustdoc() {
    let in_rustdoc: BTreeMap<_, _> =
        links(&read(&root().join("auth-runtime/docs/guide-links.md"))).definitions.into_iter().collect();
    for page in pages().into_iter().chain(attributes()) {
        let is_attribute = !page.starts_with(root().join(GUIDE));
        let Links { inline, definitions, references } = links(&read(&page));
        let page = page.display();
        for target in inline {
            assert!(target.starts_with("https://"), "{page}: rustdoc cannot follow the link to `{target}`");
        }
        for (label, target) in &definitions {
            let there = in_rustdoc.get(label).unwrap_or_else(|| panic!("guide-links.md does not define [{label}]"));
            // An item stands in a source file, which does not say its path.
            if !target.ends_with(".rs") {
                let from_guide = if is_attribute { &format!("../{target}") } else { target };
                assert_eq!(there, &rustdoc_target(from_guide), "{page}: [{label}]: {target}");
            }
        }
        for label in references {
            assert!(definitions.iter().any(|(defined, _)| *defined == label), "{page}: [{label}] is not defined");
        }
    }
}

/// Returns the place in rustdoc of a page, or of the text of an attribute, that is named as from a page.
fn rustdoc_target(target: &str) -> String {
    let (file, anchor) =
        target.split_once('#').map_or((target, String::new()), |(file, anchor)| (file, format!("#{anchor}")));
    let place = match file.strip_prefix("../") {
        Some("role.md") => "derive@crate::Role".to_owned(),
        Some("issuer.md") => "derive@crate::Issuer".to_owned(),
        Some(attribute) => format!("macro@crate::{}", attribute.trim_end_matches(".md")),
        None => format!("crate::guide::{}", file.trim_end_matches(".md").replace('-', "_")),
    };
    place + &anchor
}

#[test]
fn anchors_in_rustdoc_are_headings() {
    for (label, target) in links(&read(&root().join("auth-runtime/docs/guide-links.md"))).definitions {
        if let Some((module, anchor)) = target.split_once('#') {
            let page = module.trim_start_matches("crate::guide::").replace('_', "-");
            let page = read(&root().join(format!("{GUIDE}/{page}.md")));
            assert!(anchors(&page).iter().any(|one| one == anchor), "guide-links.md: [{label}]: {target}");
        }
    }
}
