//! Requests to the routers of the benchmark `guard`.

use crate::{Named, apps};

const CASES: [&str; 11] = [
    apps::PLAIN,
    apps::HAND_WRITTEN,
    apps::OURS,
    apps::OURS_IDENTITY,
    apps::REVOCABLE,
    apps::SESSION,
    apps::ANONYMOUS,
    apps::LIMITED,
    apps::LIMITED_SILENT,
    apps::TOWER_GOVERNOR,
    apps::TOWER_GOVERNOR_FIELDS,
];

pub(crate) fn cases() -> Vec<Named> {
    CASES.map(named).into()
}

fn named(name: &'static str) -> Named {
    let prepare = move || -> Box<dyn FnMut()> {
        let case = apps::cases().into_iter().find(|case| case.name == name).expect("a case of this name");
        Box::new(move || assert_eq!(case.call().status(), case.expected))
    };
    (name.to_owned(), Box::new(prepare))
}
