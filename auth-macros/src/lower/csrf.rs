use syn::LitStr;

use super::access::text;
use super::options::{CSRF_REASON, Options, stray};
use crate::attribute::Attribute;
use crate::diag::{Code, Problem, Sink, problem};
use crate::model::{Access, Credential};
use crate::syntax::Clause;

/// Returns the access with the exemption of `#[csrf_exempt]`, if a cookie can be the credential.
pub(super) fn exempted(access: Option<Access>, clauses: &[&Clause], sink: &mut Sink) -> Option<Access> {
    let Some(clause) = clauses.iter().find(|clause| clause.attribute == Attribute::CsrfExempt) else {
        return access;
    };
    let because = reason(clause, sink);
    match access? {
        Access::Protected(mut protection) if accepts_cookie(&protection.via) => {
            protection.csrf_exempt = Some(because?);
            Some(Access::Protected(protection))
        }
        Access::Protected(_) => {
            sink.push(no_cookie(clause).advice("accept `session` in `via(..)`, or drop `#[csrf_exempt]`"));
            None
        }
        Access::Public { .. } => {
            sink.push(no_cookie(clause).advice("write `#[protected]`, or drop `#[csrf_exempt]`"));
            None
        }
    }
}

/// Returns whether a session cookie is accepted. An empty list accepts every kind of credential.
fn accepts_cookie(via: &[Credential]) -> bool {
    via.is_empty() || via.contains(&Credential::Session)
}

fn no_cookie(clause: &Clause) -> Problem {
    problem(&clause.name, Code::NoCookie, "`#[csrf_exempt]` exempts nothing: no session's cookie is accepted")
}

/// Returns the reason. An exemption without a reason cannot be reviewed.
fn reason(clause: &Clause, sink: &mut Sink) -> Option<LitStr> {
    let (options, rest) = Options::read(clause, sink);
    let example = format!("write `#[csrf_exempt({CSRF_REASON})]`");
    for argument in &rest {
        sink.push(stray(clause.attribute, argument, &example));
    }
    match options.get("because") {
        Some(because) => sink.keep(text(because, "the reason")),
        // Other arguments are already reported as mistakes, and those messages say how to write the reason.
        None if !clause.parts.is_empty() => None,
        None => {
            sink.push(problem(&clause.name, Code::NoReason, "`#[csrf_exempt]` does not say why").advice(example));
            None
        }
    }
}
