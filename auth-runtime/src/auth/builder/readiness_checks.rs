//! The application's own checks for `/readyz`.

use core::{error::Error, future::Future};

use super::AuthBuilder;
use crate::auth::readiness::ReadinessCheck;

impl AuthBuilder {
    /// Adds a check of the application to [`Auth::is_ready`](crate::Auth::is_ready), for example a query to its own
    /// database. `name` stands in the event when the check fails; clients do not see it.
    ///
    /// ```
    /// use auth_runtime::Auth;
    ///
    /// # async fn ping() -> Result<(), std::io::Error> { Ok(()) }
    /// let builder = Auth::builder().readiness_check("orders", || async { ping().await });
    /// # let _ = builder;
    /// ```
    pub fn readiness_check<F, E>(mut self, name: &'static str, check: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        let run = Box::new(move || {
            let running = check();
            Box::pin(async move { running.await.map_err(Into::into) }) as _
        });
        self.readiness_checks.push(ReadinessCheck { name, run });
        self
    }
}
