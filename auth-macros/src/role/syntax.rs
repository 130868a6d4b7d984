//! The enum and its `#[role(..)]` attributes as the user wrote them, before names are resolved.

mod implied;
mod options;
mod written;

use proc_macro2::{Delimiter, Group, Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Fields, GenericParam, Generics, LitStr, Path, Visibility};

use crate::diag::{Code, Problem, Sink, problem};
use crate::syntax::upper_camel;
pub(super) use implied::Implied;
use options::Options;

pub(super) struct RoleEnum<'a> {
    pub(super) ident: &'a Ident,
    /// The type for which an enum with mistakes has its stand-ins, or `None` if the macro cannot write one.
    pub(super) stand_in: Option<TokenStream>,
    pub(super) vis: &'a Visibility,
    /// The path in `#[role(crate = path)]`.
    pub(super) runtime: Option<Path>,
    /// Whether the item is an enum. Otherwise it has no variants.
    pub(super) is_enum: bool,
    /// The keyword, the name and the braces of an enum.
    pub(super) whole: TokenStream,
    pub(super) variants: Vec<Variant<'a>>,
}

pub(super) struct Variant<'a> {
    pub(super) ident: &'a Ident,
    pub(super) fields: &'a Fields,
    pub(super) implies: Vec<Implied>,
    pub(super) rename: Option<LitStr>,
}

/// Reads the item as written.
pub(super) fn read<'a>(input: &'a DeriveInput, sink: &mut Sink) -> RoleEnum<'a> {
    let (is_enum, variants) = match &input.data {
        Data::Enum(data) => (true, data.variants.iter().collect()),
        data => {
            sink.push(not_enum(&input.ident, data));
            (false, Vec::new())
        }
    };
    let roles: Vec<&Ident> = variants.iter().map(|variant| &variant.ident).collect();
    let runtime = options::on_enum(&input.attrs, sink);
    let variants = variants.iter().map(|variant| {
        let Options { implies, rename } = options::on_variant(&variant.ident, &variant.attrs, &roles, sink);
        Variant { ident: &variant.ident, fields: &variant.fields, implies, rename }
    });
    let variants = variants.collect();
    not_generic(&input.ident, &input.generics, sink);
    let stand_in = stand_in(&input.ident, &input.generics);
    RoleEnum { ident: &input.ident, stand_in, vis: &input.vis, runtime, is_enum, whole: whole(input), variants }
}

/// Returns the tokens of an enum from the keyword to the closing brace.
fn whole(input: &DeriveInput) -> TokenStream {
    let name = &input.ident;
    let Data::Enum(data) = &input.data else { return name.to_token_stream() };
    let keyword = &data.enum_token;
    let mut braces = Group::new(Delimiter::Brace, TokenStream::new());
    braces.set_span(data.brace_token.span.join());
    quote!(#keyword #name #braces)
}

/// Words the problem of another item than an enum. Fields with names become variants.
fn not_enum(name: &Ident, data: &Data) -> Problem {
    let (keyword, what, fields): (&dyn ToTokens, _, _) = match data {
        Data::Struct(data) => (&data.struct_token, "a struct", data.fields.iter().collect()),
        Data::Union(data) => (&data.union_token, "a union", data.fields.named.iter().collect()),
        Data::Enum(data) => (&data.enum_token, "an enum", Vec::new()),
    };
    let names: Vec<String> =
        fields.iter().filter_map(|field| Some(upper_camel(&field.ident.as_ref()?.unraw().to_string()))).collect();
    let wrong =
        problem(keyword, Code::RoleNotEnum, format!("`{name}` is {what}, and roles are the variants of an enum"));
    let example = if names.is_empty() { "Member, Admin".to_owned() } else { names.join(", ") };
    wrong.advice(format!("turn it into an enum with one variant for each role, such as `enum {name} {{ {example} }}`"))
}

/// Refuses a generic enum. It would give one role several types, and the implementations carry no parameters.
fn not_generic(name: &Ident, generics: &Generics, sink: &mut Sink) {
    if !generics.params.is_empty() {
        sink.push(
            problem(quote!(#name #generics), Code::RoleGenerics, format!("`{name}` has generic parameters"))
                .write(name)
                .because("a role is a name and carries no type"),
        );
    }
}

/// Returns one type of a generic item: `Role<()>`. With an implementation for it alone, `Role::Admin` is of this type.
fn stand_in(name: &Ident, generics: &Generics) -> Option<TokenStream> {
    let arguments = generics.params.iter().map(|parameter| match parameter {
        GenericParam::Lifetime(_) => Some(quote!('static)),
        GenericParam::Type(parameter) => parameter.bounds.is_empty().then(|| quote!(())),
        GenericParam::Const(parameter) => match parameter.ty.to_token_stream().to_string().as_str() {
            "bool" => Some(quote!(false)),
            "char" => Some(quote!('a')),
            _ => Some(quote!(0)),
        },
    });
    let arguments: Vec<TokenStream> = arguments.collect::<Option<_>>()?;
    match (generics.where_clause.is_some(), arguments.is_empty()) {
        (true, _) => None,
        (false, true) => Some(quote!(#name)),
        (false, false) => Some(quote!(#name<#(#arguments),*>)),
    }
}
