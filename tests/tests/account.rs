//! The account endpoints in one process, over every store, with a clock that the test moves.

mod account {
    mod answers;
    mod api_keys;
    mod bad_tokens;
    mod canary;
    mod change_by_cookie;
    mod change_password;
    mod cleaning;
    mod cookies;
    mod elsewhere;
    mod expiry;
    mod failing;
    mod failing_passwords;
    mod failing_randomness;
    mod failing_sessions;
    mod failures;
    mod families;
    mod full_queue;
    mod grants;
    mod hung_up;
    mod import;
    mod inactive;
    mod jwks;
    mod mailbox;
    mod meanwhile;
    mod normalised;
    mod oauth_refusals;
    mod processes;
    mod register;
    mod require_reset;
    mod reset_meanwhile;
    mod reset_password;
    mod revocation;
    mod sessions;
    mod sessions_per_user;
    mod step_up;
    mod token_endpoint;
    mod truncated;
    mod upgrade;
    mod verify_email;
    mod world;
}
