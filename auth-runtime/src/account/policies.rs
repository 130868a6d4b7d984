//! The policies of the account endpoints, written by hand.

use core::time::Duration;

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
    Register = Policy::public(REGISTER)
        .with_reason("anyone may open an account")
        .with_limits(&[REGISTRATIONS])
        .with_max_body_time(BODY);
    /// A one-time token is the credential. Each request costs a password hash, as it does where anyone may register.
    RegisterByInvitation = Policy::public(REGISTER)
        .with_reason("the invitation is the credential")
        .with_limits(&[REGISTRATIONS])
        .with_max_body_time(BODY);
    /// The answer is the same for everyone, and costs nothing.
    RegistrationClosed = Policy::public(REGISTRATION_CLOSED)
        .with_reason("callers learn that registration is closed")
        .with_limits(&[REGISTRATIONS]);
    /// All ways to sign in share one counter per address. Accounts have their own counters, see
    /// [`super::sign_in`].
    Login = Policy::public(LOGIN)
        .with_reason("callers sign in here")
        .with_limits(&[SIGN_INS_BY_ADDRESS])
        .with_max_body_time(BODY);
    /// The sign-in of a browser. [`Browser`](super::request::browser::Browser) refuses requests from other sites, since
    /// the caller has no session yet.
    CookieLogin = Policy::public(COOKIE_LOGIN)
        .with_reason("callers sign in here")
        .with_limits(&[SIGN_INS_BY_ADDRESS])
        .with_max_body_time(BODY);
    /// The token endpoint takes passwords and refresh tokens.
    Token = Policy::public("auth_runtime::account::token")
        .with_reason("callers sign in here")
        .with_limits(&[SIGN_INS_BY_ADDRESS])
        .with_max_body_time(BODY);
    /// A refresh token is its own credential.
    Refresh = Policy::public("auth_runtime::account::refresh")
        .with_reason("the refresh token is the credential")
        .with_limits(&[Limit::new(Quota::per_minute(60), LimitKey::Address).with_name("refresh")])
        .with_max_body_time(BODY);
    /// A token is its own credential.
    Revoke = Policy::public("auth_runtime::account::revoke")
        .with_reason("the token is the credential")
        .with_limits(&[Limit::new(Quota::per_minute(60), LimitKey::Address).with_name("revoke")])
        .with_max_body_time(BODY);
    /// Resource servers ask about the tokens of others.
    Introspect = Policy::protected("auth_runtime::account::introspect")
        .with_rule(Rule::scope("auth:introspect"))
        .with_limits(&[Limit::new(Quota::per_minute(6_000), LimitKey::User).with_name("introspect")])
        .with_max_body_time(BODY);
    /// This takes the password again, so it is limited like a login.
    Reauthenticate = Policy::protected("auth_runtime::account::reauthenticate")
        .with_via(SIGNED_IN)
        .with_limits(&[SIGN_INS_BY_ADDRESS])
        .with_max_body_time(BODY);
    /// Ends the caller's current session.
    Logout = Policy::protected("auth_runtime::account::logout").with_via(SIGNED_IN);
    /// Ends all sessions of the caller.
    LogoutEverywhere = Policy::protected("auth_runtime::account::logout_everywhere").with_via(SIGNED_IN);
    /// Lists the caller's own sessions.
    Sessions = Policy::protected("auth_runtime::account::sessions").with_via(SIGNED_IN);
    /// Ends one of the caller's sessions.
    EndSession = Policy::protected("auth_runtime::account::end_session").with_via(SIGNED_IN);
    /// Ends all of the caller's sessions except the current one.
    EndOtherSessions = Policy::protected("auth_runtime::account::end_other_sessions").with_via(SIGNED_IN);
    /// This takes the old password, so it is limited like a login. API keys are refused, since the holder of a key need
    /// not be a person.
    ChangePassword = Policy::protected("auth_runtime::account::change_password")
        .with_via(SIGNED_IN)
        .with_limits(&[SIGN_INS_BY_ADDRESS])
        .with_max_body_time(BODY);
    /// Each message costs something and disturbs its receiver. Receiving addresses have their own limit, see
    /// [`throttle`](super::password_attempt::throttle).
    ForgotPassword = Policy::public("auth_runtime::account::forgot_password")
        .with_reason("a caller who forgot the password cannot sign in")
        .with_limits(&[MAIL_BY_ADDRESS])
        .with_max_body_time(BODY);
    /// A one-time token is its own credential.
    ResetPassword = Policy::public("auth_runtime::account::reset_password")
        .with_reason("the one-time token is the credential")
        .with_limits(&[ONE_TIME_TOKENS])
        .with_max_body_time(BODY);
    /// A one-time token is its own credential.
    VerifyEmail = Policy::public("auth_runtime::account::verify_email")
        .with_reason("the one-time token is the credential")
        .with_limits(&[ONE_TIME_TOKENS])
        .with_max_body_time(BODY);
    /// Sends mail to the caller's own address.
    SendVerification = Policy::protected("auth_runtime::account::send_verification")
        .with_via(SIGNED_IN)
        .with_limits(&[MAIL_BY_ADDRESS]);
    /// Returns the caller's own account.
    Me = Policy::protected("auth_runtime::account::me");
    /// A key outlives the credential that creates it, so the caller must have signed in recently. Otherwise a stolen
    /// access token could be exchanged for a key that lasts months.
    CreateApiKey = Policy::protected("auth_runtime::account::create_api_key")
        .with_via(SIGNED_IN)
        .with_max_login_age(RECENT_LOGIN)
        .with_limits(&[NEW_API_KEYS])
        .with_max_body_time(BODY);
    /// Rotating creates a key, too, so it has the same demands.
    RotateApiKey = Policy::protected("auth_runtime::account::rotate_api_key")
        .with_via(SIGNED_IN)
        .with_max_login_age(RECENT_LOGIN)
        .with_limits(&[NEW_API_KEYS])
        .with_max_body_time(BODY);
    /// Lists the caller's own keys.
    ListApiKeys = Policy::protected("auth_runtime::account::list_api_keys").with_via(SIGNED_IN);
    /// Revoking a key has no further demands, so that an owner can always do it.
    RevokeApiKey = Policy::protected("auth_runtime::account::revoke_api_key").with_via(SIGNED_IN);
    /// A stolen session must not move the account to another address, so this takes the password again, or a recent
    /// login. It is limited like a login, and sends mail.
    RequestEmailChange = Policy::protected("auth_runtime::account::request_email_change")
        .with_via(SIGNED_IN)
        .with_limits(&[SIGN_INS_BY_ADDRESS, MAIL_BY_ADDRESS])
        .with_max_body_time(BODY);
    /// A one-time token is its own credential.
    ChangeEmail = Policy::public("auth_runtime::account::change_email")
        .with_reason("the one-time token is the credential")
        .with_limits(&[ONE_TIME_TOKENS])
        .with_max_body_time(BODY);
    /// This takes the password again, or a recent login, so it is limited like a login.
    DeleteMe = Policy::protected("auth_runtime::account::delete_me")
        .with_via(SIGNED_IN)
        .with_limits(&[SIGN_INS_BY_ADDRESS])
        .with_max_body_time(BODY);
    /// Lists accounts. This policy and the following ones stand below the application's policy of administrators.
    ListAccounts = administration("auth_runtime::account::list_accounts");
    /// Returns one account.
    ShowAccount = administration("auth_runtime::account::show_account");
    /// Lists the sessions of an account.
    ListAccountSessions = administration("auth_runtime::account::list_account_sessions");
    /// Lists the API keys of an account.
    ListAccountApiKeys = administration("auth_runtime::account::list_account_api_keys");
    /// Creates an account for a person.
    CreateAccount = change("auth_runtime::account::create_account");
    /// Invites a person.
    InviteAccount = change("auth_runtime::account::invite_account");
    /// Replaces the roles of an account.
    SetAccountRoles = change("auth_runtime::account::set_account_roles");
    /// Replaces the scopes of an account.
    SetAccountScopes = change("auth_runtime::account::set_account_scopes");
    /// Makes or unmakes a superuser.
    SetAccountSuperuser = change("auth_runtime::account::set_account_superuser");
    /// Activates or deactivates an account.
    SetAccountActive = change("auth_runtime::account::set_account_active");
    /// Gives an account another user name.
    RenameAccount = change("auth_runtime::account::rename_account");
    /// Gives an account another e-mail address.
    ChangeAccountEmail = change("auth_runtime::account::change_account_email");
    /// Forces the owner of an account to reset the password.
    RequireReset = change("auth_runtime::account::require_reset");
    /// Ends the lock of an account.
    UnlockAccount = change("auth_runtime::account::unlock_account");
    /// Ends all sessions of an account.
    EndAccountSessions = change("auth_runtime::account::end_account_sessions");
    /// Ends one session of an account.
    EndAccountSession = change("auth_runtime::account::end_account_session");
    /// Revokes all API keys of an account.
    RevokeAccountApiKeys = change("auth_runtime::account::revoke_account_api_keys");
    /// Revokes one API key of an account.
    RevokeAccountApiKey = change("auth_runtime::account::revoke_account_api_key");
    /// Deletes an account with everything that belongs to it.
    DeleteAccount = change("auth_runtime::account::delete_account");
    /// Public keys are public.
    Jwks = Policy::public("auth_runtime::account::jwks").with_reason("verifiers read the public keys");
}

