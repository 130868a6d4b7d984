use core::{fmt, time::Duration};

use serde::de::DeserializeOwned;

use crate::{
    account::grant::{LIKE_A_FRESH_ID, check_new},
    auth::Auth,
    error::Failure,
};

use super::{fields::Fields, hook::NewMember};

/// Who may open an account at `POST /auth/register`, and what the new account gets. For
/// [`AccountRoutes::registration`](crate::account::AccountRoutes::registration).
///
/// | registration | who may register |
/// |---|---|
/// | [`open`](Self::open) (the default) | everyone; an invitation is accepted, too |
/// | [`by_invitation`](Self::by_invitation) | the holder of a token of [`Administration::invite`] |
/// | [`closed`](Self::closed) | nobody: the endpoint answers 403. [`Administration::create`] creates accounts |
///
/// ```
/// use auth_runtime::{account::{NewMember, Registration}, error::Failure};
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// struct Address {
///     city: String,
/// }
///
/// async fn store(member: NewMember, address: Address) -> Result<(), Failure> {
///     println!("{} lives in {}", member.id, address.city);
///     Ok(())
/// }
///
/// let registration = Registration::open().roles(["member"]).with_fields(store);
/// ```
///
/// [`Administration::create`]: crate::account::Administration::create
/// [`Administration::invite`]: crate::account::Administration::invite
#[derive(Clone)]
#[must_use]
pub struct Registration {
    pub(super) way: Way,
    pub(super) roles: Vec<String>,
    pub(super) scopes: Vec<String>,
    pub(super) is_email_alone: bool,
    pub(super) fields: Option<Fields>,
    pub(super) hook_deadline: Duration,
}

/// Who may register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Open,
    ByInvitation,
    Closed,
}

const HOOK_DEADLINE: Duration = Duration::from_secs(5);
/// The client waits for the hook, and an account that is not opened stays for an hour.
const LONGEST_HOOK_DEADLINE: Duration = Duration::from_secs(60);

impl Registration {
    const fn new(way: Way) -> Self {
        Self {
            way,
            roles: Vec::new(),
            scopes: Vec::new(),
            is_email_alone: false,
            fields: None,
            hook_deadline: HOOK_DEADLINE,
        }
    }

    /// Lets everyone open an account. Invitations are accepted, too.
    pub const fn open() -> Self {
        Self::new(Way::Open)
    }

    /// Lets those open an account who have a token of
    /// [`Administration::invite`](crate::account::Administration::invite).
    pub const fn by_invitation() -> Self {
        Self::new(Way::ByInvitation)
    }

    /// Lets no person open an account. The endpoint stays, and answers 403 with the code `registration-closed`. A page
    /// can then say so. An invitation cannot be used either. To have no endpoint, leave out the part of registration.
    /// Accounts then come from an import, or from [`Administration::create`](crate::account::Administration::create).
    ///
    /// Settings that say what new accounts get do nothing then, and are a panic at start-up.
    pub const fn closed() -> Self {
        Self::new(Way::Closed)
    }

