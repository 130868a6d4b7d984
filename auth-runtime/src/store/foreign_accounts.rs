use core::fmt::{self, Write as _};
use std::sync::Arc;

use aws_lc_rs::digest::{Context, SHA256};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};

use super::{Account, Accounts, BoxFuture, CreateError, NewAccount, UserStore};
use crate::{
    error::StoreError,
    identity::Identity,
    secret::{Entropy, SystemEntropy},
};

/// A user directory that keeps a local account for each caller of another issuer.
///
/// The first request of a person creates the account, and each later one finds it. So
/// [`CurrentUser<Account>`](crate::guard::CurrentUser) serves callers of other issuers, a table of the application can
/// refer to the account's id, and an operator can deactivate the account.
///
/// - The id follows from the issuer and the subject. No name, no e-mail address, and no account of this service that
///   has one of them, is linked to the person.
/// - The account has no roles and scopes. Policies read those of the credential.
/// - The account's user name and `email` are its id, which no mail reaches, and no password fits.
///
/// ```
/// # #[cfg(feature = "memory")] {
/// use auth_runtime::store::{Accounts, ForeignAccounts, MemoryStore, Users};
///
/// let accounts = Accounts::new(MemoryStore::default());
/// let users = Users::new(ForeignAccounts::new(&accounts));
/// # drop(users);
/// # }
/// ```
#[derive(Clone)]
pub struct ForeignAccounts {
    accounts: Accounts,
    entropy: Arc<dyn Entropy>,
}

impl ForeignAccounts {
    /// Creates a directory that keeps its accounts among these.
    pub fn new(accounts: &Accounts) -> Self {
        Self { accounts: accounts.clone(), entropy: Arc::new(SystemEntropy::new()) }
    }

    async fn found_or_created(&self, caller: &Identity) -> Result<Option<Account>, StoreError> {
        let (id, accounts) = (id_of(caller), self.accounts.accounts());
        if let Some(account) = accounts.find(&id).await? {
            return Ok(Some(account));
        }
        let mut new = NewAccount::new(&*id, &*id, self.unknown_password()?.into());
        new.id = Some(id.clone());
        match accounts.create(new).await {
            Ok(account) => Ok(Some(account)),
            Err(CreateError::Store(error)) => Err(error),
            // Another request of the same person was faster.
            Err(error) => match accounts.find(&id).await? {
                Some(account) => Ok(Some(account)),
                None => Err(StoreError::new("accounts", error)),
            },
        }
    }

    /// Returns a hash that no password has.
    fn unknown_password(&self) -> Result<String, StoreError> {
        let mut random = [0; 48];
        self.entropy.fill(&mut random).map_err(|error| StoreError::new("entropy", error))?;
        let (salt, hash) = random.split_at(16);
        let [salt, hash] = [salt, hash].map(|part| STANDARD_NO_PAD.encode(part));
        Ok(format!("$argon2id$v=19$m=19456,t=2,p=1${salt}${hash}"))
    }
}

impl UserStore for ForeignAccounts {
    type User = Account;

    fn find<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<Account>, StoreError>> {
        self.accounts.accounts().find(id)
    }

    fn find_foreign<'a>(&'a self, caller: &'a Identity) -> BoxFuture<'a, Result<Option<Account>, StoreError>> {
        Box::pin(self.found_or_created(caller))
    }
}

/// Returns the id of a person's account. Registration allows no user name of this form.
fn id_of(caller: &Identity) -> String {
    let (issuer, mut context) = (caller.issuer(), Context::new(&SHA256));
    // The length keeps the end of one text from being read as the beginning of the other.
    context.update(&issuer.len().to_be_bytes());
    context.update(issuer.as_bytes());
    context.update(caller.subject().as_bytes());
    let mut id = "foreign-".to_owned();
    for byte in context.finish().as_ref() {
        // Writing to a `String` does not fail.
        let _ = write!(id, "{byte:02x}");
    }
    id
}

impl fmt::Debug for ForeignAccounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ForeignAccounts").finish_non_exhaustive()
    }
}

#[cfg(all(test, feature = "memory"))]
mod tests {
    use super::*;
    use crate::{
        policy::Via,
        secret::doubles::NoEntropy,
        store::{AccountChange, MemoryStore},
    };

    fn caller(issuer: &str, subject: &str) -> Identity {
        Identity::builder(subject, Via::BEARER).issuer(issuer).email("ada@example.com", true).build()
    }

    async fn id(users: &ForeignAccounts, issuer: &str, subject: &str) -> String {
        users.find_foreign(&caller(issuer, subject)).await.unwrap().unwrap().id
    }

    #[tokio::test]
    async fn each_person_has_an_account_and_keeps_it() {
        let accounts = Accounts::new(MemoryStore::default());
        let own = NewAccount::new("ada", "ada@example.com", "$argon2id$".to_owned().into());
        let own = accounts.accounts().create(own).await.unwrap();
        let users = ForeignAccounts::new(&accounts);
        let ada = id(&users, "https://id.example", "ada").await;
        assert_ne!(ada, own.id, "a name and an address link nothing");
        assert_eq!(id(&users, "https://id.example", "ada").await, ada);
        // Neither the other issuer's person, nor a person with the texts cut at another place.
        for (issuer, subject) in
            [("https://other.example", "ada"), ("https://id.example", "adam"), ("https://id.exampl", "eada")]
        {
            assert_ne!(id(&users, issuer, subject).await, ada, "{issuer} {subject}");
        }
        let account = users.find(&ada).await.unwrap().unwrap();
        assert_eq!((&account.username, &account.email), (&ada, &ada));
        assert!(account.roles.is_empty() && account.scopes.is_empty() && !account.superuser && account.active);
        assert_eq!(accounts.accounts().set_active(&ada, false).await.unwrap(), AccountChange::Done);
        assert!(!users.find_foreign(&caller("https://id.example", "ada")).await.unwrap().unwrap().active);
    }

    #[tokio::test]
    async fn simultaneous_first_requests_make_one_account() {
        let users = ForeignAccounts::new(&Accounts::new(MemoryStore::default()));
        let tasks: Vec<_> = (0..20)
            .map(|_| {
                let users = users.clone();
                tokio::spawn(async move { id(&users, "https://id.example", "ada").await })
            })
            .collect();
        let mut ids = Vec::new();
        for task in tasks {
            ids.push(task.await.unwrap());
        }
        ids.dedup();
        assert_eq!(ids.len(), 1);
    }

    #[tokio::test]
    async fn without_randomness_no_account_is_made() {
        let users = ForeignAccounts {
            entropy: Arc::new(NoEntropy),
            ..ForeignAccounts::new(&Accounts::new(MemoryStore::default()))
        };
        let caller = caller("https://id.example", "ada");
        assert!(users.find_foreign(&caller).await.is_err());
        assert!(users.find(&id_of(&caller)).await.unwrap().is_none());
    }
}
