use core::fmt;
use std::{io, sync::Arc};

use crate::{
    auth::Auth,
    error::StoreError,
    store::{Account, Accounts, NewAccount, login_key},
};

use super::{
    super::administration::NoAccounts,
    error::{ImportError, RowFault},
    row::{Columns, account},
    seen::Seen,
};

/// Reads accounts of another system from CSV: every row is checked before the first is written.
///
/// The first line names the columns, in any order: `email` and `hash`, and where there are any `id`, `username` (else the
/// address), `roles` and `scopes` (several separated by `;`), `verified` and `active`. The last two are `true`, `t`, `1` or
/// `yes`, or the opposite; by default an address is not verified and an account is active.
///
/// A row is in the store already where its user name and address are one account's there, and its identifier, if it brings
/// one. Such an account is left as it is.
///
/// ```no_run
/// # async fn example(auth: auth_runtime::Auth) -> Result<(), Box<dyn std::error::Error>> {
/// use auth_runtime::account::Importer;
///
/// let plan = Importer::new(&auth)?.check(std::fs::File::open("users.csv")?).await?;
/// println!("{} accounts to create, {} are there", plan.to_create(), plan.already_there());
/// plan.write().await?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Importer {
    auth: Auth,
    accounts: Accounts,
    is_role: Arc<dyn Fn(&str) -> bool + Send + Sync>,
}

impl Importer {
    /// Into the accounts that the engine was built with.
    ///
    /// # Errors
    /// When it was built without.
    pub fn new(auth: &Auth) -> Result<Self, NoAccounts> {
        let accounts = auth.accounts().ok_or(NoAccounts)?.clone();
        Ok(Self { auth: auth.clone(), accounts, is_role: Arc::new(|_| true) })
    }

    /// Refuses rows with other roles than those the application knows. By default any name is taken.
    #[must_use]
    pub fn roles(mut self, is_known: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        self.is_role = Arc::new(is_known);
        self
    }

    /// Reads every row, compares it with the others and with the store, and writes nothing. For a dry run, drop the plan.
    ///
    /// # Errors
    /// Everything that is wrong with the file, by line; or the store fails.
    pub async fn check(&self, csv: impl io::Read) -> Result<ImportPlan, ImportError> {
        let (rows, mut faults) = self.read(csv)?;
        let mut plan = ImportPlan { accounts: self.accounts.clone(), rows: Vec::new(), already_there: 0 };
        for (line, new) in rows {
            match self.compare(&new).await.map_err(ImportError::Store)? {
                Found::Nothing => plan.rows.push((line, new)),
                Found::Itself => plan.already_there = plan.already_there.saturating_add(1),
                Found::Others(messages) => faults.extend(at(line, messages)),
            }
        }
        faults.sort_by_key(|fault| fault.line);
        if faults.is_empty() { Ok(plan) } else { Err(ImportError::Rows(faults)) }
    }

    /// The rows that are right by themselves, and what is wrong with the others.
    fn read(&self, csv: impl io::Read) -> Result<(Vec<Row>, Vec<RowFault>), ImportError> {
        // A row of another length is one row's fault, and not the file's.
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(csv);
        let columns = Columns::read(reader.headers().map_err(ImportError::Csv)?).map_err(ImportError::Columns)?;
        let (mut rows, mut faults, mut seen) = (Vec::new(), Vec::new(), Seen::default());
        for row in reader.records() {
            let row = match row {
                Ok(row) => row,
                Err(error) => {
                    faults.push(not_utf8(error)?);
                    continue;
                }
            };
            let line = row.position().map_or(0, csv::Position::line);
            match account(&columns, &row, &self.auth, &*self.is_role) {
                Ok(new) => {
                    faults.extend(at(line, seen.faults(line, &new)));
                    rows.push((line, new));
                }
                Err(messages) => faults.extend(at(line, messages)),
            }
        }
        Ok((rows, faults))
    }

    async fn compare(&self, new: &NewAccount) -> Result<Found, StoreError> {
        let store = self.accounts.accounts();
        let by_id = match &new.id {
            Some(id) => store.find(id).await?,
            None => None,
        };
        let (by_username, by_email) =
            (store.find_by_login(&new.username).await?, store.find_by_login(&new.email).await?);
        let is_itself = |found: &Account| is_same(found, new);
        if by_id.as_ref().or(by_username.as_ref()).is_some_and(is_itself) {
            return Ok(Found::Itself);
        }
        let taken = [("id", by_id), ("username", by_username), ("email", by_email)];
        let taken: Vec<String> = taken
            .iter()
            .filter(|(_, found)| found.is_some())
            .map(|(column, _)| format!("`{column}` is that of another account in the store"))
            .collect();
        Ok(if taken.is_empty() { Found::Nothing } else { Found::Others(taken) })
    }
}

impl fmt::Debug for Importer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Importer").finish_non_exhaustive()
    }
}

fn not_utf8(error: csv::Error) -> Result<RowFault, ImportError> {
    match error.kind() {
        csv::ErrorKind::Utf8 { pos, .. } => {
            Ok(RowFault { line: pos.as_ref().map_or(0, csv::Position::line), message: "it is not UTF-8".to_owned() })
        }
        _ => Err(ImportError::Csv(error)),
    }
}

/// An account, and the line on which it stands.
type Row = (u64, NewAccount);

/// What the store has of a row.
enum Found {
    Nothing,
    /// A run before has created it.
    Itself,
    Others(Vec<String>),
}

/// The password, roles and the like may have changed since.
fn is_same(found: &Account, new: &NewAccount) -> bool {
    new.id.as_ref().is_none_or(|id| *id == found.id)
        && login_key(&found.username) == login_key(&new.username)
        && login_key(&found.email) == login_key(&new.email)
}

fn at(line: u64, messages: Vec<String>) -> impl Iterator<Item = RowFault> {
    messages.into_iter().map(move |message| RowFault { line, message })
}

/// Rows that were found to work. Dropping it writes nothing.
#[must_use]
pub struct ImportPlan {
    accounts: Accounts,
    rows: Vec<Row>,
    already_there: usize,
}

impl ImportPlan {
    /// How many accounts [`write`](Self::write) will create.
    pub fn to_create(&self) -> usize {
        self.rows.len()
    }

    /// How many rows are accounts of the store already.
    pub fn already_there(&self) -> usize {
        self.already_there
    }

    /// Creates the accounts, one after the other; how many. Each is created whole or not at all.
    ///
    /// # Errors
    /// [`Stopped`](ImportError::Stopped) at the first that cannot be stored, since the store fails or somebody has
    /// registered its name meanwhile. Those before it stay, and a new check of the same file leaves them out.
    pub async fn write(self) -> Result<usize, ImportError> {
        let mut created: usize = 0;
        for (line, new) in self.rows {
            let stored = self.accounts.accounts().create(new).await;
            stored.map_err(|error| ImportError::Stopped { created, line, error })?;
            created = created.saturating_add(1);
        }
        Ok(created)
    }
}

impl fmt::Debug for ImportPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImportPlan")
            .field("to_create", &self.rows.len())
            .field("already_there", &self.already_there)
            .finish_non_exhaustive()
    }
}
