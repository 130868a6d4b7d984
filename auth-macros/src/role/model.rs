//! The meaning of the enum: all names are distinct, and the hierarchy is complete and has no cycle.

use proc_macro2::{Ident, TokenStream};
use syn::Visibility;

pub(super) struct Roles {
    pub(super) ident: Ident,
    pub(super) vis: Visibility,
    /// The path of the runtime crate.
    pub(super) runtime: TokenStream,
    /// The roles, in the order of the variants.
    pub(super) roles: Vec<Role>,
}

pub(super) struct Role {
    pub(super) variant: Ident,
    /// The name of the role in tokens and stores.
    pub(super) name: String,
    /// The names of all roles that include this one, directly or through others, in the order of the variants.
    pub(super) implied_by: Vec<String>,
}
