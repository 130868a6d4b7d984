//! Policies written by hand, on real routers: every status of the guard, with its challenge and body.
#![cfg(feature = "testing")]

mod guard {
    mod credentials;
    mod cross_site;
    mod csrf_tokens;
    mod extractors;
    mod generic;
    mod layers;
    mod limit_keys;
    mod limit_outages;
    mod limit_stages;
    mod limits;
    mod paths;
    mod rules;
    mod sessions;
    mod signed_in;
    mod spy;
    mod support;
    mod unmatched;
    mod wiring;
}
