use core::time::Duration;

use tokio::{task::spawn_blocking, time::sleep};

use super::event::TARGET;
use crate::tls::{Certificate, Reloaded};

/// Reads the files of the certificate again after each pause of `every`, until the future is dropped.
pub(super) async fn follow(mut certificate: Certificate, every: Duration) {
    loop {
        sleep(every).await;
        let look = move || {
            let found = certificate.reload();
            (certificate, found)
        };
        let Ok((back, found)) = spawn_blocking(look).await else {
            tracing::error!(target: TARGET, "the certificate is not followed any more: reading it panicked");
            return;
        };
        certificate = back;
        match found {
            Reloaded::Unchanged => {}
            Reloaded::Changed => tracing::info!(target: TARGET, "new connections get the new certificate"),
            Reloaded::Kept(faults) => {
                for fault in faults {
                    tracing::error!(
                        target: TARGET, setting = fault.setting, error = fault.message,
                        "the new certificate is wrong, so new connections get the former one",
                    );
                }
            }
        }
    }
}
