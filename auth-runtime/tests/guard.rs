//! Policies written by hand, on real routers: every status of the guard, with its challenge and body.
#![cfg(feature = "testing")]

mod guard {
    mod credentials;
    mod extractors;
    mod limits;
    mod rules;
    mod support;
    mod unmatched;
    mod wiring;
}
