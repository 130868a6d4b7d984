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
    /// The old password is one more way to present a password. Not for API keys: who holds one need not be a person.
    ChangePassword = Policy::protected("auth_runtime::account::change_password")
        .via(Via::BEARER.or(Via::SESSION))
        .limits(&[PASSWORDS_BY_ADDRESS]);
    /// Each message costs, and bothers somebody; addresses that get them have their own limit, see [`super::throttle`].
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
    /// One's own address.
    SendVerification = Policy::protected("auth_runtime::account::send_verification")
        .via(Via::BEARER.or(Via::SESSION))
        .limits(&[MAIL_BY_ADDRESS]);
    /// One's own account.
    Me = Policy::protected("auth_runtime::account::me");
    /// Public keys are public.
    Jwks = Policy::public("auth_runtime::account::jwks").because("verifiers read the public keys");
}

const PASSWORDS_BY_ADDRESS: Limit = Limit::new(Quota::new(20, 60), LimitKey::Address).named("login");
const MAIL_BY_ADDRESS: Limit = Limit::new(Quota::new(10, 60), LimitKey::Address).named("mail");
const ONE_TIME_TOKENS: Limit = Limit::new(Quota::new(20, 60), LimitKey::Address).named("one-time");
