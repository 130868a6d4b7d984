use std::sync::{Arc, Mutex, PoisonError};

use auth_runtime::{
    BoxFuture,
    auth::{AccountMail, MailError, Message},
    prelude::*,
    secrecy::{ExposeSecret, SecretString},
};
use axum::{extract::State, response::Html};

use crate::pages::{self, View};

/// The mails of a developer's machine: they go to a page. A club in production replaces this type by its mail service.
#[derive(Clone, Default)]
pub(crate) struct Outbox(Arc<Mutex<Vec<Mail>>>);

/// An invitation with its link.
#[derive(Clone)]
pub(crate) struct Mail {
    pub(crate) to: String,
    pub(crate) link: String,
}

/// How many mails the page keeps.
const MOST: usize = 50;

impl AccountMail for Outbox {
    fn send(&self, message: Message) -> BoxFuture<'_, Result<(), MailError>> {
        Box::pin(async move {
            if let Message::Invitation { to, token, .. } = message {
                let mut mails = self.0.lock().unwrap_or_else(PoisonError::into_inner);
                mails.insert(0, Mail { to, link: link(&token) });
                mails.truncate(MOST);
            }
            Ok(())
        })
    }
}

/// Returns the path of the page that an invited person opens. Opening it uses nothing up: scanners of mail do so, too.
pub(crate) fn link(token: &SecretString) -> String {
    format!("/register/{}", token.expose_secret())
}

/// The router has this page in development alone.
#[public(because = "the developer reads the mails of their own machine")]
pub(crate) async fn outbox(view: View, State(Outbox(mails)): State<Outbox>) -> Html<String> {
    let mails = mails.lock().unwrap_or_else(PoisonError::into_inner).clone();
    view.page("Outbox", pages::outbox(&mails))
}
