use super::Account;

/// What an account may do, as somebody has read it. A decision about a change rests on it: whether an administrator may
/// grant a role depends on the roles that the administrator holds.
///
/// [`AccountStore::update_while`](super::AccountStore::update_while) and
/// [`create_while`](super::AccountStore::create_while) compare it with the account in the step that writes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Standing {
    /// The account's identifier.
    pub id: String,
    /// Whether the account may sign in and make requests.
    pub active: bool,
    /// Whether the account is a superuser.
    pub superuser: bool,
    /// Whether the account waits for its owner.
    pub pending: bool,
    /// The names of the account's roles, in the order of the store.
    pub roles: Vec<String>,
    /// The scopes that the account may be given, in the order of the store.
    pub scopes: Vec<String>,
}

impl Standing {
    /// Returns what this account may do.
    pub fn of(account: &Account) -> Self {
        Self {
            id: account.id.clone(),
            active: account.active,
            superuser: account.superuser,
            pending: account.pending_until.is_some(),
            roles: account.roles.clone(),
            scopes: account.scopes.clone(),
        }
    }

    /// Returns whether the account, as it is now, may do exactly the same. An account that is gone may not.
    pub fn still_holds(&self, now: Option<&Account>) -> bool {
        now.is_some_and(|account| *self == Self::of(account))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::UnixTime, store::NewAccount};

    #[test]
    fn a_standing_holds_until_any_part_of_it_changes() {
        let mut new = NewAccount::new("alice", "alice@example.org", "hash".into());
        (new.roles, new.scopes) = (vec!["admin".to_owned()], vec!["notes:read".to_owned()]);
        let account = Account::new("1".to_owned(), new, UnixTime::from_seconds(1));
        let standing = Standing::of(&account);
        assert!(standing.still_holds(Some(&account)));
        assert!(!standing.still_holds(None), "an account that is gone");
        let changes: [fn(&mut Account); 6] = [
            |account| account.id.push('1'),
            |account| account.active = false,
            |account| account.superuser = true,
            |account| account.pending_until = Some(UnixTime::from_seconds(9)),
            |account| account.roles.clear(),
            |account| account.scopes.push("notes:write".to_owned()),
        ];
        for (number, change) in changes.into_iter().enumerate() {
            let mut other = account.clone();
            change(&mut other);
            assert!(!standing.still_holds(Some(&other)), "{number}");
        }
        let renamed = Account { username: "alicia".to_owned(), ..account };
        assert!(standing.still_holds(Some(&renamed)), "a name decides nothing");
    }
}
