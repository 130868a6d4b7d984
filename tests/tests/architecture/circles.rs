//! No source file depends on itself through other files.
//!
//! A file depends on the file that defines an item it imports or names by a path. Re-exports are followed to the
//! definition, so a `mod.rs` that only re-exports takes part in no circle. The test reads production code only.
//!
//! It sees paths, not types: a method that another file defines for a type of this file is no dependency here.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use super::source::{Path, names, path_at, production_code, tokens};
use crate::{is_test, root, sources};

#[test]
fn no_file_depends_on_itself_through_others() {
    let mut faults = Vec::new();
    for folder in ["auth-runtime/src", "auth-macros/src"] {
        let files = sources(folder).into_iter().filter(|file| !is_test(file)).map(|file| {
            let below = file.strip_prefix(root().join(folder)).unwrap().to_str().unwrap().to_owned();
            (below, fs::read_to_string(&file).unwrap())
        });
        for circle in circles(&files.collect::<Vec<_>>()) {
            faults.push(format!("{folder}: these files depend on each other: {circle:#?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The files of a circle, each with the files of the circle that it depends on.
type Circle = BTreeMap<String, BTreeSet<String>>;

/// Returns the largest sets of files in which each file depends on each other one.
fn circles(files: &[(String, String)]) -> Vec<Circle> {
    let crate_ = Crate::read(files);
    let depends: BTreeMap<&str, BTreeSet<&str>> =
        crate_.modules.values().map(|module| (module.file, crate_.dependencies(module))).collect();
    let reached: BTreeMap<&str, BTreeSet<&str>> = depends.keys().map(|file| (*file, reach(file, &depends))).collect();
    let mut circles = Vec::new();
    let mut placed: BTreeSet<&str> = BTreeSet::new();
    for (file, others) in &reached {
        if !others.contains(file) || placed.contains(file) {
            continue;
        }
        let circle: BTreeSet<&str> = others.iter().copied().filter(|other| reached[other].contains(file)).collect();
        placed.extend(&circle);
        let within = |file: &str| depends[file].intersection(&circle).map(|other| (*other).to_owned()).collect();
        circles.push(circle.iter().map(|file| ((*file).to_owned(), within(file))).collect());
    }
    circles
}

/// Returns the files on which a file depends directly or through others.
fn reach<'a>(from: &str, depends: &BTreeMap<&'a str, BTreeSet<&'a str>>) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&str> = depends[from].iter().copied().collect();
    while let Some(file) = open.pop() {
        if reached.insert(file) {
            open.extend(&depends[file]);
        }
    }
    reached
}

/// The modules of a crate, by absolute path without `crate`. A module is a file.
struct Crate<'a> {
    modules: BTreeMap<Path, Module<'a>>,
}

struct Module<'a> {
    path: Path,
    file: &'a str,
    imports: Vec<Import>,
    /// All paths and names outside of `use`, as written.
    mentions: Vec<Path>,
    /// Whether the file declares and re-exports only.
    is_transparent: bool,
}

struct Import {
    name: String,
    of: Path,
    is_re_export: bool,
}

impl<'a> Crate<'a> {
    fn read(files: &'a [(String, String)]) -> Self {
        let read: Vec<_> = files.iter().map(|(file, text)| (module_path(file), file, production_code(text))).collect();
        let of_tests = |path: &Path| {
            read.iter().any(|(of, _, (_, tests))| tests.iter().any(|name| path.starts_with(&child(of, name))))
        };
        let modules = read.iter().filter(|(path, ..)| !of_tests(path));
        let modules = modules.map(|(path, file, (code, _))| (path.clone(), Module::read(path.clone(), file, code)));
        let modules = modules.collect();
        Self { modules }
    }

    /// Returns the files that define what the module imports and mentions.
    fn dependencies(&self, module: &Module<'_>) -> BTreeSet<&'a str> {
        let imported = module.imports.iter().filter(|import| !import.is_re_export);
        let imported = imported.map(|import| self.absolute(module, &import.of));
        let mentioned = module.mentions.iter().filter_map(|path| self.mentioned(module, path));
        let files = imported.chain(mentioned).filter_map(|path| self.definition(&path, 0));
        files.filter(|file| *file != module.file).collect()
    }

    /// Returns the absolute path that a mention means, or `None` for local names and for other crates.
    fn mentioned(&self, module: &Module<'_>, path: &[String]) -> Option<Path> {
        let first = &path[0];
        let is_relative = matches!(first.as_str(), "crate" | "super" | "self");
        if let Some(import) = module.imports.iter().find(|import| import.name == *first && !is_relative) {
            return Some(join(&self.absolute(module, &import.of), &path[1..]));
        }
        let is_child = path.len() > 1 && self.modules.contains_key(&child(&module.path, first));
        (path.len() > 1 && (is_relative || is_child)).then(|| self.absolute(module, path))
    }

    fn absolute(&self, module: &Module<'_>, path: &[String]) -> Path {
        let (mut base, mut rest) = (module.path.clone(), path);
        match path[0].as_str() {
            "crate" => return path[1..].to_vec(),
            "super" | "self" => {}
            first if self.modules.contains_key(&child(&base, first)) => {}
            // Another crate. No module has this path.
            _ => return join(&["::".to_owned()], path),
        }
        while let Some((first @ ("super" | "self"), more)) = rest.split_first().map(|(first, more)| (&**first, more)) {
            if first == "super" {
                base.pop();
            }
            rest = more;
        }
        join(&base, rest)
    }

    /// Returns the file that defines the item at this path, or the module.
    fn definition(&self, path: &[String], depth: u8) -> Option<&'a str> {
        let length = (0..=path.len()).rev().find(|length| self.modules.contains_key(&path[..*length]))?;
        let (module, rest) = (&self.modules[&path[..length]], &path[length..]);
        if let Some((name, inner)) = rest.split_first()
            && let Some(import) = module.imports.iter().find(|import| import.name == *name)
            && depth < 8
        {
            return self.definition(&join(&self.absolute(module, &import.of), inner), depth + 1);
        }
        (!module.is_transparent && length > 0).then_some(module.file)
    }
}

impl<'a> Module<'a> {
    fn read(path: Path, file: &'a str, code: &str) -> Self {
        const ITEMS: [&str; 9] = ["const", "enum", "fn", "impl", "macro_rules", "static", "struct", "trait", "type"];
        let tokens = tokens(code);
        let (mut imports, mut mentions) = (Vec::new(), Vec::new());
        let mut at = 0;
        while at < tokens.len() {
            if tokens[at] == "use" && tokens.get(at + 1).is_some_and(|next| *next != "<") {
                let length = tokens[at..].iter().position(|token| *token == ";").unwrap_or(tokens.len() - at);
                let is_re_export = at > 0 && matches!(tokens[at - 1], "pub" | ")");
                let tree = &tokens[at + 1..at + length];
                imports.extend(names(tree, &[]).into_iter().map(|(name, of)| Import { name, of, is_re_export }));
                at += length;
                continue;
            }
            let path = path_at(&tokens[at..]);
            let before = at.checked_sub(1).map(|before| tokens[before]);
            if path.is_empty() {
                at += 1;
                continue;
            }
            at += path.len() * 2 - 1;
            // `.name` is a field or a method, `::name` stands in another crate, and `#name` is a variable of `quote!`.
            if !matches!(before, Some("." | "::" | "#" | "mod")) {
                mentions.push(path);
            }
        }
        let is_transparent =
            (file.ends_with("mod.rs") || file == "lib.rs") && !tokens.iter().any(|token| ITEMS.contains(token));
        Self { path, file, imports, mentions, is_transparent }
    }
}

fn module_path(file: &str) -> Path {
    let path = file.trim_end_matches(".rs").split('/').map(str::to_owned);
    path.filter(|part| part != "mod" && part != "lib").collect()
}

fn child(path: &[String], name: &str) -> Path {
    join(path, &[name.to_owned()])
}

fn join(path: &[String], rest: &[String]) -> Path {
    path.iter().chain(rest).cloned().collect()
}

/// Returns the files of each circle among these files.
fn found(files: &[(&str, &str)]) -> Vec<Vec<String>> {
    let files: Vec<_> = files.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned())).collect();
    circles(&files).into_iter().map(|circle| circle.into_keys().collect()).collect()
}

