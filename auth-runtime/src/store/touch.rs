use super::ClientLabel;
use crate::clock::UnixTime;

/// The arguments of [`SessionStore::touch`](super::SessionStore::touch).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Touch<'a> {
    /// The session.
    pub id: &'a str,
    /// The client that uses the session now.
    pub client: &'a ClientLabel,
    /// The current time.
    pub now: UnixTime,
    /// When the session expires unless it is used.
    pub idle_expires_at: UnixTime,
}

impl<'a> Touch<'a> {
    /// Describes a use of the session `id` by this client at `now`, which postpones its idle end.
    pub const fn new(id: &'a str, client: &'a ClientLabel, now: UnixTime, idle_expires_at: UnixTime) -> Self {
        Self { id, client, now, idle_expires_at }
    }
}
