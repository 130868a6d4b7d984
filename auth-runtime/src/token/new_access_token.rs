use crate::clock::UnixTime;

/// The content of a new access token, apart from the claims that the issuer adds.
#[derive(Clone, Copy, Debug)]
pub struct NewAccessToken<'a> {
    pub(super) subject: &'a str,
    pub(super) client: &'a str,
    pub(super) scope: &'a str,
    pub(super) roles: &'a [&'a str],
    pub(super) session: Option<&'a str>,
    pub(super) generation: u32,
    pub(super) auth_time: Option<UnixTime>,
    pub(super) acr: Option<&'a str>,
    pub(super) amr: &'a [&'a str],
    pub(super) expires_by: Option<UnixTime>,
}

impl<'a> NewAccessToken<'a> {
    /// Starts a token about `subject` (`sub`), issued to `client` (`client_id`).
    pub fn new(subject: &'a str, client: &'a str) -> Self {
        Self {
            subject,
            client,
            scope: "",
            roles: &[],
            session: None,
            generation: 0,
            auth_time: None,
            acr: None,
            amr: &[],
            expires_by: None,
        }
    }

    /// Sets the scopes of the token (`scope`), separated by spaces.
    #[must_use]
    pub fn scope(mut self, scope: &'a str) -> Self {
        self.scope = scope;
        self
    }

    /// Sets the subject's roles (`roles`).
    #[must_use]
    pub fn roles(mut self, roles: &'a [&'a str]) -> Self {
        self.roles = roles;
        self
    }

    /// Sets the session that the token belongs to (`sid`). The session must be known to the account store, belong to
    /// the subject and be continued by refresh tokens. With any other value, `/auth/password` and the endpoint that
    /// creates API keys answer 401, as they do after the session's end.
    #[must_use]
    pub fn session(mut self, session: &'a str) -> Self {
        self.session = Some(session);
        self
    }

    /// Sets the token's generation within the session (`session_generation`, a claim of this project). Read the number
    /// from [`SessionRecord::generation`](crate::store::SessionRecord::generation) before you read the account's roles
    /// and scopes. A later change of roles then invalidates the token.
    #[must_use]
    pub fn generation(mut self, number: u32) -> Self {
        self.generation = number;
        self
    }

    /// Sets the time at which the person signed in (`auth_time`).
    #[must_use]
    pub fn auth_time(mut self, time: UnixTime) -> Self {
        self.auth_time = Some(time);
        self
    }

    /// Sets the latest expiry, so that the token does not outlive the session or credential behind it.
    #[must_use]
    pub fn expires_by(mut self, time: UnixTime) -> Self {
        self.expires_by = Some(time);
        self
    }

    /// Sets the level at which the person was authenticated (`acr`).
    #[must_use]
    pub fn acr(mut self, acr: &'a str) -> Self {
        self.acr = Some(acr);
        self
    }

    /// Sets the methods by which the person was authenticated (`amr`, RFC 8176).
    #[must_use]
    pub fn amr(mut self, amr: &'a [&'a str]) -> Self {
        self.amr = amr;
        self
    }
}
