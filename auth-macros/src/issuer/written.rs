use proc_macro2::{Delimiter, Group, Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::{Attribute, Data, DataEnum, DeriveInput, Fields, Meta, Path, Visibility, ext::IdentExt, parse::Parser};

use crate::diag::{Code, Problem, Sink, problem};
use crate::runtime::runtime_path;
use crate::syntax::upper_camel;

/// The enum as far as the expansion needs it. With a mistake, it is what stands in for the enum.
pub(super) struct Issuers {
    pub(super) ident: Ident,
    pub(super) vis: Visibility,
    pub(super) runtime: TokenStream,
    /// Empty for an item without variants, for which no match can be written.
    pub(super) variants: Vec<Ident>,
    /// Whether an implementation can be written for the item: it has no parameters.
    pub(super) is_plain: bool,
}

/// Reads the enum, and refuses everything but an enum of variants without fields.
pub(super) fn read(input: &DeriveInput, sink: &mut Sink) -> Issuers {
    let (name, generics) = (&input.ident, &input.generics);
    if !generics.params.is_empty() {
        sink.push(
            problem(quote!(#name #generics), Code::IssuerShape, format!("`{name}` has generic parameters"))
                .write(name)
                .because("an issuer is a name and carries no type"),
        );
    }
    let mut variants = Vec::new();
    match &input.data {
        Data::Enum(data) => {
            if data.variants.is_empty() {
                sink.push(no_variants(&input.ident, data));
            }
            for variant in &data.variants {
                if let Some(problem) = with_fields(&variant.ident, &variant.fields) {
                    sink.push(problem);
                }
                variants.push(variant.ident.clone());
            }
        }
        data => sink.push(not_enum(&input.ident, data)),
    }
    let options = variants_options(&input.data).collect::<Vec<_>>();
    options.into_iter().for_each(|attribute| sink.push(misplaced(attribute)));
    Issuers {
        ident: name.clone(),
        vis: input.vis.clone(),
        runtime: runtime_path(runtime(&input.attrs, sink)),
        variants,
        is_plain: generics.params.is_empty(),
    }
}

fn no_variants(name: &Ident, data: &DataEnum) -> Problem {
    let keyword = &data.enum_token;
    let mut braces = Group::new(Delimiter::Brace, TokenStream::new());
    braces.set_span(data.brace_token.span.join());
    problem(quote!(#keyword #name #braces), Code::IssuerShape, format!("`{name}` has no issuers"))
        .write(format_args!("enum {name} {{ Corporate, Partner }}"))
        .because("each issuer is a variant")
}

fn with_fields(variant: &Ident, fields: &Fields) -> Option<Problem> {
    (!matches!(fields, Fields::Unit)).then(|| {
        problem(quote!(#variant #fields), Code::IssuerShape, format!("the issuer `{variant}` has fields"))
            .write(variant)
            .because("an issuer is a name and carries no data")
    })
}

/// Words the problem of another item than an enum. Fields with names become variants.
fn not_enum(name: &Ident, data: &Data) -> Problem {
    let (keyword, what, fields): (&dyn ToTokens, _, _) = match data {
        Data::Struct(data) => (&data.struct_token, "a struct", data.fields.iter().collect()),
        Data::Union(data) => (&data.union_token, "a union", data.fields.named.iter().collect()),
        Data::Enum(data) => (&data.enum_token, "an enum", Vec::new()),
    };
    let names = fields.iter().filter_map(|field| Some(upper_camel(&field.ident.as_ref()?.unraw().to_string())));
    let names: Vec<String> = names.collect();
    let example = if names.is_empty() { "Corporate, Partner".to_owned() } else { names.join(", ") };
    problem(keyword, Code::IssuerShape, format!("`{name}` is {what}, and issuers are the variants of an enum"))
        .advice(format!("turn it into an enum with one variant for each issuer, such as `enum {name} {{ {example} }}`"))
}

fn ours(attributes: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attributes.iter().filter(|attribute| attribute.path().is_ident("issuer"))
}

/// Returns the `#[issuer(..)]` attributes of variants and fields, which have no options.
fn variants_options(data: &Data) -> Box<dyn Iterator<Item = &Attribute> + '_> {
    match data {
        Data::Enum(data) => Box::new(data.variants.iter().flat_map(|variant| ours(&variant.attrs))),
        _ => Box::new(core::iter::empty()),
    }
}

fn misplaced(attribute: &Attribute) -> Problem {
    problem(attribute, Code::IssuerOption, "an issuer has no options")
        .remove()
        .because("`Auth::builder()` says which URL it has")
}

/// Reads the only option of the enum: the path of the runtime crate.
fn runtime(attributes: &[Attribute], sink: &mut Sink) -> Option<Path> {
    let mut runtime = None;
    for attribute in ours(attributes) {
        match path(attribute) {
            Some(_) if runtime.is_some() => {
                sink.push(problem(attribute, Code::IssuerOption, "`crate` is given twice").remove());
            }
            Some(path) => runtime = Some(path),
            None => sink.push(
                problem(attribute, Code::IssuerOption, "`#[issuer]` has one option, the path of the runtime crate")
                    .advice("give it as in `#[issuer(crate = my_framework::auth_runtime)]`, or remove it"),
            ),
        }
    }
    runtime
}

/// Returns the path in `#[issuer(crate = path)]`.
fn path(attribute: &Attribute) -> Option<Path> {
    let Meta::List(list) = &attribute.meta else { return None };
    let option = |input: syn::parse::ParseStream<'_>| {
        input.parse::<syn::Token![crate]>()?;
        input.parse::<syn::Token![=]>()?;
        Path::parse_mod_style(input)
    };
    option.parse2(list.tokens.clone()).ok()
}
