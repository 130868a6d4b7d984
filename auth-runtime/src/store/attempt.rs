use core::fmt;

use aws_lc_rs::digest::{Context, SHA256};

use super::login_key;
use crate::limit::AddressKey;

/// The account and the client of one attempt to sign in, as hashes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Attempt {
    /// The key of the account.
    pub account: AccountKey,
    /// The key of the client, which is another one for each account.
    pub client: ClientKey,
}

impl Attempt {
    /// Builds the key of an attempt from its two parts, as a store reads them from its table.
    pub const fn new(account: AccountKey, client: ClientKey) -> Self {
        Self { account, client }
    }

    /// Builds the key of an attempt on the account with this identifier.
    pub fn on_account(id: &str, client: AddressKey) -> Self {
        Self::on(AccountKey::of(id), client)
    }

    /// Builds the key of an attempt on an account that does not exist. The store counts it like any other, so the count
    /// reveals nothing about which accounts exist.
    pub fn on_unknown(login: &str, client: AddressKey) -> Self {
        Self::on(AccountKey::of_login(login), client)
    }

    fn on(account: AccountKey, client: AddressKey) -> Self {
        let (kind, bits) = match client {
            AddressKey::V4(bits) => (4, u64::from(bits)),
            AddressKey::V6(prefix) => (6, prefix),
        };
        let client = ClientKey(hash("client", &[account.as_bytes(), &[kind], &bits.to_be_bytes()]));
        Self { account, client }
    }
}

/// The key under which a store counts the attempts on one account. It is the SHA-256 of the account's identifier, or of
/// the login as typed when no account has it. `Debug` does not show the hash.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountKey([u8; 32]);

impl AccountKey {
    /// Returns the key of the account with this identifier.
    pub(crate) fn of(id: &str) -> Self {
        Self(hash("account", &[id.as_bytes()]))
    }

    /// Returns the key of a login as typed, whether or not an account has it. Every spelling has the same key.
    pub(crate) fn of_login(login: &str) -> Self {
        Self(hash("login", &[login_key(login).as_bytes()]))
    }

    /// Wraps a hash that a store has read from its table.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Returns the bytes that a store writes to its table.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for AccountKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccountKey(..)")
    }
}

/// The key under which a store knows one client of one account: the SHA-256 of the client's address together with the
/// account. `Debug` does not show the hash, since an address can be guessed from it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientKey([u8; 32]);

impl ClientKey {
    /// Wraps a hash that a store has read from its table.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Returns the bytes that a store writes to its table.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for ClientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientKey(..)")
    }
}

/// Returns the SHA-256 of the parts, each with its length. The tables then hold no names or addresses in plain text.
/// An attacker with the table finds an address by trying all possible addresses.
fn hash(kind: &str, parts: &[&[u8]]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    for part in core::iter::once(&kind.as_bytes()).chain(parts) {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    let mut hash = [0; 32];
    for (to, from) in hash.iter_mut().zip(context.finish().as_ref()) {
        *to = *from;
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_differ_by_kind_account_and_address() {
        let (one, other) = (AddressKey::V4(1), AddressKey::V4(2));
        let keys = [
            Attempt::on_account("alice", one).account.0,
            Attempt::on_unknown("alice", one).account.0,
            Attempt::on_account("bob", one).account.0,
            Attempt::on_account("alice", one).client.0,
            Attempt::on_account("alice", other).client.0,
            Attempt::on_account("alice", AddressKey::V6(1)).client.0,
            Attempt::on_account("bob", one).client.0,
            Attempt::on_unknown("alice", one).client.0,
        ];
        for (at, key) in keys.iter().enumerate() {
            assert!(!keys[..at].contains(key), "{at}");
        }
    }

    #[test]
    fn an_unknown_login_has_one_key_in_any_case() {
        let key = |login| Attempt::on_unknown(login, AddressKey::V4(1)).account;
        assert_eq!(key("Nobody@Example.org"), key("nobody@example.ORG"));
        assert_eq!(Attempt::on_account("a", AddressKey::V4(1)).account, AccountKey::of("a"));
    }
}
