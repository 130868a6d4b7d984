//! What the account endpoints demand, written by hand.

use crate::policy::{HasPolicy, Limit, LimitKey, Policy, Quota, Via};

macro_rules! policies {
    ($($(#[$doc:meta])* $name:ident = $policy:expr;)*) => {$(
        $(#[$doc])*
        pub(super) struct $name;

        impl HasPolicy for $name {
            const POLICY: Policy = $policy;
            type Checks = ();
        }
    )*};
}

policies! {
    /// An address opens few accounts; each costs a password hash.
    Register = Policy::public("auth_runtime::account::register")
        .because("anyone may open an account")
        .limits(&[Limit::new(Quota::new(20, 60), LimitKey::Address).named("register")]);
    /// All ways to present a password share one counter an address; accounts have their own, see [`super::sign_in`].
    Login = Policy::public("auth_runtime::account::login")
        .because("callers sign in here")
        .limits(&[PASSWORDS_BY_ADDRESS]);
    /// The token endpoint takes passwords and refresh tokens.
    Token = Policy::public("auth_runtime::account::token")
        .because("callers sign in here")
        .limits(&[PASSWORDS_BY_ADDRESS]);
    /// A refresh token is its own credential.
    Refresh = Policy::public("auth_runtime::account::refresh")
        .because("the refresh token is the credential")
        .limits(&[Limit::new(Quota::new(60, 60), LimitKey::Address).named("refresh")]);
    /// One's own account.
    Me = Policy::protected("auth_runtime::account::me");
    /// A key outlives the credential that asks for it, so the person has to have signed in lately: a stolen access token
    /// must not become a key for months.
    CreateApiKey = Policy::protected("auth_runtime::account::create_api_key")
        .via(PERSONS)
        .fresh(RECENT_LOGIN_SECONDS)
        .limits(&[NEW_API_KEYS]);
    /// Rotating hands out a key, too.
    RotateApiKey = Policy::protected("auth_runtime::account::rotate_api_key")
        .via(PERSONS)
        .fresh(RECENT_LOGIN_SECONDS)
        .limits(&[NEW_API_KEYS]);
    /// One's own keys.
    ListApiKeys = Policy::protected("auth_runtime::account::list_api_keys").via(PERSONS);
    /// Nothing may stand in the way of taking a key back.
    RevokeApiKey = Policy::protected("auth_runtime::account::revoke_api_key").via(PERSONS);
    /// Public keys are public.
    Jwks = Policy::public("auth_runtime::account::jwks").because("verifiers read the public keys");
}

/// What people sign in with. An API key manages no API keys, or whoever finds one could keep access for ever.
const PERSONS: Via = Via::BEARER.or(Via::SESSION);

const RECENT_LOGIN_SECONDS: u32 = 15 * 60;

const NEW_API_KEYS: Limit = Limit::new(Quota::new(10, 60), LimitKey::User).named("api-keys");

const PASSWORDS_BY_ADDRESS: Limit = Limit::new(Quota::new(20, 60), LimitKey::Address).named("login");
