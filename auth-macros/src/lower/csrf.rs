use syn::LitStr;

use super::access::reason_alone;
use super::known_options::CSRF_REASON;
use super::options::Options;
use super::reason;
use crate::attribute::Attribute;
use crate::diag::{Code, Problem, Sink, problem};
use crate::model::{Access, Credential, Named};
use crate::syntax::Clause;

/// Returns the access with the exemption of `#[csrf_exempt]`, if a cookie can be the credential.
pub(super) fn exempted(access: Option<Access>, clauses: &[&Clause], sink: &mut Sink) -> Option<Access> {
    let Some(clause) = clauses.iter().find(|clause| clause.attribute == Attribute::CsrfExempt) else {
        return access;
    };
    match access {
        None => {
            let _ = reason(clause, sink);
            None
        }
        Some(Access::Protected(protection)) if !protection.named.is_empty() => {
            sink.push(beside_named(clause, &protection.named));
            None
        }
        Some(Access::Protected(mut protection)) if accepts_cookie(&protection.via) => {
            protection.csrf_exempt = Some(reason(clause, sink)?);
            Some(Access::Protected(protection))
        }
        Some(Access::Protected(_)) => {
            sink.push(no_cookie(clause).remove().because("browsers send only session cookies by themselves"));
            None
        }
        Some(Access::Public { .. }) => {
            sink.push(no_cookie(clause).remove().because("a public handler reads no cookie"));
            None
        }
    }
}

/// Returns whether a session cookie is accepted. An empty list accepts every kind of credential.
fn accepts_cookie(via: &[Credential]) -> bool {
    via.is_empty() || via.contains(&Credential::Session)
}

/// A named policy has no exemption of its own, so it refuses what the handler's exemption would admit.
fn beside_named(clause: &Clause, named: &[Named]) -> Problem {
    let names: Vec<_> = named.iter().map(|one| format!("`{}`", one.spelled)).collect();
    let message = "`#[csrf_exempt]` exempts nothing beside a named policy";
    let refuse = if names.len() == 1 { "refuses" } else { "refuse" };
    let reason = format!("{} {refuse} requests that other sites cause", names.join(", "));
    problem(&clause.name, Code::NamedPolicyUnfit, message).remove().because(reason)
}

fn no_cookie(clause: &Clause) -> Problem {
    problem(&clause.name, Code::NoCookie, "`#[csrf_exempt]` exempts nothing: no session's cookie is accepted")
}

/// Returns the reason. An exemption without a reason cannot be reviewed.
pub(super) fn reason(clause: &Clause, sink: &mut Sink) -> Option<LitStr> {
    let (options, rest) = Options::read(clause, sink);
    for argument in &rest {
        sink.push(reason_alone(clause.attribute, argument));
    }
    match options.get("because") {
        Some(because) => sink.keep(reason::reason(because)),
        // Other arguments are already reported as mistakes, and those messages say how to write the reason.
        None if !clause.parts.is_empty() => None,
        None => {
            sink.push(
                problem(&clause.name, Code::NoReason, "`#[csrf_exempt]` does not say why")
                    .write(format_args!("#[csrf_exempt({CSRF_REASON})]"))
                    .because("the reason is yours to say"),
            );
            None
        }
    }
}