#[test]
fn circles_are_found_however_the_path_is_written() {
    let lib = ("lib.rs", "mod a;\nmod b;");
    for (a, b) in [
        ("use crate::b::B;", "use crate::a::A;"),
        ("use super::{b::{self, C}, x::Y};", "fn f() -> super::a::A {}"),
        ("use super::b;\nfn f() { b::g() }", "use crate::a::{A as Other};"),
        ("pub(crate) use crate::b::B;\nstruct A(B);", "use crate::a::A;"),
    ] {
        assert_eq!(found(&[lib, ("a.rs", a), ("b.rs", b)]), [["a.rs", "b.rs"]], "{a}\n{b}");
    }
}

#[test]
fn re_exports_are_followed_to_the_definition() {
    let module = ("a/mod.rs", "mod b;\nmod c;\npub use b::B;\npub(super) use c::C;");
    let through = [module, ("a/b.rs", "use super::C;"), ("a/c.rs", "use super::B;")];
    assert_eq!(found(&through), [["a/b.rs", "a/c.rs"]]);
    let one_way = [module, ("a/b.rs", "use super::C;"), ("a/c.rs", "pub struct C;"), ("d.rs", "use crate::a::{B, C};")];
    assert!(found(&one_way).is_empty());
    let by_the_crate = [("lib.rs", "pub use b::B;"), ("b.rs", "use crate::c::C;"), ("c.rs", "use crate::B;")];
    assert_eq!(found(&by_the_crate), [["b.rs", "c.rs"]]);
}

#[test]
fn a_file_and_its_child_can_be_a_circle() {
    let parent = "mod child;\nuse child::Child;\nfn helper() {}";
    assert_eq!(found(&[("a.rs", parent), ("a/child.rs", "use super::helper;")]), [["a.rs", "a/child.rs"]]);
    assert!(found(&[("a.rs", parent), ("a/child.rs", "use crate::b::B;"), ("b.rs", "struct B;")]).is_empty());
}

#[test]
fn tests_comments_and_texts_are_no_dependencies() {
    for a in [
        "fn f() {}\n#[cfg(test)]\nmod tests {\n    use crate::b::B;\n}",
        "/// See [`crate::b::B`].\nconst A: (&str, char) = (\"crate::b::B \\\" crate::b::B\", '\"'); // crate::b::B",
        "const A: &str = r#\"crate::b::B\"#;\nfn f<'a>(b: &'a b) { quote!(#b::B); other::b::B; self.b.b() }",
        "pub use crate::b::B;",
    ] {
        assert!(found(&[("a.rs", a), ("b.rs", "use crate::a::f;")]).is_empty(), "{a}");
    }
    let doubles = [("a/mod.rs", "#[cfg(test)]\nmod doubles;\nmod b;"), ("a/doubles.rs", "use super::b::B;")];
    assert!(found(&[doubles[0], doubles[1], ("a/b.rs", "use super::doubles::D;")]).is_empty());
}
