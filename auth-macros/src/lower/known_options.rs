//! The options of the attributes: names, forms and examples.

use proc_macro2::TokenTree;

use super::foreign_value::{Takes, letters, meant};
use crate::attribute::Attribute;
use crate::syntax::{spelled, stream};

/// The form in which an option is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Flag,
    Value,
    List,
}

pub(super) struct Known {
    pub(super) attribute: Attribute,
    pub(super) name: &'static str,
    pub(super) takes: Takes,
    pub(super) example: &'static str,
}

const fn known(attribute: Attribute, name: &'static str, takes: Takes, example: &'static str) -> Known {
    Known { attribute, name, takes, example }
}

pub(super) const CSP_REASON: &str = "because = \"the charts compile their templates\"";
pub(super) const CSRF_REASON: &str = "because = \"signed by the payment provider\"";

pub(super) const OPTIONS: &[Known] = &[
    known(Attribute::Public, "because", Takes::Text, "because = \"load balancer probe\""),
    known(Attribute::Protected, "via", Takes::Credentials, "via(bearer)"),
    known(Attribute::Protected, "fresh", Takes::Time, "fresh = 5 min"),
    known(Attribute::Protected, "issuer", Takes::Issuers, "issuer = Trusted::Corporate"),
    known(Attribute::Body, "max", Takes::Size, "max = 2 MiB"),
    known(Attribute::Body, "within", Takes::Time, "within = 10 sec"),
    known(Attribute::RateLimit, "by", Takes::Words(&["user", "ip", "api_key", "global"]), "by = ip"),
    known(Attribute::RateLimit, "burst", Takes::Number, "burst = 20"),
    known(Attribute::RateLimit, "cost", Takes::Number, "cost = 5"),
    known(Attribute::RateLimit, "name", Takes::Text, "name = \"login\""),
    known(Attribute::RateLimit, "counts", Takes::Words(&["before_checks", "after_checks"]), "counts = after_checks"),
    known(Attribute::RateLimit, "on_outage", Takes::Words(&["local", "deny", "allow"]), "on_outage = deny"),
    known(Attribute::RateLimit, "shadow", Takes::Nothing, "shadow"),
    known(Attribute::Csp, "because", Takes::Text, CSP_REASON),
    known(Attribute::CsrfExempt, "because", Takes::Text, CSRF_REASON),
];

/// Returns whether the value of a flag turns it on.
pub(super) fn is_on(value: &[TokenTree]) -> bool {
    value.is_empty() || ["true", "yes", "on", "1"].contains(&letters(&spelled(stream(value))).as_str())
}

/// Returns whether the value of a flag turns it off.
pub(super) fn is_off(value: &[TokenTree]) -> bool {
    ["false", "no", "off", "0", "none"].contains(&letters(&spelled(stream(value))).as_str())
}

impl Known {
    pub(super) fn form(&self) -> Form {
        match self.takes {
            Takes::Nothing => Form::Flag,
            Takes::Credentials => Form::List,
            Takes::Text | Takes::Number | Takes::Size | Takes::Time | Takes::Words(_) | Takes::Issuers => Form::Value,
        }
    }

    /// Returns whether the option may be written in this form. One issuer is a value, and several are a list.
    pub(super) fn takes_form(&self, form: Form) -> bool {
        form == self.form() || (form == Form::List && self.takes == Takes::Issuers)
    }

    /// Returns the option in its form, with the user's value, or `None` if the tokens hold no such value.
    pub(super) fn written(&self, value: &[TokenTree]) -> Option<String> {
        let name = self.name;
        match (self.form(), meant(self.takes, value)) {
            (Form::Flag, _) => is_on(value).then(|| name.to_owned()),
            (Form::Value, Some(list)) if self.takes == Takes::Issuers && list.contains(',') => {
                Some(format!("{name}({list})"))
            }
            (Form::Value, Some(value)) => Some(format!("{name} = {value}")),
            (Form::List, Some(list)) => Some(format!("{name}({list})")),
            (_, None) => None,
        }
    }
}
