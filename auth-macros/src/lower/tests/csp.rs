use super::{accepted, refused, refused_in_both_orders};

/// Returns the attributes of a public handler with this change.
fn csp(arguments: &str) -> String {
    format!("#[public] #[csp({arguments})]")
}

#[track_caller]
fn told(arguments: &str, code: &str, text: &str) {
    refused(&csp(arguments), code, text);
}

/// Asserts that the change becomes these directives: `("img-src", ["'self'"])`.
#[track_caller]
fn becomes(arguments: &str, expected: &[(&str, &[&str])]) {
    let policy = accepted(&csp(arguments));
    let directives = expected.iter().map(|(name, sources)| {
        let sources: Vec<String> = sources.iter().map(|source| format!("{source:?}")).collect();
        format!(":: auth_runtime :: policy :: CspDirective :: new ({name:?} , & [{}])", sources.join(" , "))
    });
    let directives: Vec<String> = directives.collect();
    let list = format!(".with_csp (& :: auth_runtime :: policy :: CspOverride :: new (& [{}])", directives.join(" , "));
    let policy = policy.replace(" . with_csp", ".with_csp");
    assert!(policy.contains(&list), "{arguments}:\n{policy}\n{list}");
}

#[test]
fn directives_and_sources_have_the_words_of_the_standard() {
    becomes("img_src(self, \"https://cdn.example\")", &[("img-src", &["'self'", "https://cdn.example"])]);
    becomes("img-src(\"'self'\", \"data:\")", &[("img-src", &["'self'", "data:"])]);
    becomes("frame_ancestors(none), script_src(nonce)", &[("frame-ancestors", &[]), ("script-src", &["'nonce'"])]);
    becomes("frame-ancestors(\"'none'\",)", &[("frame-ancestors", &[])]);
    becomes("script_src(nonce, strict-dynamic)", &[("script-src", &["'nonce'", "'strict-dynamic'"])]);
    becomes("style_src(unsafe_inline)", &[("style-src", &["'unsafe-inline'"])]);
    becomes("img_src(\"*\")", &[("img-src", &["*"])]);
    becomes("sandbox", &[("sandbox", &[])]);
    becomes("sandbox(allow_forms, allow-scripts)", &[("sandbox", &["allow-forms", "allow-scripts"])]);
    let hash = "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='";
    becomes(&format!("script_src(\"{hash}\")"), &[("script-src", &[hash])]);
    for host in [
        "https://cdn.example.com",
        "cdn.example.com",
        "*.example.com",
        "https://*.example.com:8443/fonts/",
        "wss://live.example.com",
        "https://intranet",
        "intranet:8080",
        "http://localhost:3000",
        "http://127.0.0.1:*",
        "http://[::1]:3000",
        "https:",
        "blob:",
    ] {
        becomes(&format!("connect_src({host:?})"), &[("connect-src", &[host])]);
    }
    assert!(!accepted("#[public]").contains("csp"));
}

#[test]
fn it_stands_beside_every_other_attribute_in_any_order() {
    for other in [
        "#[public(because = \"x\")]",
        "#[protected(via(session))]",
        "#[require_role(\"a\")]",
        "#[authorize(role(\"a\"))] #[rate_limit(1/min)]",
        "#[protected] #[csrf_exempt(because = \"x\")]",
    ] {
        let one = accepted(&format!("#[csp(img_src(self))] {other}"));
        assert_eq!(one, accepted(&format!("{other} #[csp(img_src(self))]")));
        assert!(one.contains("with_csp"));
    }
    refused("#[csp(img_src(self))]", "AUTH020", "does not say who may call [AUTH020]\nhelp: add `#[protected]`");
    refused_in_both_orders("#[public] #[csp(img_src(self))]", "#[csp(font_src(self))]", "AUTH021");
    refused(
        "#[public] #[csp(img_src(self))] #[csp(font_src(self))]",
        "AUTH021",
        "help: join them: `#[csp(img_src(self), font_src(self))]`",
    );
}

#[test]
fn an_unknown_directive_names_the_nearest() {
    for (typed, meant) in [
        ("image_src", "img_src"),
        ("imgSrc", "img_src"),
        ("IMG_SRC", "img_src"),
        ("frame_ancestor", "frame_ancestors"),
        ("scripts", "script_src"),
        ("frameguard", "frame_ancestors"),
        ("script", "script_src"),
    ] {
        let text = format!("unknown directive `{typed}` [AUTH180]\nhelp: did you mean `{meant}`?");
        told(&format!("{typed}(self)"), "AUTH180", &text);
    }
    told("img-sorce(self)", "AUTH180", "help: did you mean `img_src`?");
    told("nonsense(self)", "AUTH180", "note: directives are those of CSP level 3");
}

