use super::{claims::Claims, raw::Raw};
use crate::{
    clock::UnixTime,
    identity::Identity,
    policy::Via,
    remote::issuer::{Mapping, Source},
    token::Number,
};

/// Returns the caller of a verified token. Its session is left out, since it is no session of this service.
pub(super) fn identify(claims: &Claims<'_>, source: &Source) -> Identity {
    let Mapping { role_prefix, scope_prefix, .. } = &source.mapping;
    let Raw { registered, other } = claims.raw;
    let mut identity = Identity::builder(claims.subject, Via::BEARER)
        .issuer(&source.iss)
        .roles(claims.roles().filter_map(|role| role.strip_prefix(&**role_prefix)).filter(|role| !role.is_empty()));
    for scope in claims.scopes().filter_map(|scope| scope.strip_prefix(&**scope_prefix)) {
        identity = identity.scope(scope);
    }
    if let Some(time) = claims.expires_at {
        identity = identity.expires_at(time);
    }
    if let Some(name) = source.name {
        identity = identity.issuer_name(name);
    }
    let client =
        [registered.client, other.authorized_party, other.application].into_iter().find_map(|span| claims.get(span));
    if let Some(client) = client {
        identity = identity.client(client);
    }
    if let Some(token_id) = claims.get(registered.token_id) {
        identity = identity.token_id(token_id);
    }
    if let Some(time) = registered.auth_time {
        identity = identity.auth_time(UnixTime::from_seconds(Number::floor(time)));
    }
    if let Some(acr) = claims.get(registered.acr) {
        identity = identity.acr(acr);
    }
    if let Some(name) = claims.get(other.profile.name) {
        identity = identity.name(name);
    }
    if let Some(email) = claims.get(other.profile.email) {
        identity = identity.email(email, other.profile.is_email_verified);
    }
    identity.build()
}
