use core::fmt;

/// The arguments of [`AccountStore::list_accounts`](super::AccountStore::list_accounts). Each field that is `None`
/// admits all accounts, and an account is listed if all fields admit it.
///
/// ```
/// use auth_runtime::store::AccountQuery;
///
/// let mut query = AccountQuery::new(50);
/// query.search = Some("example.org".to_owned());
/// query.active = Some(false);
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccountQuery {
    /// A part of the user name or the e-mail address, compared under [`login_key`](super::login_key). No character of
    /// it has a special meaning. The empty text admits all accounts.
    pub search: Option<String>,
    /// Admits accounts after this identifier in order: the last identifier of the page before. An account with this
    /// identifier need not exist any more.
    pub after: Option<String>,
    /// The highest number of accounts. A number above [`MOST`](Self::MOST) counts as that one.
    pub limit: u32,
    /// Admits accounts that may sign in, or those that may not.
    pub active: Option<bool>,
    /// Admits superusers, or all others.
    pub superuser: Option<bool>,
    /// Admits accounts that have not been opened yet, or all others.
    pub pending: Option<bool>,
    /// Admits accounts that have the role of exactly this name.
    pub role: Option<String>,
}

impl AccountQuery {
    /// The highest number of accounts that a store lists at once.
    pub const MOST: u32 = 100;

    /// Asks for the first `limit` of all accounts.
    pub const fn new(limit: u32) -> Self {
        Self { search: None, after: None, limit, active: None, superuser: None, pending: None, role: None }
    }
}

// The part of a name or address is personal.
impl fmt::Debug for AccountQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccountQuery")
            .field("after", &self.after)
            .field("limit", &self.limit)
            .field("active", &self.active)
            .field("superuser", &self.superuser)
            .field("pending", &self.pending)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}
