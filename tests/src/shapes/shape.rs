use super::{
    dice::Dice,
    parameters,
    policy::{Admits, Policy},
    vocabulary::{BEGINNINGS, BELOW, BESIDE, GENERICS, RETURNS, VISIBILITIES},
};

/// One handler with its attributes.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    number: usize,
    policy: Policy,
    /// The attributes in their order: those of this crate, and those of others.
    attributes: Vec<Attribute>,
    visibility: &'static str,
    generics: [&'static str; 4],
    parameters: Vec<String>,
    returns: [&'static str; 2],
    beginning: &'static str,
    pub(super) method: &'static str,
}

#[derive(Clone, Debug)]
enum Attribute {
    Ours(String),
    Other(&'static str),
}

impl Shape {
    pub(super) fn drawn(dice: &mut Dice, number: usize) -> Self {
        let policy = Policy::drawn(dice);
        let generics = if dice.in_hundred(20) { dice.one_of(&GENERICS) } else { [""; 4] };
        let returns = dice.one_of(&RETURNS);
        let mut others = dice.some_of(&BESIDE, 4);
        others.retain(|other| fits(other, returns));
        // The compiler refuses two of these.
        for word in ["deprecated", "inline"] {
            let mut seen = false;
            others.retain(|other| !other.contains(word) || !std::mem::replace(&mut seen, true));
        }
        let mut attributes: Vec<Attribute> = policy
            .attributes
            .iter()
            .cloned()
            .map(Attribute::Ours)
            .chain(others.into_iter().map(Attribute::Other))
            .collect();
        dice.shuffle(&mut attributes);
        if generics[0].is_empty() && dice.in_hundred(20) {
            attributes.push(Attribute::Other(dice.one_of(&BELOW)));
        }
        let is_read = attributes.iter().any(|attribute| match attribute {
            Attribute::Ours(_) => false,
            Attribute::Other(other) => BELOW.contains(other) || *other == "#[tracing::instrument]",
        });
        let parameters = parameters::drawn(dice, policy.admits, is_read);
        Self {
            number,
            attributes,
            visibility: dice.one_of(&VISIBILITIES),
            generics,
            parameters,
            returns,
            beginning: dice.one_of(&BEGINNINGS),
            method: dice.one_of(&["get", "post", "put", "delete"]),
            policy,
        }
    }

    pub(super) fn admits(&self) -> Admits {
        self.policy.admits
    }

    /// Returns the module that the handler is in.
    pub(super) fn module(&self) -> String {
        format!("shape_{}", self.number)
    }

    /// Writes the module, with or without the attributes of this crate.
    pub(super) fn written(&self, is_guarded: bool) -> String {
        let Self { visibility, generics: [generics, clause, _, chosen], parameters, method, .. } = self;
        let [returned, _] = self.returns;
        let (attributes, parameters) = (self.attributes(is_guarded), parameters.join(", "));
        let (module, name, body) = (self.module(), self.name(), self.body());
        format!(
            "pub mod {module} {{
    use crate::imports::*;

{attributes}    {visibility}async fn {name}{generics}({parameters}){returned}{clause} {{
        {body}
    }}

    pub fn guarded() -> GuardedRouter<App> {{
        GuardedRouter::new().route(\"/{{id}}\", {method}({name}{chosen}))
    }}

    pub fn plain() -> axum::Router<App> {{
        axum::Router::new().route(\"/{{id}}\", axum::routing::{method}({name}{chosen}))
    }}
}}
"
        )
    }

    fn name(&self) -> &'static str {
        const NAMES: [&str; 5] = ["handler", "list", "get_1", "r#type", "r#async"];
        // axum's attribute does not take a raw name.
        let is_read = matches!(self.attributes.last(), Some(Attribute::Other(other)) if BELOW.contains(other));
        NAMES[self.number % if is_read { 3 } else { NAMES.len() }]
    }

    fn attributes(&self, is_guarded: bool) -> String {
        let written = self.attributes.iter().filter_map(|attribute| match attribute {
            Attribute::Ours(ours) => is_guarded.then_some(ours.as_str()),
            Attribute::Other(other) => Some(other),
        });
        written.map(|line| format!("    {line}\n")).collect()
    }

    fn body(&self) -> String {
        let ([_, end], [_, _, used, _]) = (self.returns, self.generics);
        let beginning = self.beginning.replace('…', end).replace("return ;", "return;");
        [beginning.as_str(), used, end]
            .iter()
            .filter(|part| !part.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join("\n        ")
    }
}

/// Returns whether the attribute can stand on a handler that returns this.
fn fits(other: &str, [returned, _]: [&str; 2]) -> bool {
    !other.contains("err(") || returned.contains("Result<String")
}
