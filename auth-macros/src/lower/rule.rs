use proc_macro2::TokenTree;

use super::expression_errors::{joined_by_methods, wording};
use super::guards;
use super::meant::{Extreme, squeezed};
use super::named;
use super::predicate::Predicates;
use super::truth::constant;
use crate::diag::{Code, Problem, Sink, problem};
use crate::model::Rule;
use crate::syntax::{Clause, Expression, Mistake, Node, expression, flat, is_punct, spelled};

/// Lowers the expression of an `#[authorize]`.
pub(super) fn authorize(clause: &Clause, predicates: &mut Predicates, sink: &mut Sink) -> Option<Rule> {
    let reading = expression(&clause.parts);
    if let Some(problem) = another_attribute(clause).or_else(|| guards::problem_of(clause)) {
        sink.push(problem);
        return None;
    }
    let commas = reading.mistakes.iter().find(|mistake| matches!(mistake, Mistake::Commas { .. }));
    if let Some(commas) = commas {
        // What stands between the commas may change the rest: `roles = ["a", "b"], mode = "all"`.
        sink.push(wording(commas, &clause.parts));
        return None;
    }
    if let Some(problem) = reading.mistakes.first().and_then(|_| joined_by_methods(&clause.parts)) {
        sink.push(problem);
        return None;
    }
    for mistake in &reading.mistakes {
        sink.push(wording(mistake, &clause.parts));
    }
    let Some(tree) = &reading.tree else {
        sink.push(
            problem(&clause.name, Code::MissingPredicate, "nothing is demanded")
                .write("#[authorize(role(\"admin\") || scope(\"orders:write\"))]")
                .note("to admit every signed-in caller, write `#[protected]`"),
        );
        return None;
    };
    let is_readable = reading.mistakes.is_empty();
    let Some(tree) = &named::taken_out(tree, &mut predicates.named, sink) else {
        return Some(Rule::Authenticated).filter(|_| is_readable);
    };
    let lowered = Lowering { predicates, sink, is_readable }.expression(tree);
    lowered.filter(|_| is_readable).map(|lowered| lowered.rule)
}

/// Words the problem of an expression that another attribute states: `permitAll`, `true`.
fn another_attribute(clause: &Clause) -> Option<Problem> {
    let [only] = clause.parts.as_slice() else { return None };
    let attribute = Extreme::read(&flat(only.clone()))?.attribute()?;
    let message = format!("`{}` is no condition", spelled(only.clone()));
    Some(problem(&clause.name, Code::UnknownPredicate, message).write(attribute))
}

/// A rule, and whether it was already refused because it holds always or never.
struct Lowered {
    rule: Rule,
    refused: bool,
}

struct Lowering<'a> {
    predicates: &'a mut Predicates,
    sink: &'a mut Sink,
    /// Whether the whole expression was readable, so that its truth is worth computing.
    is_readable: bool,
}

impl Lowering<'_> {
    fn expression(&mut self, expression: &Expression) -> Option<Lowered> {
        let lowered = match &expression.node {
            Node::Unreadable => None,
            Node::Predicate { name, arguments } => {
                let rule = self.predicates.predicate(name, arguments.as_ref(), self.sink)?;
                return Some(Lowered { rule, refused: false });
            }
            Node::Not(inner) if let Some(problem) = no_stranger(expression, inner) => {
                self.sink.push(problem);
                None
            }
            Node::Not(inner) => self
                .expression(inner)
                .map(|Lowered { rule, refused }| Lowered { rule: Rule::Not(Box::new(rule)), refused }),
            Node::All(operands) => self.joined(operands, Rule::all),
            Node::Any(operands) => self.joined(operands, Rule::any).inspect(|lowered| self.keep_apart(&lowered.rule)),
        };
        lowered.map(|lowered| self.contingent(expression, lowered))
    }

    fn joined(&mut self, operands: &[Expression], join: fn(Vec<Rule>) -> Rule) -> Option<Lowered> {
        // All operands are examined before any of them may fail.
        let lowered: Vec<Option<Lowered>> = operands.iter().map(|operand| self.expression(operand)).collect();
        let lowered: Vec<Lowered> = lowered.into_iter().collect::<Option<_>>()?;
        let refused = lowered.iter().any(|lowered| lowered.refused);
        Some(Lowered { rule: join(lowered.into_iter().map(|lowered| lowered.rule).collect()), refused })
    }

    /// Notes the roles that are alternatives of one another, as in one list.
    fn keep_apart(&mut self, rule: &Rule) {
        let Rule::Any(alternatives) = rule else { return };
        let mut earlier = Vec::new();
        for alternative in alternatives {
            if let Rule::Role(role) = alternative {
                self.predicates.keep_apart(&earlier, role);
                earlier.push(role.clone());
            }
        }
    }

    /// Refuses the smallest part of an expression that always has the same result.
    fn contingent(&mut self, expression: &Expression, lowered: Lowered) -> Lowered {
        let is_asked = self.is_readable && !lowered.refused;
        let always = if is_asked { constant(&lowered.rule) } else { None };
        if let Some(always) = always {
            self.sink.push(constant_problem(expression, always));
            return Lowered { refused: true, ..lowered };
        }
        if is_asked {
            let problem = |always| constant_problem(expression, always);
            self.predicates.ask_compiler(&lowered.rule, &expression.tokens, problem);
        }
        lowered
    }
}

/// Words the problem of `!isAnonymous()`, which every signed-in caller meets.
fn no_stranger(expression: &Expression, inner: &Expression) -> Option<Problem> {
    let tokens = flat(inner.tokens.clone());
    let word = tokens.first().filter(|_| Extreme::read(&tokens) == Some(Extreme::Strangers))?;
    let is_anonymous = matches!(word, TokenTree::Ident(word) if squeezed(word).ends_with("anonymous"));
    let is_sign = flat(expression.tokens.clone()).first().is_some_and(|not| is_punct(not, '!'));
    let written = spelled(expression.tokens.clone());
    (is_anonymous && is_sign).then(|| {
        problem(&expression.tokens, Code::UnknownPredicate, format_args!("`{written}` is no condition"))
            .write("authenticated")
    })
}

/// Words the problem of an expression that always has the same result.
fn constant_problem(expression: &Expression, always: bool) -> Problem {
    let written = spelled(expression.tokens.clone());
    if always {
        problem(&expression.tokens, Code::AlwaysHolds, format_args!("`{written}` holds for every signed-in caller"))
            .advice("leave it out; to admit every signed-in caller, write `#[protected]`")
    } else {
        problem(&expression.tokens, Code::NeverHolds, format_args!("`{written}` holds for no caller"))
            .advice("leave out what contradicts the rest")
    }
}
