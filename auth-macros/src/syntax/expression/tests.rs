use quote::quote;

use super::*;

/// Returns the tree as text, with every grouping in parentheses.
fn shape(expression: &Expression) -> String {
    let list = |operands: &[Expression], sign: &str| {
        let operands: Vec<String> = operands.iter().map(shape).collect();
        format!("({})", operands.join(sign))
    };
    match &expression.node {
        Node::Predicate { name, arguments } => {
            format!("{name}{}", arguments.as_ref().map(ToString::to_string).unwrap_or_default())
        }
        Node::Not(inner) => format!("!{}", shape(inner)),
        Node::All(operands) => list(operands, " && "),
        Node::Any(operands) => list(operands, " || "),
        Node::Unreadable => "?".to_owned(),
    }
}

fn read(tokens: TokenStream) -> (String, Vec<Mistake>) {
    let reading = expression(&[tokens]);
    (shape(&reading.tree.unwrap()), reading.mistakes)
}

#[test]
fn operators_bind_as_in_rust() {
    for (tokens, expected) in [
        (quote!(a), "a"),
        (quote!(a || b && c), "(a || (b && c))"),
        (quote!((a || b) && !c), "((a || b) && !c)"),
        (quote!(a && b && c || !!d), "((a && b && c) || !!d)"),
        (quote!(!(a || b)), "!(a || b)"),
        (quote!(role("x", Y)), "role(\"x\" , Y)"),
        (quote!((a)), "a"),
    ] {
        let (shape, mistakes) = read(tokens);
        assert_eq!(shape, expected);
        assert!(mistakes.is_empty(), "{mistakes:?}");
    }
}

#[test]
fn a_fragment_of_a_macro_stays_together() {
    let fragment = TokenTree::Group(Group::new(Delimiter::None, quote!(a || b)));
    let (shape, mistakes) = read(quote!(#fragment && c));
    assert_eq!(shape, "((a || b) && c)");
    assert!(mistakes.is_empty());
}

#[test]
fn slips_in_operators_are_read_as_meant() {
    for (tokens, expected, operator) in [
        (quote!(a & b), "(a && b)", "&&"),
        (quote!(a | b), "(a || b)", "||"),
        (quote!(a and b), "(a && b)", "&&"),
        (quote!(a or b), "(a || b)", "||"),
        (quote!(not a), "!a", "!"),
        (quote!(not(a)), "!a", "!"),
        (quote!(unless a), "!a", "!"),
        (quote!(a AND b), "(a && b)", "&&"),
    ] {
        let (shape, mistakes) = read(tokens);
        assert_eq!(shape, expected);
        assert!(matches!(mistakes.as_slice(), [Mistake::Operator { meant, .. }] if *meant == operator), "{mistakes:?}");
    }
}

#[test]
fn comparisons_are_seen() {
    for tokens in
        [quote!(role = "a"), quote!(role == "a"), quote!(role != "a" && b), quote!(b || a > 5), quote!(role in ["a"])]
    {
        let (_, mistakes) = read(tokens.clone());
        assert!(matches!(mistakes.as_slice(), [Mistake::Comparison { .. }]), "{tokens}: {mistakes:?}");
    }
}

#[test]
fn gaps_and_strangers_are_seen_one_by_one() {
    for tokens in [quote!(a &&), quote!(|| a), quote!(!), quote!(()), quote!(a && (b ||)), quote!(a || || b)] {
        let (_, mistakes) = read(tokens.clone());
        assert!(matches!(mistakes.as_slice(), [Mistake::Gap { .. }]), "{tokens}: {mistakes:?}");
    }
    for tokens in [
        quote!("admin"),
        quote!(Role::Admin && b),
        quote!(b || 5),
        quote!(a::b(c)),
        quote!(b && [c]),
        quote!(u.role),
        quote!(|u| u.a() || b),
        quote!(role "x"),
    ] {
        let (_, mistakes) = read(tokens.clone());
        assert!(matches!(mistakes.as_slice(), [Mistake::NoPredicate { .. }]), "{tokens}: {mistakes:?}");
    }
    for tokens in [quote!(a b), quote!(a !b), quote!(role("a") role("b") && c)] {
        let (_, mistakes) = read(tokens.clone());
        assert!(matches!(mistakes.as_slice(), [Mistake::NoOperator { .. }]), "{tokens}: {mistakes:?}");
    }
}

#[test]
fn commas_join_nothing() {
    let reading = expression(&[quote!(a), quote!(b)]);
    assert!(matches!(reading.mistakes.as_slice(), [Mistake::Commas { parts }] if parts.len() == 2));
    assert!(expression(&[]).tree.is_none());
}
