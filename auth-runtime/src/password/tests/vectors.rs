//! The hashes that other systems' libraries made, by form.

use std::sync::LazyLock;

use serde_json::Value;

pub(super) struct Vector {
    pub(super) form: String,
    pub(super) password: String,
    pub(super) encoded: String,
}

pub(super) static MADE: LazyLock<Vec<Vector>> = LazyLock::new(|| list("vectors"));

/// Returns the hashes of one form, at least three.
#[cfg(feature = "foreign-hashes")]
pub(super) fn of_form(form: &str) -> impl Iterator<Item = &'static Vector> {
    let of_form = || MADE.iter().filter(move |vector| vector.form == form);
    assert!(of_form().count() >= 3, "{form}");
    of_form()
}

pub(super) fn list(name: &str) -> Vec<Vector> {
    let text = include_str!("../../../tests/vectors/password-elsewhere/vectors.json");
    let document: Value = serde_json::from_str(text).unwrap();
    let field = |vector: &Value, name: &str| vector[name].as_str().unwrap_or_default().to_owned();
    let vectors = document[name].as_array().unwrap().iter();
    let read = |vector| Vector {
        form: field(vector, "form"),
        password: field(vector, "password"),
        encoded: field(vector, "encoded"),
    };
    vectors.map(read).collect()
}
