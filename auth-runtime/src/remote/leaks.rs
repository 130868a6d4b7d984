use core::{fmt, pin::Pin, time::Duration};
use std::sync::Arc;

use axum::http::{HeaderName, HeaderValue};
use tokio::time::timeout;

use super::{
    event,
    fetch::{Call, Client, Endpoint, FetchError},
};
use crate::{
    error::StoreError,
    password::{LeakKey, LeakedPasswords},
};

/// The list of Have I Been Pwned, for [`PasswordPolicy::breached`](crate::password::PasswordPolicy::breached).
///
/// The service learns five hexadecimal digits of the password's SHA-1 hash, which some two thousand listed passwords
/// share. It is asked to pad its answer, so that the length tells nothing. It has a second to answer. Otherwise a local
/// list decides, and an event says so. Without one, the policy decides what holds.
///
/// ```
/// # fn policy() -> std::io::Result<auth_runtime::password::PasswordPolicy> {
/// use auth_runtime::{password::{LeakedFile, PasswordPolicy}, remote::HaveIBeenPwned};
///
/// let list = HaveIBeenPwned::new().with_local(LeakedFile::open("/var/lib/notes/leaked.txt")?);
/// # Ok(
/// PasswordPolicy::default().breached(list)
/// # )
/// # }
/// ```
pub struct HaveIBeenPwned {
    client: Client,
    ranges: Option<Endpoint>,
    local: Option<Arc<dyn LeakedPasswords>>,
}

/// The time for an answer. A person waits for it.
const WITHIN: Duration = Duration::from_secs(1);

impl HaveIBeenPwned {
    /// Asks `api.pwnedpasswords.com`. Nothing is asked before a password is judged.
    pub fn new() -> Self {
        Self::at(Client::new(), "https://api.pwnedpasswords.com")
    }

    pub(in crate::remote) fn at(client: Client, url: &str) -> Self {
        Self { client, ranges: Endpoint::parse(url).ok(), local: None }
    }

    /// Sets the list that decides while the service does not answer.
    #[must_use]
    pub fn with_local(mut self, list: impl LeakedPasswords) -> Self {
        self.local = Some(Arc::new(list));
        self
    }

    async fn ask(&self, key: &LeakKey) -> Result<bool, FetchError> {
        let ranges = self.ranges.as_ref().ok_or(FetchError::Malformed)?;
        let url = ranges.with_path(&format!("/range/{}", key.range()));
        let call = Call::get(&url).with(HeaderName::from_static("add-padding"), HeaderValue::from_static("true"));
        let answer = timeout(WITHIN, self.client.get_by(call, &[])).await;
        listed(&answer.map_err(|_| FetchError::TooSlow)??, key.rest())
    }
}

impl Default for HaveIBeenPwned {
    fn default() -> Self {
        Self::new()
    }
}

impl LeakedPasswords for HaveIBeenPwned {
    fn contains<'a>(&'a self, key: &'a LeakKey) -> Pin<Box<dyn Future<Output = Result<bool, StoreError>> + Send + 'a>> {
        Box::pin(async move {
            let error = match self.ask(key).await {
                Ok(is_listed) => return Ok(is_listed),
                Err(error) => error,
            };
            event::leaks_not_asked(&error, self.local.is_some());
            match &self.local {
                Some(local) => local.contains(key).await,
                None => Err(StoreError::new("Have I Been Pwned", error)),
            }
        })
    }
}

/// Returns whether the answer lists a password: a line of 35 digits, and how often it leaked. Padding has leaked zero
/// times. With it, no answer is empty.
fn listed(answer: &[u8], rest: &str) -> Result<bool, FetchError> {
    let text = core::str::from_utf8(answer).map_err(|_| FetchError::Malformed)?;
    let mut is_listed = false;
    if text.is_empty() {
        return Err(FetchError::Malformed);
    }
    for line in text.lines() {
        let (digits, times) = line.split_once(':').ok_or(FetchError::Malformed)?;
        if digits.len() != rest.len() || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(FetchError::Malformed);
        }
        let times: u64 = times.trim().parse().map_err(|_| FetchError::Malformed)?;
        is_listed |= times > 0 && digits.eq_ignore_ascii_case(rest);
    }
    Ok(is_listed)
}

impl fmt::Debug for HaveIBeenPwned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HaveIBeenPwned").field("has_local", &self.local.is_some()).finish_non_exhaustive()
    }
}
