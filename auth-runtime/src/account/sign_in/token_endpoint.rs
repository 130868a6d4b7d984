use secrecy::SecretString;

use crate::{
    account::{
        answer::oauth::OAuthError,
        context::AccountContext,
        policies,
        request::{client::Client, client::Peer, form::Form},
        session::{
            open::{FIRST_PARTY, Opening, open},
            proof::Proof,
            refresh::exchange,
            tokens::{MOST_CLIENT_ID_BYTES, TokenResponse},
        },
    },
    guard::Guard,
};

use super::authenticate::sign_in;

/// `POST /auth/token`: the token endpoint of RFC 6749, for the `password` and `refresh_token` grants.
pub(crate) async fn token(
    _: Guard<policies::Token>,
    peer: Peer,
    context: AccountContext,
    client: Client,
    form: Form,
) -> Result<TokenResponse, OAuthError> {
    let (context, peer, client, parameters) = (&context, &peer, &client, Parameters::read(form)?);
    let client_id = parameters.client_id.as_deref().unwrap_or(FIRST_PARTY);
    let scope = parameters.scope.as_deref();
    match parameters.grant_type.as_deref() {
        Some("password") if !context.auth.allows_password_grant() => {
            Err(OAuthError::UnauthorizedClient("The password grant is turned off."))
        }
        Some("password") => {
            let (Some(username), Some(password)) = (&parameters.username, &parameters.password) else {
                return Err(OAuthError::InvalidRequest("The username or the password is missing."));
            };
            let signed_in = sign_in(context, peer, username, password).await?;
            let opening = Opening { client_id, scope, device: "", proof: Proof::Password(password) };
            Ok(open(context, &signed_in, client, opening).await?)
        }
        Some("refresh_token") => {
            let Some(token) = &parameters.refresh_token else {
                return Err(OAuthError::InvalidRequest("The refresh_token is missing."));
            };
            Ok(exchange(context, client, token, client_id, scope).await?)
        }
        Some(_) => Err(OAuthError::UnsupportedGrantType),
        None => Err(OAuthError::InvalidRequest("The grant_type is missing.")),
    }
}

/// The parameters that the endpoint reads.
struct Parameters {
    grant_type: Option<String>,
    username: Option<String>,
    password: Option<SecretString>,
    refresh_token: Option<SecretString>,
    scope: Option<String>,
    client_id: Option<String>,
}

impl Parameters {
    fn read(mut form: Form) -> Result<Self, OAuthError> {
        let client_id = form.take("client_id");
        if client_id.as_deref().is_some_and(|id| !is_client_id(id)) {
            return Err(OAuthError::InvalidRequest("The client_id is none."));
        }
        Ok(Self {
            grant_type: form.take("grant_type"),
            username: form.take("username"),
            password: form.take("password").map(SecretString::from),
            refresh_token: form.take("refresh_token").map(SecretString::from),
            scope: form.take("scope"),
            client_id,
        })
    }
}

/// Returns whether the text is short enough and printable ASCII (RFC 6749, appendix A.1).
fn is_client_id(text: &str) -> bool {
    text.len() <= MOST_CLIENT_ID_BYTES && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}
