pub use std::collections::HashMap;

pub use axum::{
    body::Bytes,
    extract::{
        rejection::{JsonRejection, QueryRejection},
        MatchedPath, OriginalUri, Path, Query, RawQuery, Request, State,
    },
    http::{HeaderMap, Method, StatusCode, Uri, Version},
    response::{IntoResponse, Response},
    Json,
};

pub use crate::support::{is_alice, App, Choice, First, Role};
