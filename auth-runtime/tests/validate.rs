//! Input that is validated: the answers about a body, a form, a query and a path.
#![cfg(all(feature = "validation", feature = "garde"))]

mod validate {
    mod answers;
    mod bad_json;
    mod by_garde;
    mod fields;
    mod names;
    #[cfg(all(feature = "macros", feature = "testing"))]
    mod order;
    mod pages;
    mod secrets;
    mod support;
    mod translated;
}
