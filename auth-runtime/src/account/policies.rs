//! The policies of the account endpoints, written by hand.

use crate::policy::{HasPolicy, Limit, LimitKey, Policy, Quota, Rule, Via};

macro_rules! policies {
    ($($(#[$doc:meta])* $name:ident = $policy:expr;)*) => {$(
        $(#[$doc])*
        pub(crate) struct $name;

        impl HasPolicy for $name {
            const POLICY: Policy = $policy;
            type Checks = ();
        }
    )*};
}

policies! {
    /// Each address may open only a few accounts, since each one costs a password hash.
    Register = Policy::public("auth_runtime::account::register")
        .because("anyone may open an account")
        .limits(&[Limit::new(Quota::new(20, 60), LimitKey::Address).named("register")]);
    /// All ways to present a password share one counter per address. Accounts have their own counters, see
    /// [`super::sign_in`].
    Login = Policy::public("auth_runtime::account::login")
        .because("callers sign in here")
        .limits(&[PASSWORDS_BY_ADDRESS]);
    /// The sign-in of a browser. [`Browser`](super::request::browser::Browser) refuses requests from other sites, since
    /// the caller has no session yet.
    CookieLogin = Policy::public("auth_runtime::account::cookie_login")
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
    /// A token is its own credential.
    Revoke = Policy::public("auth_runtime::account::revoke")
        .because("the token is the credential")
        .limits(&[Limit::new(Quota::new(60, 60), LimitKey::Address).named("revoke")]);
    /// Resource servers ask about the tokens of others.
    Introspect = Policy::protected("auth_runtime::account::introspect")
        .rule(Rule::scope("auth:introspect"))
        .limits(&[Limit::new(Quota::new(6_000, 60), LimitKey::User).named("introspect")]);
    /// This takes the password again, so it is limited like a login.
    Reauthenticate = Policy::protected("auth_runtime::account::reauthenticate")
        .via(SIGNED_IN)
        .limits(&[PASSWORDS_BY_ADDRESS]);
    /// Ends the caller's current session.
    Logout = Policy::protected("auth_runtime::account::logout").via(SIGNED_IN);
    /// Ends all sessions of the caller.
    LogoutEverywhere = Policy::protected("auth_runtime::account::logout_everywhere").via(SIGNED_IN);
    /// Lists the caller's own sessions.
    Sessions = Policy::protected("auth_runtime::account::sessions").via(SIGNED_IN);
    /// Ends one of the caller's sessions.
    EndSession = Policy::protected("auth_runtime::account::end_session").via(SIGNED_IN);
    /// Ends all of the caller's sessions except the current one.
    EndOtherSessions = Policy::protected("auth_runtime::account::end_other_sessions").via(SIGNED_IN);
    /// This takes the old password, so it is limited like a login. API keys are refused, since the holder of a key need
    /// not be a person.
    ChangePassword = Policy::protected("auth_runtime::account::change_password")
        .via(SIGNED_IN)
        .limits(&[PASSWORDS_BY_ADDRESS]);
    /// Each message costs something and disturbs its receiver. Receiving addresses have their own limit, see
    /// [`throttle`](super::attempt::throttle).
    ForgotPassword = Policy::public("auth_runtime::account::forgot_password")
        .because("whoever has forgotten a password cannot sign in")
        .limits(&[MAIL_BY_ADDRESS]);
    /// A one-time token is its own credential.
    ResetPassword = Policy::public("auth_runtime::account::reset_password")
        .because("the one-time token is the credential")
        .limits(&[ONE_TIME_TOKENS]);
    /// A one-time token is its own credential.
    VerifyEmail = Policy::public("auth_runtime::account::verify_email")
        .because("the one-time token is the credential")
        .limits(&[ONE_TIME_TOKENS]);
    /// Sends mail to the caller's own address.
    SendVerification = Policy::protected("auth_runtime::account::send_verification")
        .via(SIGNED_IN)
        .limits(&[MAIL_BY_ADDRESS]);
    /// Returns the caller's own account.
    Me = Policy::protected("auth_runtime::account::me");
    /// A key outlives the credential that creates it, so the caller must have signed in recently. Otherwise a stolen
    /// access token could be exchanged for a key that lasts months.
    CreateApiKey = Policy::protected("auth_runtime::account::create_api_key")
        .via(SIGNED_IN)
        .fresh(RECENT_LOGIN_SECONDS)
        .limits(&[NEW_API_KEYS]);
    /// Rotating creates a key, too, so it has the same demands.
    RotateApiKey = Policy::protected("auth_runtime::account::rotate_api_key")
        .via(SIGNED_IN)
        .fresh(RECENT_LOGIN_SECONDS)
        .limits(&[NEW_API_KEYS]);
    /// Lists the caller's own keys.
    ListApiKeys = Policy::protected("auth_runtime::account::list_api_keys").via(SIGNED_IN);
    /// Revoking a key has no further demands, so that an owner can always do it.
    RevokeApiKey = Policy::protected("auth_runtime::account::revoke_api_key").via(SIGNED_IN);
    /// Public keys are public.
    Jwks = Policy::public("auth_runtime::account::jwks").because("verifiers read the public keys");
}

/// The credentials with which people sign in. API keys are refused for a person's own account: with a stolen key, a
/// thief could otherwise keep access for ever.
const SIGNED_IN: Via = Via::BEARER.or(Via::SESSION);

const RECENT_LOGIN_SECONDS: u32 = 15 * 60;

const NEW_API_KEYS: Limit = Limit::new(Quota::new(10, 60), LimitKey::User).named("api-keys");

const PASSWORDS_BY_ADDRESS: Limit = Limit::new(Quota::new(20, 60), LimitKey::Address).named("login");
const MAIL_BY_ADDRESS: Limit = Limit::new(Quota::new(10, 60), LimitKey::Address).named("mail");
const ONE_TIME_TOKENS: Limit = Limit::new(Quota::new(20, 60), LimitKey::Address).named("one-time");