#[test]
fn a_directive_that_browsers_dropped_or_that_is_the_services_is_told() {
    for (typed, help) in [
        ("report_uri(\"/reports\")", "help: reports go to one address for the whole service: `Csp::report_to`"),
        ("report-to(csp)", "help: reports go to one address"),
        ("plugin_types(\"application/pdf\")", "help: write `object_src(none)`; it keeps out plug-ins"),
        ("block_all_mixed_content", "help: remove it; browsers block mixed content by themselves"),
        ("upgrade-insecure-requests", "help: remove it; `https://`"),
        ("prefetch_src(self)", "help: remove it; browsers dropped it"),
        ("require_trusted_types_for(script)", "help: Trusted Types hold for the whole service"),
    ] {
        told(&format!("img_src(self), {typed}"), "AUTH181", help);
    }
}

#[test]
fn a_directive_is_given_once() {
    told("img_src(self), img_src(\"data:\")", "AUTH182", "`img-src` is given twice [AUTH182]\nhelp: join the lists");
    told("img_src(self), img-src(\"'self'\")", "AUTH182", "help: remove it");
}

#[test]
fn the_notations_of_others_are_answered_with_ours() {
    for (typed, ours) in [
        ("img_src = \"'self' https://cdn.example\"", "img_src(self, \"https://cdn.example\")"),
        ("IMG_SRC = (\"'self'\", \"data:\")", "img_src(self, \"data:\")"),
        ("imgSrc: [\"'self'\", \"data:\"]", "img_src(self, \"data:\")"),
        ("\"img-src\": [\"'self'\"]", "img_src(self)"),
        ("img_src = [self, SELF]", "img_src(self)"),
        ("img_src[\"'self'\"]", "img_src(self)"),
        ("img_src = []", "img_src(none)"),
        ("imgSrc: none", "img_src(none)"),
        ("style_src = [csp.constants.SELF, NONCE]", "style_src(self, nonce)"),
        ("\"img-src 'self' data:; object-src 'none'\"", "img_src(self, \"data:\"), object_src(none)"),
        ("policyDirectives(\"img-src 'self'\")", "img_src(self)"),
        ("directives: { imgSrc: [\"'self'\"], \"object-src\": [\"'none'\"] }", "img_src(self), object_src(none)"),
        ("directives = {\"img-src\": [SELF]}", "img_src(self)"),
        ("{ imgSrc: [\"'self'\"] }", "img_src(self)"),
        ("\"sandbox allow-forms\"", "sandbox(allow_forms)"),
        ("sandbox()", "sandbox"),
    ] {
        told(typed, "AUTH183", &format!("help: write `{ours}`"));
        accepted(&csp(ours));
    }
    told("script_src = \"'unsafe-inline'\"", "AUTH183", "give it as in `script_src(unsafe_inline)`, with a `because`");
    told("img_src", "AUTH183", "help: list the sources, as in `img_src(self, \"https://cdn.example.com\")`");
    told("img_src = f()", "AUTH183", "help: give it as in `img_src(self");
    told("\"upgrade\"", "AUTH183", "help: give it as in");
    told("img_src(self),, font_src(self)", "AUTH183", "help: remove it");
}

#[test]
fn an_unknown_source_names_the_one_that_was_meant() {
    for (typed, ours) in [
        ("\"self\"", "self"),
        ("\"unsafe-inline\"", "unsafe_inline"),
        ("\"'selff'\"", "self"),
        ("slef", "self"),
        ("unsafe_inlin", "unsafe_inline"),
        ("\"'nonce-abc'\"", "nonce"),
        ("\"nonce\"", "nonce"),
        ("\"data\"", "\"data:\""),
        ("data", "\"data:\""),
        ("data:", "\"data:\""),
        ("blob", "\"blob:\""),
        ("*", "\"*\""),
        ("Source::SELF", "self"),
        ("\"https://*\"", "\"https:\""),
        ("\"//cdn.example\"", "\"https://cdn.example\""),
        ("\"htps:\"", "\"https:\""),
    ] {
        told(&format!("style_src({typed})"), "AUTH184", &format!("help: write `{ours}`"));
        accepted(&csp(&format!("style_src({ours})")));
    }
    for (typed, advice) in [
        ("\"cdn\"", "help: name a host"),
        ("cdn", "help: keywords are `self`"),
        ("\"javascript:\"", "help: name a host"),
        ("\"ftp://a.example\"", "help: name a host"),
        ("\"https://\"", "help: name a host"),
        ("\"https://a..example\"", "help: name a host"),
        ("\"https://a.*.example\"", "help: name a host"),
        ("\"a.example:http\"", "help: name a host"),
        ("\"'sha256-abc'\"", "help: a hash is"),
        ("5", "help: write a keyword"),
        ("f(x)", "help: write a keyword"),
    ] {
        told(&format!("style_src({typed})"), "AUTH184", advice);
    }
    told("sandbox(allow_form)", "AUTH184", "help: write `allow_forms`");
    told("sandbox(\"allow form\")", "AUTH184", "is nothing that `sandbox` allows");
}

