//! The enum and its `#[role(..)]` attributes as the user wrote them, before names are resolved.

mod options;

use proc_macro2::Ident;
use quote::ToTokens;
use syn::{Data, DataEnum, DeriveInput, Fields, Generics, LitStr, Path, Visibility};

use crate::diag::{Code, Sink, problem};
use options::Options;

pub(super) struct RoleEnum<'a> {
    pub(super) ident: &'a Ident,
    pub(super) vis: &'a Visibility,
    /// The path in `#[role(crate = path)]`.
    pub(super) runtime: Option<Path>,
    pub(super) variants: Vec<Variant<'a>>,
}

pub(super) struct Variant<'a> {
    pub(super) ident: &'a Ident,
    pub(super) fields: &'a Fields,
    pub(super) implies: Vec<Ident>,
    pub(super) rename: Option<LitStr>,
}

/// Reads the enum as written. Returns `None` for another item, for which the macro can derive nothing.
pub(super) fn read<'a>(input: &'a DeriveInput, sink: &mut Sink) -> Option<RoleEnum<'a>> {
    let data = enum_of(input, sink)?;
    let runtime = options::on_enum(&input.attrs, sink);
    let variants = data.variants.iter().map(|variant| {
        let Options { implies, rename } = options::on_variant(&variant.ident, &variant.attrs, sink);
        Variant { ident: &variant.ident, fields: &variant.fields, implies, rename }
    });
    let variants = variants.collect();
    not_generic(&input.ident, &input.generics, sink)?;
    Some(RoleEnum { ident: &input.ident, vis: &input.vis, runtime, variants })
}

fn enum_of<'a>(input: &'a DeriveInput, sink: &mut Sink) -> Option<&'a DataEnum> {
    let (keyword, what): (&dyn ToTokens, _) = match &input.data {
        Data::Enum(data) => return Some(data),
        Data::Struct(data) => (&data.struct_token, "struct"),
        Data::Union(data) => (&data.union_token, "union"),
    };
    let name = &input.ident;
    sink.push(
        problem(keyword, Code::RoleNotEnum, format!("`{name}` is a {what}, and roles are the variants of an enum"))
            .advice("write one variant for each role: `enum Role { Member, Admin }`"),
    );
    None
}

/// Refuses a generic enum. It would give one role several types, and the implementations carry no parameters.
fn not_generic(name: &Ident, generics: &Generics, sink: &mut Sink) -> Option<()> {
    if generics.params.is_empty() {
        return Some(());
    }
    sink.push(
        problem(generics, Code::RoleGenerics, format!("`{name}` has generic parameters"))
            .advice(format!("write `enum {name}`; a role is a name and carries no type")),
    );
    None
}
