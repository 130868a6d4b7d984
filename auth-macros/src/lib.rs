//! The attributes of `auth-runtime`: who may call an axum handler, and how often.
