use quote::quote;

use crate::harness::{assert_problems, expand, policy_of, problems};

/// Returns the problems of a handler with a body under these attributes.
fn found(attributes: &str) -> Vec<String> {
    let attributes: proc_macro2::TokenStream = attributes.parse().unwrap();
    problems(quote!(#attributes async fn f(body: Bytes) {}))
}

#[track_caller]
fn refused(attributes: &str, code: &str, text: &str) {
    let texts = found(attributes);
    let fits = matches!(texts.as_slice(), [one] if one.contains(code) && one.contains(text));
    assert!(fits, "{attributes}: {texts:#?}");
}

#[track_caller]
fn accepted(attributes: &str) -> String {
    assert_eq!(found(attributes), [""; 0], "{attributes}");
    let attributes: proc_macro2::TokenStream = attributes.parse().unwrap();
    policy_of(expand(quote!(#attributes async fn f(body: Bytes) {})))
}

#[test]
fn bounds_are_read_in_every_form() {
    for (options, expected) in [
        ("max = 2 MiB", "with_max_body_bytes (2097152u64)"),
        ("max = 2MiB", "with_max_body_bytes (2097152u64)"),
        ("max = \"2 MiB\"", "with_max_body_bytes (2097152u64)"),
        ("max = \"2MiB\"", "with_max_body_bytes (2097152u64)"),
        ("max = 2 MB", "with_max_body_bytes (2000000u64)"),
        ("max = 1_000 kB", "with_max_body_bytes (1000000u64)"),
        ("max = 3 KB", "with_max_body_bytes (3000u64)"),
        ("max = 64 KiB", "with_max_body_bytes (65536u64)"),
        ("max = 5 GiB", "with_max_body_bytes (5368709120u64)"),
        ("max = 1 GB", "with_max_body_bytes (1000000000u64)"),
        ("max = 1 B", "with_max_body_bytes (1u64)"),
        ("max = 100 bytes", "with_max_body_bytes (100u64)"),
        ("max = 18446744073709551615 B", "with_max_body_bytes (18446744073709551615u64)"),
        ("within = 10 s", "with_max_body_seconds (10u32)"),
        ("within = 10s", "with_max_body_seconds (10u32)"),
        ("within = \"10 s\"", "with_max_body_seconds (10u32)"),
        ("within = 10 sec", "with_max_body_seconds (10u32)"),
        ("within = 2 minutes", "with_max_body_seconds (120u32)"),
        ("within = 1 hour", "with_max_body_seconds (3600u32)"),
    ] {
        let policy = accepted(&format!("#[public] #[body({options})]"));
        assert!(policy.contains(expected), "{options}: {policy}");
        assert_eq!(policy.matches("max_body").count(), 1, "{options}: {policy}");
    }
    let both = accepted("#[public] #[body(within = 10 s, max = 2 MiB)]");
    assert_eq!(both, accepted("#[body(max = \"2 MiB\", within = 10 sec)] #[public]"));
    assert!(!accepted("#[public]").contains("max_body"));
}

#[test]
fn a_bound_admits_some_body() {
    refused("#[public] #[body(max = 0 MiB)]", "AUTH171", "a size of zero");
    refused("#[public] #[body(max = \"0 B\")]", "AUTH171", "a size of zero");
    refused("#[public] #[body(within = 0 s)]", "AUTH171", "help: write `1 sec`");
    refused("#[public] #[body(max = 99999999999 GiB)]", "AUTH065", "more than 64 bits");
    refused("#[public] #[body(max = 99999999999999999999 B)]", "AUTH065", "more than 64 bits");
    refused("#[public] #[body(within = 99999999999 s)]", "AUTH065", "is too large");
    refused("#[public] #[body(within = 400 days)]", "AUTH064", "help: write `366 days`");
}

#[test]
fn sizes_and_times_of_others_become_ours() {
    for (option, code, help) in [
        ("max = 2mb", "AUTH172", "write `2 MB`"),
        ("max = 2 mb", "AUTH172", "write `2 MB`"),
        ("max = \"2mb\"", "AUTH172", "write `2 MB`"),
        ("max = 2 Mib", "AUTH172", "write `2 MiB`"),
        ("max = 2M", "AUTH172", "write `2 MB`"),
        ("max = 1 TB", "AUTH172", "write `1000 GB`"),
        ("max = 2 Mbi", "AUTH172", "did you mean `MiB`?"),
        ("max = 2097152", "AUTH032", "write `2 MiB`"),
        ("max = 2 * 1024 * 1024", "AUTH032", "write `2 MiB`"),
        ("max = \"2097152\"", "AUTH032", "write `2 MiB`"),
        ("max = 1.5 MiB", "AUTH032", "write `1536 KiB`"),
        ("max = MAX_UPLOAD", "AUTH032", "give it as in `max = 2 MiB`"),
        ("max = MiB", "AUTH032", "give it as in `max = 2 MiB`"),
        ("max(2 MiB)", "AUTH032", "write `max = 2 MiB`"),
        ("max: 2 MiB", "AUTH032", "write `max = 2 MiB`"),
        ("max", "AUTH032", "give it as in `max = 2 MiB`"),
        ("within = 10", "AUTH032", "write `10 sec`"),
        ("within = Duration::from_secs(10)", "AUTH032", "write `10 sec`"),
        ("within = 500 ms", "AUTH061", "unknown time unit `ms`"),
        ("within = 2 m", "AUTH061", "write `2 min`"),
        ("size = 2 MiB", "AUTH030", "write `max = 2 MiB`"),
        ("max_size = \"2mb\"", "AUTH030", "write `max = 2 MB`"),
        ("limit = 2 MiB", "AUTH030", "write `max = 2 MiB`"),
        ("timeout = 10 s", "AUTH030", "write `within = 10 sec`"),
        ("mx = 2 MiB", "AUTH030", "did you mean `max`?"),
        ("2 MiB", "AUTH033", "write `max = 2 MiB`"),
        ("\"2 MiB\"", "AUTH033", "write `max = 2 MiB`"),
        ("10 s", "AUTH033", "write `within = 10 sec`"),
        ("max = 1 MiB, max = 2 MiB", "AUTH031", "keep one"),
    ] {
        let text = if code == "AUTH061" && option.contains("ms") { help.to_owned() } else { format!("help: {help}") };
        refused(&format!("#[public] #[body({option})]"), code, &text);
    }
}

#[test]
fn an_attribute_without_bounds_says_nothing() {
    for nothing in ["#[body]", "#[body()]", "#[body(crate = a)]"] {
        refused(&format!("#[public] {nothing}"), "AUTH170", "help: write `#[body(max = 2 MiB, within = 10 sec)]`");
    }
}

#[test]
fn it_is_given_once_and_not_alone() {
    for order in ["#[body(max = 1 MiB)] #[body(within = 10 s)]", "#[body(within = 10 s)] #[body(max = 1 MiB)]"] {
        refused(&format!("#[public] {order}"), "AUTH021", "help: join them: `#[body(");
    }
    refused("#[public] #[body(max = 1 MiB)] #[body(max = 2 MiB)]", "AUTH021", "help: keep one");
    refused("#[public] #[body(max = 1 MiB)] #[body(max = 1 MiB)]", "AUTH021", "help: remove it");
    refused(
        "#[body(max = 1 MiB)]",
        "AUTH020",
        "help: add `#[protected]`\nnote: for everyone, add `#[public(because = \"…\")]`",
    );
}

#[test]
fn bounds_in_another_attribute_are_told_where_they_belong() {
    refused("#[public(max = 2 MiB)]", "AUTH030", "help: write `#[public] #[body(max = 2 MiB)]`");
    refused("#[protected(max = \"2mb\")]", "AUTH030", "help: write `#[protected] #[body(max = 2 MB)]`");
    refused("#[public(within = 10 s)]", "AUTH030", "help: write `#[public] #[body(within = 10 sec)]`");
    refused("#[public] #[body(max = 1 MiB, 10/min)]", "AUTH033", "#[rate_limit(10/min)]");
    // The words mean something else there.
    refused("#[protected(within = 5 min)]", "AUTH030", "help: write `fresh = 5 min`");
}

#[test]
fn a_handler_without_arguments_takes_no_body() {
    assert_problems(
        quote!(
            #[protected]
            #[body(max = 1 MiB)]
            async fn f() {}
        ),
        &[("AUTH173", "`f` takes no body [AUTH173]\nhelp: remove it")],
    );
}

/// The compiler decides whether the last argument may read the body.
#[test]
fn the_last_argument_is_asked() {
    let asked = |item| expand(item).to_string().contains("LEAVES_BODY");
    assert!(asked(quote!(
        #[public]
        #[body(max = 1 B)]
        async fn f(a: State<App>) {}
    )));
    assert!(!asked(quote!(
        #[public]
        async fn f(a: State<App>) {}
    )));
    assert!(!asked(quote!(
        #[public]
        #[body(max = 1 B)]
        async fn f<T>(a: Json<T>) {}
    )));
    assert!(!asked(quote!(
        #[public]
        #[body(max = 1 B)]
        async fn f(a: State<App>, #[cfg(x)] b: Bytes) {}
    )));
}
