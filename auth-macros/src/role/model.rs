//! What the enum means: every name is distinct, the hierarchy has no cycle and is complete.

use proc_macro2::{Ident, TokenStream};
use syn::Visibility;

pub(super) struct Roles {
    pub(super) ident: Ident,
    pub(super) vis: Visibility,
    /// The path of the runtime crate.
    pub(super) runtime: TokenStream,
    /// In the order of the variants.
    pub(super) roles: Vec<Role>,
}

pub(super) struct Role {
    pub(super) variant: Ident,
    /// The name under which tokens and stores know the role.
    pub(super) name: String,
    /// The names of all roles that include this one, directly or through others, in the order of the variants.
    pub(super) implied_by: Vec<String>,
}
