//! A complete store outside the crate, with tables of its own.
//!
//! It reads every record that it is given, and builds every record that it returns by the constructor and the public
//! fields. The conformance suite accepts it. A test can make it lose one member of a record, and the suite must fail.
#![cfg(feature = "testing")]

mod own_store {
    mod accounts;
    mod api_keys;
    mod attempts;
    mod conformance;
    mod members;
    mod one_time;
    mod rotation;
    mod session_rows;
    mod sessions;
    mod store;
}
