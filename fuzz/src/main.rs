//! One program for all targets: `FUZZ_TARGET` names the target that runs.

#![no_main]
#![allow(dead_code, unused_imports, reason = "the sources of `auth-macros` have more than the fuzzer calls")]

use std::{env, sync::LazyLock};

use auth_runtime::fuzzing::{TARGETS, Target};
use libfuzzer_sys::fuzz_target;

/// The sources of `auth-macros`, a crate of macros, which exports nothing that a fuzzer could call. They name each other
/// from the root of their crate.
#[path = "../../auth-macros/src/attribute.rs"]
mod attribute;
#[path = "../../auth-macros/src/check/mod.rs"]
mod check;
#[path = "../../auth-macros/src/collect.rs"]
mod collect;
#[path = "../../auth-macros/src/diag/mod.rs"]
mod diag;
#[path = "../../auth-macros/src/driver.rs"]
mod driver;
#[path = "../../auth-macros/src/expand/mod.rs"]
mod expand;
#[path = "../../auth-macros/src/fuzzing.rs"]
mod fuzzing;
#[path = "../../auth-macros/src/harness.rs"]
mod harness;
#[path = "../../auth-macros/src/issuer/mod.rs"]
mod issuer;
#[path = "../../auth-macros/src/lower/mod.rs"]
mod lower;
#[path = "../../auth-macros/src/marker.rs"]
mod marker;
#[path = "../../auth-macros/src/model/mod.rs"]
mod model;
#[path = "../../auth-macros/src/role/mod.rs"]
mod role;
#[path = "../../auth-macros/src/runtime.rs"]
mod runtime;
#[path = "../../auth-macros/src/syntax/mod.rs"]
mod syntax;
#[path = "../../auth-macros/src/upload/mod.rs"]
mod upload;

const OF_MACROS: [Target; 3] =
    [("attribute", fuzzing::attribute), ("derive", fuzzing::derive), ("rate_limit", fuzzing::rate_limit)];

static TARGET: LazyLock<fn(&[u8])> = LazyLock::new(|| {
    let name = env::var("FUZZ_TARGET").expect("FUZZ_TARGET names a target");
    let found = TARGETS.into_iter().chain(OF_MACROS).find(|(own, _)| *own == name);
    found.unwrap_or_else(|| panic!("there is no target {name}")).1
});

fuzz_target!(|bytes: &[u8]| TARGET(bytes));
