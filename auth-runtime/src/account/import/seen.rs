use std::collections::HashMap;

use crate::store::{NewAccount, login_key};

/// The identifiers and logins of the rows read so far. They must be unique within one file, too.
#[derive(Default)]
pub(super) struct Seen {
    ids: HashMap<String, u64>,
    logins: HashMap<String, u64>,
}

impl Seen {
    /// Returns a fault for each name that an earlier row has, and records the names of this row.
    pub(super) fn faults(&mut self, line: u64, new: &NewAccount) -> Vec<String> {
        let mut faults = Vec::new();
        let mut taken = |column: &str, earlier: u64| {
            faults.push(format!("`{column}` is that of line {earlier} already"));
        };
        if let Some(earlier) = new.id.as_ref().and_then(|id| self.ids.insert(id.clone(), line)) {
            taken("id", earlier);
        }
        let (username, email) = (login_key(&new.username), login_key(&new.email));
        if username != email
            && let Some(earlier) = self.logins.insert(username, line)
        {
            taken("username", earlier);
        }
        if let Some(earlier) = self.logins.insert(email, line) {
            taken("email", earlier);
        }
        faults
    }
}