/// A character that ends a source, a directive or a field would let a source add another one.
#[test]
fn no_source_adds_a_directive_or_a_field() {
    for (typed, help) in [
        ("'self' https://a.example", "help: write `self, \"https://a.example\"`"),
        ("https://a.example, https://b.example", "help: write `\"https://a.example\", \"https://b.example\"`"),
        (" https://a.example", "help: write `\"https://a.example\"`"),
        ("https://a.example; script-src *", "help: give each directive its own list"),
        ("https://a.example\\r\\nset-cookie: x", "help: give each source its own string"),
        ("https://a.example\\u{0}", "cannot contain '\\0'"),
        ("https://m\u{fc}nchen.example", "help: write the host in its ASCII form"),
        ("https://a.example\\\\", "cannot contain '\\\\'"),
        ("https://user@a.example", "cannot contain '@'"),
        ("", "a source is empty"),
        ("https://a.example/x?y=1", "help: write `\"https://a.example/x\"`"),
    ] {
        told(&format!("img_src(\"{typed}\")"), "AUTH185", help);
    }
}

#[test]
fn a_list_is_none_or_has_sources() {
    told("img_src()", "AUTH040", "help: write `img_src(none)`; an empty list allows nothing");
    told("img_src(none, \"https://a.example\")", "AUTH186", "help: remove it; browsers would ignore it");
    told("img_src(self, \"'self'\")", "AUTH043", "`\"'self'\"` is named twice [AUTH043]\nhelp: remove it");
    told("img_src(self,, \"data:\")", "AUTH033", "no source stands before this comma");
    for nothing in ["#[csp]", "#[csp()]", "#[csp(because = \"x\")]", "#[csp(crate = a)]"] {
        refused(&format!("#[public] {nothing}"), "AUTH040", "no directive is given");
    }
}

#[test]
fn content_in_clear_text_is_refused() {
    told("img_src(\"http://a.example\")", "AUTH187", "help: write `\"https://a.example\"`");
    told("img_src(\"http:\")", "AUTH187", "help: write `\"https:\"`");
    told("connect_src(\"ws://a.example\")", "AUTH187", "help: write `\"wss://a.example\"`");
    told("connect_src(\"http://localhost.evil.example\")", "AUTH187", "clear text");
}

#[test]
fn a_source_stands_where_it_has_an_effect() {
    told("img_src(nonce)", "AUTH188", "`nonce` has no effect in `img_src`: it belongs in `default_src`");
    told("style_src_attr(nonce)", "AUTH188", "`nonce` has no effect");
    told("style_src(unsafe_eval)", "AUTH188", "belongs in `default_src` or `script_src`");
    told("font_src(strict_dynamic)", "AUTH188", "no effect in `font_src`");
    told("script_src(strict_dynamic)", "AUTH188", "help: write `nonce, strict_dynamic`");
    told("frame_ancestors(\"https://a.example/\")", "AUTH188", "help: write `\"https://a.example\"`");
}

#[test]
fn an_opening_says_why() {
    for open in [
        "script_src(self, unsafe_inline)",
        "script_src(unsafe-eval)",
        "script_src(\"*\")",
        "default_src(\"https:\")",
        "script_src_elem(\"data:\")",
        "object_src(\"*\")",
        "worker_src(\"blob:\")",
        "base_uri(\"*\")",
        "frame_ancestors(\"*\")",
    ] {
        told(open, "AUTH189", "and no reason is given [AUTH189]\nhelp: add `because = \"");
        let policy = accepted(&csp(&format!("{open}, because = \"the charts need it\"")));
        assert!(policy.contains("with_reason (\"the charts need it\")"), "{policy}");
    }
    told("script_src(unsafe_eval), because = \"\"", "AUTH041", "the reason is empty");
    told("script_src(unsafe_eval), reason = \"x\"", "AUTH030", "help: write `because = \"x\"`");
    told("script_src(unsafe_eval), because = x", "AUTH032", "a string belongs here");
}

#[test]
fn a_directive_in_another_attribute_is_told_its_place() {
    refused("#[public(img_src(self))]", "AUTH030", "help: it belongs in `#[csp(img_src(self))]`");
    refused("#[protected(csp(img_src(self)))]", "AUTH030", "help: it belongs in `#[csp(img_src(self))]`");
    refused("#[public] #[csp(img_src(self), burst = 3)]", "AUTH030", "help: it belongs in `#[rate_limit(10/min, ");
}
