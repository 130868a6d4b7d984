//! The `sessions` program in a real browser, and over plain HTTP as programs call it.
//!
//! Needs Chromium and its WebDriver, see `browser/driver.rs`. One name per site: pages of `localhost` and of `127.0.0.1`
//! are of different sites to a browser, pages of two ports of one host are of one site and different origins.

mod browser {
    mod application;
    mod cross_site;
    mod driver;
    mod elsewhere;
    mod keys;
    mod markup;
    mod other_site;
    mod plain_http;
    mod sign_in;
    mod tab;
}
