//! The account endpoints in one process, over every store, with a clock that the test moves.

mod account {
    mod answers;
    mod canary;
    mod cookies;
    mod expiry;
    mod failing;
    mod families;
    mod grants;
    mod inactive;
    mod register;
    mod revocation;
    mod sessions;
    mod step_up;
    mod token_endpoint;
    mod upgrade;
    mod world;
}
