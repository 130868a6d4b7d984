//! The parts that shapes are drawn from. All of them are valid in every edition.

/// Access attributes that go together, and whether they admit only callers with the role or the scope.
pub(super) const PROTECTED: [(&[&str], bool); 20] = [
    (&["protected"], false),
    (&["protected(via(bearer))"], false),
    (&["protected(via(bearer, session), fresh = 1 hour)"], false),
    (&["protected {}"], false),
    (&["require_role(\"admin\")"], true),
    (&["require_role(\"admin\", \"editor\")"], true),
    (&["require_role(Role::Admin)"], true),
    (&["require_role(Role::Member, \"editor\")"], true),
    (&["require_scope(\"posts:write\")"], true),
    (&["authorize(role(\"admin\") && scope(\"posts:write\"))"], true),
    (&["authorize(role(Role::Member) || scope(\"posts:read\"))"], true),
    (&["authorize(!role(\"banned\"))"], false),
    (&["authorize(check(is_alice))"], true),
    (&["authorize(role(\"owner\") || check(crate::support::is_alice))"], true),
    (&["protected", "require_role(\"admin\")"], true),
    (&["protected(via(bearer))", "require_scope(\"posts:write\")"], true),
    (&["require_role(Role::Admin)", "require_scope(\"posts:write\")"], true),
    (&["require_role(\"admin\")", "authorize(scope(\"posts:write\") || check(is_alice))"], true),
    (&["protected(fresh = 5 min)", "require_role(\"admin\")", "require_scope(\"posts:write\")"], true),
    (&["protected", "csrf_exempt(because = \"signed by its sender\")"], false),
];

pub(super) const PUBLIC: [&str; 3] = ["public", "public(because = \"front page\")", "public()"];

pub(super) const LIMITS: [&str; 5] = [
    "rate_limit(900000/min)",
    "rate_limit(900000/hour, by = path(\"id\"))",
    "rate_limit[800000/hour, by = global, name = \"all\", on_outage = deny]",
    "rate_limit(700000/15 min, by = header(\"x-tenant\"), burst = 100, cost = 2)",
    "rate_limit(10/day, by = header(\"x-region\"), shadow)",
];

/// How an attribute of this crate may be spelled; `…` stands for the attribute.
pub(super) const SPELLINGS: [&str; 5] =
    ["#[…]", "#[…]", "#[auth_runtime::…]", "#[::auth_runtime::prelude::…]", "#[cfg_attr(all(), …)]"];

/// Attributes of others that may stand anywhere.
pub(super) const BESIDE: [&str; 21] = [
    "/// What the handler does.",
    "#[doc = \"More about it.\"]",
    "#[doc(hidden)]",
    "#[allow(clippy::unused_async)]",
    "#[allow(unused, clippy::pedantic)]",
    "#[expect(clippy::unused_async)]",
    "#[warn(clippy::pedantic)]",
    "#[deny(unsafe_code)]",
    "#[must_use]",
    "#[inline]",
    "#[cold]",
    "#[deprecated]",
    "#[deprecated(note = \"call the other\")]",
    "#[cfg(all())]",
    "#[cfg_attr(all(), inline(never))]",
    "#[cfg_attr(any(), nonsense)]",
    "#[rustfmt::skip]",
    "#[tracing::instrument(skip_all)]",
    "#[tracing::instrument(skip_all, fields(shape = 1))]",
    "#[tracing::instrument(level = \"debug\", skip_all, err(Debug))]",
    "#[tracing::instrument]",
];

/// Attributes that read the handler as the router will call it, and stand below those of this crate.
pub(super) const BELOW: [&str; 2] =
    ["#[axum::debug_handler(state = App)]", "#[axum::debug_handler(state = crate::support::App)]"];

pub(super) const VISIBILITIES: [&str; 5] = ["", "pub ", "pub(crate) ", "pub(super) ", "pub(in crate::handlers) "];

/// Extractors that leave the body alone.
pub(super) const PARTS: [&str; 13] = [
    "State<App>",
    "Query<HashMap<String, String>>",
    "Result<Query<HashMap<String, String>>, QueryRejection>",
    "HeaderMap",
    "Method",
    "Uri",
    "Version",
    "RawQuery",
    "OriginalUri",
    "MatchedPath",
    "(Method, Uri)",
    "Option<Identity>",
    "axum::extract::State<crate::support::App>",
];

pub(super) const BODIES: [&str; 5] =
    ["String", "Bytes", "Json<serde_json::Value>", "Request", "Result<Json<serde_json::Value>, JsonRejection>"];

/// Generic parameters, `where` clause, the statement that uses them, and the arguments at the route.
pub(super) const GENERICS: [[&str; 4]; 4] = [
    ["<T: Choice>", "", "let _ = T::NAME;", "::<First>"],
    ["<T>", " where T: Choice", "let _ = T::NAME;", "::<First>"],
    ["<const N: usize>", "", "let _ = N;", "::<3>"],
    ["<T: Choice, const N: usize>", " where T: Sized", "let _ = (T::NAME, N);", "::<First, 2>"],
];

/// Return types and the expressions that end their bodies.
pub(super) const RETURNS: [[&str; 2]; 12] = [
    ["", ""],
    [" -> ()", ""],
    [" -> &'static str", "\"ok\""],
    [" -> String", "String::from(\"ok\")"],
    [" -> StatusCode", "StatusCode::OK"],
    [" -> (StatusCode, &'static str)", "(StatusCode::CREATED, \"ok\")"],
    [" -> Json<u8>", "Json(1)"],
    [" -> Response", "\"ok\".into_response()"],
    [" -> impl IntoResponse", "\"ok\""],
    [" -> Result<String, StatusCode>", "Ok(String::from(\"ok\"))"],
    [" -> Result<impl IntoResponse, StatusCode>", "Ok::<_, StatusCode>(\"ok\")"],
    [" -> axum::response::Result<&'static str>", "Ok(\"ok\")"],
];

/// Beginnings of bodies; `…` stands for the expression that ends the body.
pub(super) const BEGINNINGS: [&str; 12] = [
    "",
    "",
    "std::future::ready(()).await;",
    "#![allow(unused_variables)]\n        let unused = 1_u8;",
    "//! An inner comment.\n        let _ = 1_u8;",
    "const ONE: u8 = 1;\n        let _ = ONE;",
    "use std::fmt::Write as _;\n        let mut text = String::new();\n        let _ = write!(text, \"x\");",
    "let guard = 1_u8;\n        let _ = guard;",
    "if std::hint::black_box(false) {\n            return …;\n        }",
    "macro_rules! one {\n            () => {\n                1_u8\n            };\n        }\n        let _ = one!();",
    "let text = String::from(\"x\");\n        std::future::ready(()).await;\n        drop(text);",
    "fn inner() -> u8 {\n            1\n        }\n        let _ = inner();",
];