/// The names of endpoints that others ask for: an invitation needs an endpoint that accepts it.
pub(crate) const REGISTER: &str = "auth_runtime::account::register";
pub(crate) const REGISTRATION_CLOSED: &str = "auth_runtime::account::registration_closed";
pub(crate) const LOGIN: &str = "auth_runtime::account::login";
pub(crate) const COOKIE_LOGIN: &str = "auth_runtime::account::cookie_login";

/// The time for a request's body. A client that sends it byte by byte must not keep a handler, also where no layer has
/// a deadline.
const BODY: Duration = Duration::from_secs(10);

/// The credentials with which people sign in. API keys are refused for a person's own account: with a stolen key, a
/// thief could otherwise keep access for ever.
const SIGNED_IN: Via = Via::BEARER.or(Via::SESSION);

const RECENT_LOGIN: Duration = Duration::from_secs(15 * 60);

const NEW_API_KEYS: Limit = Limit::new(Quota::per_minute(10), LimitKey::User).with_name("api-keys");

const REGISTRATIONS: Limit = Limit::new(Quota::per_minute(20), LimitKey::Address).with_name("register");
/// The limit of sign-ins by address, for all ways to sign in.
pub(crate) const SIGN_INS_BY_ADDRESS: Limit = Limit::new(Quota::per_minute(20), LimitKey::Address).with_name("login");
const MAIL_BY_ADDRESS: Limit = Limit::new(Quota::per_minute(10), LimitKey::Address).with_name("mail");
const ONE_TIME_TOKENS: Limit = Limit::new(Quota::per_minute(20), LimitKey::Address).with_name("one-time");

const ADMINISTRATION: Limit = Limit::new(Quota::per_minute(300), LimitKey::User).with_name("administration");
const CHANGES: Limit = Limit::new(Quota::per_minute(60), LimitKey::User).with_name("administration-changes");

/// Returns the policy of an endpoint that shows accounts to administrators. Programs with API keys are no
/// administrators.
const fn administration(name: &'static str) -> Policy {
    Policy::protected(name).with_via(SIGNED_IN).with_limits(&[ADMINISTRATION])
}

/// Returns the policy of an endpoint that changes an account. A stolen session must not outlive its theft as another
/// administrator, so the login must be recent.
const fn change(name: &'static str) -> Policy {
    Policy::protected(name)
        .with_via(SIGNED_IN)
        .with_max_login_age(RECENT_LOGIN)
        .with_limits(&[CHANGES])
        .with_max_body_time(BODY)
}

#[cfg(test)]
mod tests;
