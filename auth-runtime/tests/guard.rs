//! Handwritten policies on real routers: every status of the guard, with its challenge and body.
#![cfg(feature = "testing")]

mod guard {
    mod addresses;
    mod bodies;
    mod browser_credentials;
    mod challenges;
    mod credential_kinds;
    mod credentials;
    mod cross_site;
    mod csrf_tokens;
    mod dead_cookies;
    mod decision_events;
    mod extractors;
    mod generic;
    mod groups;
    mod issuers;
    mod key_rotation;
    mod layers;
    mod limit_keys;
    mod limit_outages;
    mod limit_stages;
    mod limits;
    mod metadata;
    mod named_policies;
    mod outcomes;
    mod paths;
    mod quotas;
    mod rules;
    mod sessions;
    mod signed_in;
    mod spy;
    mod support;
    mod test_identities;
    #[cfg(feature = "remote")]
    mod trusted_issuers;
    mod uncallable;
    mod unmatched;
    mod wiring;
    mod wrappers;
}
