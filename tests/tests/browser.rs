//! The `sessions`, `gallery` and `club` programs in a real browser, and over plain HTTP as programs call them. Beside
//! them, a service of the tests inside `web::hardened`, with pages of other origins.
//!
//! Needs Chromium and its WebDriver, see `browser/driver.rs`. For a browser, `localhost` and `127.0.0.1` are different
//! sites. Two ports of one host are the same site and different origins.

mod browser {
    mod application;
    mod better_auth;
    mod club;
    mod club_http;
    mod club_world;
    mod content;
    mod cors_answers;
    mod cors_matrix;
    mod cross_site;
    mod driver;
    mod front_end;
    mod gallery;
    mod gallery_http;
    mod gallery_world;
    mod https;
    mod keys;
    mod markup;
    mod other_sessions;
    mod other_site;
    mod plain_http;
    mod service;
    mod sign_in;
    mod tab;
}
