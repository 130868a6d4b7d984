use tracing::Level;

use crate::{
    account::{
        Administration, AdministrationError, answer::error_response::ErrorResponse, event::TARGET,
        uninterrupted::to_its_end,
    },
    error::{Problem, on_one_line},
    store::{Account, Standing},
};

use super::{administrator::Administrator, problems::answer, refusal::Refusal};

/// A change that an administrator makes to an account. Its end is an event: who did what to whom.
pub(super) struct Change {
    administration: Administration,
    actor_id: String,
    user_id: String,
    operation: &'static str,
    /// The pointer to the list of roles or scopes in the body.
    member: &'static str,
    /// The accounts on which the decision rests: the administrator's, and the one that is changed.
    standings: Vec<Standing>,
}

impl Change {
    /// Begins a change to the account with this identifier, and returns the account.
    ///
    /// # Errors
    /// Returns 404 when there is none, 403 when the administrator may not change it, and 503 when the store fails.
    pub(super) async fn begin(
        administrator: &Administrator,
        operation: &'static str,
        user_id: &str,
    ) -> Result<(Self, Account), ErrorResponse> {
        let mut change = Self { user_id: user_id.to_owned(), ..Self::of_new(administrator, operation) };
        let found = administrator.administration.find(user_id).await;
        let account = found.map_err(|error| change.failed(error))?;
        change.demand(administrator.may_change(&account))?;
        change.rests_on(&account);
        Ok((change, account))
    }

    /// Begins the creation of an account, which gets its identifier in the end.
    pub(super) fn of_new(administrator: &Administrator, operation: &'static str) -> Self {
        Self {
            administration: administrator.administration.clone(),
            actor_id: administrator.account.id.clone(),
            user_id: String::new(),
            operation,
            member: "",
            standings: vec![Standing::of(&administrator.account)],
        }
    }

    /// Carries the change out only while this account, too, may do what it could when it was read.
    pub(super) fn rests_on(&mut self, account: &Account) {
        self.standings.push(Standing::of(account));
    }

    /// Says in which member of the body the roles or scopes are.
    pub(super) const fn of_member(mut self, member: &'static str) -> Self {
        self.member = member;
        self
    }

    /// Refuses the change unless the rule allows it.
    pub(super) fn demand(&self, rule: Result<(), Refusal>) -> Result<(), ErrorResponse> {
        rule.map_err(|refusal| {
            self.tell(Err(refusal.reason()));
            Problem::from(refusal).into()
        })
    }

    /// Carries the change out. It is completed, and its event written, even if the client hangs up.
    ///
    /// The administrator's rights were read a moment ago. The store compares them again in the step that writes.
    pub(super) async fn carry_out<T, F>(
        self,
        steps: impl FnOnce(Administration, String) -> F,
    ) -> Result<T, ErrorResponse>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, AdministrationError>> + Send + 'static,
    {
        let user_id = self.user_id.clone();
        let steps = steps(self.decided(), user_id.clone());
        self.complete(async move { Ok((user_id, steps.await?)) }).await
    }

    /// Carries the creation out, like [`carry_out`](Self::carry_out). The steps return the identifier, too.
    pub(super) async fn create<T, F>(self, steps: impl FnOnce(Administration) -> F) -> Result<T, ErrorResponse>
    where
        T: Send + 'static,
        F: Future<Output = Result<(String, T), AdministrationError>> + Send + 'static,
    {
        let steps = steps(self.decided());
        self.complete(steps).await
    }

    /// Completes the steps, which return the account's identifier, and writes the event.
    async fn complete<T: Send + 'static>(
        mut self,
        steps: impl Future<Output = Result<(String, T), AdministrationError>> + Send + 'static,
    ) -> Result<T, ErrorResponse> {
        let done = to_its_end(async move {
            let (user_id, value) = steps.await.map_err(|error| self.failed(error))?;
            self.user_id = user_id;
            self.tell(Ok(()));
            Ok(value)
        });
        done.await.unwrap_or_else(|error| Err(answer(error.into(), "")))
    }

    /// Returns the administration that makes changes only while the decision's accounts stand as they were read.
    fn decided(&self) -> Administration {
        self.administration.clone().while_standing(self.standings.clone())
    }

    pub(super) fn failed(&self, error: AdministrationError) -> ErrorResponse {
        self.tell(Err(reason(&error)));
        answer(error, self.member)
    }

    fn tell(&self, result: Result<(), &'static str>) {
        // An identifier that no account has is the client's own text.
        let (actor, user, operation) = (&*self.actor_id, &*on_one_line(&self.user_id), self.operation);
        match result {
            Ok(()) => tracing::event!(
                target: TARGET, Level::INFO, actor.id = actor, user.id = user, operation, outcome = "administered",
            ),
            Err(reason) => tracing::event!(
                target: TARGET, Level::INFO, actor.id = actor, user.id = user, operation, outcome = "refused", reason,
            ),
        }
    }
}

fn reason(error: &AdministrationError) -> &'static str {
    match error {
        AdministrationError::Unknown => "unknown_account",
        AdministrationError::UnknownSession => "unknown_session",
        AdministrationError::UnknownApiKey => "unknown_api_key",
        AdministrationError::LastSuperuser => "last_superuser",
        AdministrationError::Pending => "pending",
        AdministrationError::Overtaken => "changed_meanwhile",
        AdministrationError::Username { .. } | AdministrationError::Email => "malformed",
        AdministrationError::UsernameTaken | AdministrationError::EmailTaken => "taken",
        AdministrationError::Grant(_) => "unusable_grant",
        AdministrationError::Store(_) => "store_failed",
    }
}
