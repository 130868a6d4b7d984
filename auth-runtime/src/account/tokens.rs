use axum::{
    Json,
    response::{IntoResponse, Response},
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, Serializer};

use crate::{
    clock::UnixTime,
    store::{Account, InsertError, RefreshRecord, new_id},
    token::{NewAccessToken, RefreshToken},
};

use super::{engine::Engine, failure::Failure};

/// The client that the service's own front end counts as.
pub(super) const FIRST_PARTY: &str = "first-party";

/// What tokens are to be minted for an account.
pub(super) struct Grant {
    session: String,
    client: String,
    /// The scope that may not be exceeded, beside what the account may have; `None` for all of that.
    granted: Option<String>,
    requested: Option<String>,
    auth_time: UnixTime,
}

impl Grant {
    /// For somebody who has just signed in.
    pub(super) fn new_session(engine: &Engine, client: &str, scope: Option<&str>) -> Result<Self, Failure> {
        let now = engine.auth.clock().unix();
        Ok(Self {
            session: new_id(engine.auth.clock(), engine.auth.entropy()).map_err(|error| Failure::minting(&error))?,
            client: client.to_owned(),
            granted: None,
            requested: scope.map(str::to_owned),
            auth_time: now,
        })
    }

    /// For the holder of a refresh token that has been used up.
    pub(super) fn continuing(record: RefreshRecord, scope: Option<&str>) -> Result<Self, Failure> {
        Ok(Self {
            session: record.session_id,
            client: record.client_id,
            granted: Some(record.scope),
            requested: scope.map(str::to_owned),
            auth_time: record.auth_time,
        })
    }

    /// The scope of the new tokens: what was asked for, which must be allowed, or all that is.
    fn scope(&self, account: &Account) -> Result<String, Failure> {
        let within = |granted: &Option<String>, scope: &str| {
            granted.as_ref().is_none_or(|granted| granted.split(' ').any(|one| one == scope))
        };
        let allowed: Vec<&str> =
            account.scopes.iter().map(String::as_str).filter(|scope| within(&self.granted, scope)).collect();
        let Some(requested) = &self.requested else { return Ok(allowed.join(" ")) };
        let requested: Vec<&str> = requested.split(' ').filter(|scope| !scope.is_empty()).collect();
        if requested.iter().all(|scope| allowed.contains(scope)) {
            Ok(requested.join(" "))
        } else {
            Err(Failure::Scope)
        }
    }
}

/// An access token and the refresh token that continues it. The refresh token is stored before it is handed out.
pub(super) async fn grant(engine: &Engine, account: &Account, grant: Grant) -> Result<TokenResponse, Failure> {
    let auth = &engine.auth;
    let now = auth.clock().unix();
    let scope = grant.scope(account)?;
    let roles: Vec<&str> = account.roles.iter().map(String::as_str).collect();
    let access = auth
        .tokens()
        .issue(
            &NewAccessToken::new(&account.id, &grant.client)
                .scope(&scope)
                .roles(&roles)
                .session(&grant.session)
                .auth_time(grant.auth_time),
            now,
            auth.entropy(),
        )
        .map_err(|error| Failure::minting(&error))?;
    let refresh = RefreshToken::mint(auth.entropy()).map_err(|error| Failure::minting(&error))?;
    let record = RefreshRecord {
        hash: refresh.hash().0,
        session_id: grant.session,
        user_id: account.id.clone(),
        client_id: grant.client,
        scope: scope.clone(),
        issued_at: now,
        expires_at: now.plus_seconds(auth.refresh_token_seconds()),
        auth_time: grant.auth_time,
    };
    engine.accounts.refresh_tokens().insert(record).await.map_err(|error| match error {
        InsertError::SessionRevoked => Failure::Refused,
        InsertError::Store(error) => Failure::store(&error),
    })?;
    Ok(TokenResponse {
        access_token: access.expose().to_owned().into(),
        token_type: "Bearer",
        expires_in: access.expires_in(),
        refresh_token: refresh.expose().to_owned().into(),
        scope,
    })
}

/// A successful answer of the token endpoint (RFC 6749, section 5.1).
#[derive(Serialize)]
pub(super) struct TokenResponse {
    #[serde(serialize_with = "expose")]
    access_token: SecretString,
    token_type: &'static str,
    expires_in: i64,
    #[serde(serialize_with = "expose")]
    refresh_token: SecretString,
    scope: String,
}

impl IntoResponse for TokenResponse {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}

fn expose<S: Serializer>(secret: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose_secret())
}
