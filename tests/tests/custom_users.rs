//! The `custom-users` program on a database that other code has filled.

mod custom_users {
    mod adoption;
    mod sign_in;
    mod world;
}
