//! The items that an application's handlers and routes use most: `use auth_runtime::prelude::*;`.

#[cfg(feature = "macros")]
pub use crate::attributes::{
    Issuer, Role, authorize, body, check, csrf_exempt, protected, public, rate_limit, require_role, require_scope,
};

#[cfg(all(feature = "macros", feature = "web"))]
pub use crate::csp;

#[cfg(feature = "validation")]
pub use crate::validate::Valid;

pub use crate::{
    account,
    auth::{Auth, Settings},
    extract::{Form, Json, Path, Query},
    guard::{CsrfForm, CsrfToken, CurrentUser, Guard, SuperUser},
    identity::Identity,
    router::{
        GuardedRouter,
        routing::{any, delete, get, head, on, options, patch, post, put},
    },
    store::{Account, Accounts, Users},
};
