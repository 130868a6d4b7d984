//! The account endpoints in one process, over every store, with a clock that the test moves.

mod account {
    mod answers;
    mod api_keys;
    mod canary;
    mod expiry;
    mod failing;
    mod grants;
    mod inactive;
    mod register;
    mod token_endpoint;
    mod upgrade;
    mod world;
}
