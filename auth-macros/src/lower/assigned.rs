//! Attributes with `=` in place of parentheses: `#[require_role = "admin"]`.

use super::callers::Callers;
use super::policy::access;
use super::{body, csp, csrf, limit};
use crate::attribute::Attribute;
use crate::diag::{Code, Problem, Sink, problem};
use crate::syntax::{Clause, spelled, stream};

/// Words the problem, with the attribute in parentheses where its value says what is meant.
pub(super) fn problem_of(clause: &Clause) -> Problem {
    let attribute = clause.attribute;
    let wrong = problem(&clause.name, Code::Assigned, format_args!("`{attribute}` has its arguments in parentheses"));
    match meant(&Clause { is_assigned: false, ..clause.clone() }) {
        Some((line, None)) => wrong.write(line),
        Some((line, Some(why))) => wrong.write(line).because(why),
        None => wrong.advice(format_args!("write it as in `{}`", example(attribute))),
    }
}

/// Returns the attribute with the value in parentheses, and with the help for the value if it has a mistake.
fn meant(clause: &Clause) -> Option<(String, Option<String>)> {
    let mut sink = Sink::default();
    match clause.attribute {
        Attribute::RateLimit => _ = limit::limit(clause, &Callers::Unclear, &mut sink),
        Attribute::Body => _ = body::body(&[clause], &mut sink),
        Attribute::Csp => _ = csp::csp(&[clause], &mut sink),
        Attribute::CsrfExempt => _ = csrf::reason(clause, &mut sink),
        _ => _ = access(&[clause], &mut sink),
    }
    let name = clause.attribute.name();
    let value = spelled(stream(&clause.parts.iter().flat_map(|part| part.clone()).collect::<Vec<_>>()));
    if sink.is_empty() {
        return Some((format!("#[{name}({value})]"), None));
    }
    let problem = sink.only()?;
    let (at, text, why) = problem.replacement()?;
    let line = match spelled(at.clone()) {
        at if at == name => text.to_owned(),
        at if at == value && text.is_empty() => format!("#[{name}]"),
        at if at == value => format!("#[{name}({text})]"),
        _ => return None,
    };
    Some((line, why.map(str::to_owned)))
}

fn example(attribute: Attribute) -> &'static str {
    match attribute {
        Attribute::Public => "#[public]",
        Attribute::Protected => "#[protected]",
        Attribute::RequireRole => "#[require_role(\"admin\")]",
        Attribute::RequireScope => "#[require_scope(\"orders:write\")]",
        Attribute::Authorize => "#[authorize(role(\"admin\"))]",
        Attribute::Body => "#[body(max = 2 MiB)]",
        Attribute::RateLimit => "#[rate_limit(10/min)]",
        Attribute::Csp => "#[csp(img_src(self))]",
        Attribute::CsrfExempt => "#[csrf_exempt(because = \"signed by the payment provider\")]",
    }
}
