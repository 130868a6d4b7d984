use secrecy::SecretString;
use serde::Deserialize;

/// The body of a sign-in: a user name or an e-mail address, and the password.
#[derive(Deserialize)]
pub(crate) struct Credentials {
    #[serde(alias = "email", alias = "login")]
    pub(crate) username: String,
    pub(crate) password: SecretString,
    /// The user's name for the device, shown in the list of sessions.
    pub(crate) device: Option<String>,
}

/// The body of a refresh: a refresh token to exchange.
#[derive(Deserialize)]
pub(crate) struct Exchange {
    pub(crate) refresh_token: SecretString,
}
