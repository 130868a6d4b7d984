//! The help of a compile error is typed as it stands, and compiles.
//!
//! Beside each case of `ui/fail` stands a `.fixed` file: the case with its helps typed at the marked places.
//! `HELPS=overwrite` writes these files for the reviewer to read. A help that cannot be typed is advice, and stands in
//! `helps/advice.txt`.

mod helps {
    pub mod advice;
    pub mod case;
    pub mod edit;
    pub mod help;
    pub mod message;
}

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
};

use auth_tests::{
    packages::{put, target},
    programs::built,
    read,
};

use self::helps::{advice, case::Case};

#[test]
fn helps_are_typed_and_compile() {
    let overwrites = env::var("HELPS").is_ok_and(|value| value == "overwrite");
    let (mut wrong, mut fixed) = (Vec::new(), Vec::new());
    for case in Case::all() {
        let typed = match case.typed() {
            Ok(typed) => typed,
            Err(reason) => {
                wrong.push(format!("{}: {reason}", case.name));
                continue;
            }
        };
        if overwrites {
            write_or_remove(&case.fixed_path(), typed.as_deref());
        }
        if typed != case.fixed() {
            wrong.push(format!("{}: `.fixed` is not the case with its helps typed", case.name));
        }
        fixed.extend(typed.map(|_| case.fixed_path()));
    }
    assert!(wrong.is_empty(), "{}\n(`HELPS=overwrite` writes the `.fixed` files)", wrong.join("\n"));
    compile(&fixed);
}

/// Each advice is pinned, so that a reviewer sees what the compiler tells people without a line to type.
#[test]
fn advice_is_pinned() {
    let pinned = advice::pinned();
    let (mut missing, mut used) = (BTreeSet::new(), BTreeSet::new());
    for case in Case::all() {
        for advice in case.advice() {
            match pinned.iter().find(|entry| entry.is(&advice)) {
                Some(entry) => _ = used.insert(entry.text()),
                None => _ = missing.insert(format!("{advice}    ({})", case.name)),
            }
        }
    }
    assert!(missing.is_empty(), "helps/advice.txt does not have\n{}", Vec::from_iter(missing).join("\n"));
    let unused: Vec<_> = pinned.iter().map(advice::Pinned::text).filter(|text| !used.contains(text)).collect();
    assert!(unused.is_empty(), "no case shows what helps/advice.txt has\n{}", unused.join("\n"));
}

fn write_or_remove(path: &Path, text: Option<&str>) {
    match text {
        Some(text) => fs::write(path, text).unwrap(),
        None => _ = fs::remove_file(path),
    }
}

/// Compiles all files, each as a module of one crate. A file with attributes of its crate is a crate of its own.
fn compile(files: &[PathBuf]) {
    let (crates, modules): (Vec<_>, Vec<_>) = files.iter().partition(|path| read(path).contains("#!["));
    let modules = modules.iter().enumerate().map(|(number, path)| format!("#[path = {path:?}]\nmod fixed_{number};\n"));
    let together = format!("#![allow(warnings)]\n\nfn main() {{}}\n\n{}", modules.collect::<String>());
    let mut programs = vec![target().join("helps/fixed.rs")];
    put(&programs[0], &together);
    programs.extend(crates.into_iter().cloned());
    built("helps", &programs);
}
