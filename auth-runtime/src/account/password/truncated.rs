use secrecy::SecretString;
use tracing::Level;

use crate::{
    account::{
        answer::{
            rejection::EndpointRejection,
            report::{OrReport as _, Report as _},
        },
        context::AccountContext,
        event::{TARGET, store_failed},
        session::session_limit::end_surplus,
        sign_in::owner::SignedIn,
        uninterrupted::to_its_end,
    },
    clock::UnixTime,
    store::{EndReason, SessionRecord},
};

use super::forgot::send_reset_to;

/// Replaces a hash that was made from the beginning of a password, once that hash has been used to sign in.
const USED_UP: &str = "!truncated-bcrypt";

/// Uses up a hash that matched by the first 72 bytes of a password, so that it signs in only this once. Does nothing
/// after a sign-in by a whole password.
///
/// Callers run this last, when only the answer is left to send. So a request that fails leaves the hash for the next
/// try. Of several sign-ins at once, one replaces the hash; the sessions of the others end.
///
/// The owner sets a new password from the session within five minutes, or by the mail that is sent now. A separate task
/// completes the steps: a client that hangs up in between gets no session, but its owner gets the mail.
pub(crate) async fn use_up(
    context: &AccountContext,
    signed_in: &SignedIn,
    begun: &SessionRecord,
) -> Result<(), EndpointRejection> {
    if !signed_in.password_change_required {
        return Ok(());
    }
    let (context, account, begun) = (context.clone(), signed_in.account.clone(), begun.clone());
    let steps = to_its_end(async move {
        let used_up = SecretString::from(USED_UP);
        let replaced =
            context.accounts.accounts().set_password_hash(&account.id, &account.password_hash, &used_up).await;
        let rejection = match replaced {
            Ok(true) => {
                tracing::event!(
                    target: TARGET, Level::WARN, user.id = %account.id, outcome = "password_change_required",
                    reason = "truncated_bcrypt",
                );
                send_reset_to(&context, &account);
                // Newer sessions began with the same hash and are about to end, so they do not count.
                let newest = SessionRecord { created_at: UnixTime::from_seconds(i64::MAX), ..begun };
                // The hash cannot be used again, so an error would lock the owner out.
                end_surplus(&context, &newest).await.unwrap_or_else(|error| store_failed(&error));
                return Ok(());
            }
            Ok(false) => {
                tracing::info!(target: TARGET, outcome = "refused", reason = "changed_meanwhile");
                EndpointRejection::Refused
            }
            Err(error) => error.report(),
        };
        context.end_session(&account.id, &begun.id, EndReason::PasswordChanged).await.or_report()?;
        Err(rejection)
    });
    steps.await.or_report()?
}