    /// Sets the roles of new accounts; none by default. An account that was invited has the roles of its invitation
    /// instead.
    ///
    /// The router checks them when it gets its state, by the rules of [`GrantError`](crate::account::GrantError).
    pub fn roles(mut self, roles: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.roles = roles.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the scopes of new accounts; none by default. An account that was invited has the scopes of its invitation
    /// instead. The router checks them as it checks [`roles`](Self::roles).
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// Registers accounts by e-mail address alone. The body has no `username`; the account's user name is its address.
    /// A body with a `username` is refused.
    pub const fn email_alone(mut self) -> Self {
        self.is_email_alone = true;
        self
    }

    /// Adds the application's own members to the body, and a hook that stores them.
    ///
    /// `F` is a struct with named fields. All its members stand beside `username`, `email`, `password` and
    /// `invitation`, and may not have the names of these. Members that `F` does not have are refused. `F` has no
    /// flattened field, since its names would not be known.
    ///
    /// The steps are these:
    ///
    /// 1. The account is stored as pending: its name and address are taken, and no sign-in succeeds.
    /// 2. The hook runs, outside every transaction, for [`hook_deadline`](Self::hook_deadline) at most. It knows the
    ///    account by its identifier.
    /// 3. The account is opened.
    ///
    /// If the hook returns an error, its answer is that of [`Failure`], and no account remains: a
    /// [`Problem`](crate::error::Problem) is sent as it is, other errors are 500 or 503. A hook that hangs or panics
    /// is 503. The pending account is removed at once; if the process or the store fails before that, it goes after
    /// an hour. The request's end does not interrupt these steps: a client that disconnects leaves nothing half done.
    ///
    /// What the hook itself has stored stays when a later step fails. It is the application's, under an identifier that
    /// no account has.
    ///
    /// The hook of an invited account may run more than once under the same identifier: the invitation stays valid
    /// until the account is opened. Write it so that a second run replaces what the first one stored.
    pub fn with_fields<F, R>(mut self, hook: impl Fn(NewMember, F) -> R + Send + Sync + 'static) -> Self
    where
        F: DeserializeOwned + Send + 'static,
        R: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        self.fields = Some(Fields::new(hook));
        self
    }

    /// Sets how long the hook of [`with_fields`](Self::with_fields) may take: at most a minute; 5 seconds by default.
    pub const fn hook_deadline(mut self, deadline: Duration) -> Self {
        self.hook_deadline = deadline;
        self
    }

    /// Returns what keeps this registration from being served, in words for the developer.
    pub(in crate::account) fn faults(&self, auth: &Auth) -> Vec<String> {
        let mut faults: Vec<String> = self.fields.iter().flat_map(Fields::faults).collect();
        faults.extend(self.unused());
        if let Err(error) = check_new(auth, LIKE_A_FRESH_ID, &self.roles, &self.scopes) {
            faults.push(format!("`Registration` grants what no account can have: {error}"));
        }
        if self.hook_deadline.is_zero() || self.hook_deadline > LONGEST_HOOK_DEADLINE {
            faults.push("`Registration::hook_deadline` is zero or more than a minute".to_owned());
        }
        faults
    }

    /// Returns the settings that nothing reads, in words. Whoever wrote them expects them to do something.
    fn unused(&self) -> Vec<String> {
        let grants = !(self.roles.is_empty() && self.scopes.is_empty());
        let has_hook_deadline = self.hook_deadline != HOOK_DEADLINE;
        let mut faults = Vec::new();
        if self.way == Way::ByInvitation && grants {
            faults.push(
                "`Registration::by_invitation()` has `.roles(…)` or `.scopes(…)`, which no account would get: name \
                 them in `NewInvitation`"
                    .to_owned(),
            );
        }
        if self.way == Way::Closed {
            let settings = [
                (grants, "`.roles(…)` or `.scopes(…)`"),
                (self.is_email_alone, "`.email_alone()`"),
                (self.fields.is_some(), "`.with_fields(…)`"),
                (has_hook_deadline, "`.hook_deadline(…)`"),
            ];
            faults.extend(settings.into_iter().filter(|(is_set, _)| *is_set).map(|(_, setting)| {
                format!("`Registration::closed()` has {setting}, and opens no account: leave it out")
            }));
        } else if has_hook_deadline && self.fields.is_none() {
            faults
                .push("`Registration::hook_deadline` has no hook: call `.with_fields(…)`, or leave it out".to_owned());
        }
        faults
    }
}

impl Default for Registration {
    fn default() -> Self {
        Self::open()
    }
}

impl fmt::Debug for Registration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registration")
            .field("way", &self.way)
            .field("roles", &self.roles)
            .field("scopes", &self.scopes)
            .field("email_alone", &self.is_email_alone)
            .finish_non_exhaustive()
    }
}
