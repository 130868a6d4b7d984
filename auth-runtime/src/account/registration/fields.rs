use core::any::type_name;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{
    error::{Failure, FieldError},
    extract::fit,
};

use super::{
    hook::{Hook, NewMember},
    member_names::member_names,
    members::OWN,
};

/// The application's members of the body, and the hook that stores them.
#[derive(Clone)]
pub(super) struct Fields {
    /// The names of the members; `None` when the type does not tell them.
    names: Option<&'static [&'static str]>,
    type_name: &'static str,
    read: Read,
}

/// Reads the members, and returns the hook that stores them.
type Read = Arc<dyn Fn(Value) -> Result<Hook, FieldError> + Send + Sync>;

impl Fields {
    pub(super) fn new<F, R>(hook: impl Fn(NewMember, F) -> R + Send + Sync + 'static) -> Self
    where
        F: DeserializeOwned + Send + 'static,
        R: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        let hook = Arc::new(hook);
        let read: Read = Arc::new(move |members| {
            let (hook, fields) = (Arc::clone(&hook), fit::<F>(members)?);
            Ok(Hook::new(move |member| Box::pin(async move { hook(member, fields).await })))
        });
        Self { names: member_names::<F>(), type_name: type_name::<F>(), read }
    }

    /// Returns the hook for these members.
    pub(super) fn read(&self, members: Map<String, Value>) -> Result<Hook, FieldError> {
        (self.read)(Value::Object(members))
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.names.is_some_and(|names| names.contains(&name))
    }

    /// Returns why the type cannot be an extension of the body.
    pub(super) fn faults(&self) -> Vec<String> {
        let name = self.type_name;
        let Some(names) = self.names else {
            return vec![format!(
                "`Registration::with_fields` cannot read `{name}`: take a struct with named fields, without \
                 `#[serde(flatten)]`"
            )];
        };
        let ours = names.iter().filter(|name| OWN.contains(name));
        ours.map(|member| {
            format!(
                "`{name}` of `Registration::with_fields` has a member `{member}`, which every registration has: \
                     rename it"
            )
        })
        .collect()
    }
}
