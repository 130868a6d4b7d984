//! The `quickstart` program as users run it: built, started in an empty folder, and called over HTTP.

mod quickstart {
    use auth_tests::http;

    mod bad_input;
    mod burst;
    mod headers;
    mod import;
    mod limits;
    mod login;
    mod matrix;
    mod notes;
    mod person;
    mod postgres;
    mod redis;
    mod refresh;
    mod register;
    mod server;
    mod start;
    mod tokens;
}
