//! The `quickstart` program as people run it: built, started in an empty folder, spoken to over HTTP.

mod quickstart {
    mod bad_input;
    mod binary;
    mod burst;
    mod http;
    mod limits;
    mod login;
    mod matrix;
    mod notes;
    mod person;
    mod readme;
    mod refresh;
    mod register;
    mod server;
    mod start;
    mod tokens;
}
