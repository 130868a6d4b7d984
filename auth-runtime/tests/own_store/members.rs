use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

/// The members of records that a store handles, and its lost member.
#[derive(Clone, Default)]
pub(super) struct Members {
    lost: Option<&'static str>,
    handled: Arc<Mutex<BTreeSet<&'static str>>>,
}

impl Members {
    pub(super) fn losing(member: &'static str) -> Self {
        Self { lost: Some(member), ..Self::default() }
    }

    /// Returns the members that the store has handled so far.
    pub(super) fn handled(&self) -> BTreeSet<&'static str> {
        self.handled.lock().unwrap().clone()
    }

    /// Returns the value of a member, or `other` if the store loses it.
    pub(super) fn keep<T>(&self, member: &'static str, value: T, other: T) -> T {
        self.handled.lock().unwrap().insert(member);
        if self.lost == Some(member) { other } else { value }
    }

    /// Sets a field of a new record, unless the store loses it. The field then has the value of the constructor.
    pub(super) fn set<T>(&self, member: &'static str, field: &mut T, value: T) {
        self.handled.lock().unwrap().insert(member);
        if self.lost != Some(member) {
            *field = value;
        }
    }
}
