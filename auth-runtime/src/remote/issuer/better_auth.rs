use secrecy::SecretString;

/// The settings that only better-auth has.
#[derive(Clone, Debug)]
pub(super) struct BetterAuth {
    /// Where people reach it: its `baseURL`.
    pub(super) url: String,
    /// Where this service reaches its endpoints, if that is elsewhere.
    pub(super) endpoints: Option<String>,
    pub(super) cookie_prefix: String,
    pub(super) is_jwt_only: bool,
    pub(super) api_keys: Option<(String, SecretString)>,
}
