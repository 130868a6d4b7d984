async fn upload(
    _: ::auth_runtime::Guard<__upload_policy>,
    State(files): State<Files>,
    body: Multipart,
) {}
#[doc(hidden)]
struct __upload_policy;
impl ::auth_runtime::HasPolicy for __upload_policy {
    const POLICY: ::auth_runtime::Policy = ::auth_runtime::Policy::public(
            ::core::concat!(::core::module_path!(), "::", "upload"),
        )
        .with_max_body_bytes(2097152u64)
        .with_max_body_seconds(10u32);
    type Checks = ();
}
const _: () = {
    use ::auth_runtime::__private::Blanket as _;
    if ::auth_runtime::__private::Probe::<State<Files>>::NEEDS_IDENTITY {
        ::core::panic!(
            "{}",
            "a `#[public]` handler takes an identity, which not every caller has [AUTH023]\nhelp: take an `Option<..>` of it, or write `#[protected]`"
        )
    }
};
const _: () = {
    use ::auth_runtime::__private::Blanket as _;
    if ::auth_runtime::__private::Probe::<Multipart>::NEEDS_IDENTITY {
        ::core::panic!(
            "{}",
            "a `#[public]` handler takes an identity, which not every caller has [AUTH023]\nhelp: take an `Option<..>` of it, or write `#[protected]`"
        )
    }
};
const _: () = {
    use ::auth_runtime::__private::Blanket as _;
    if ::auth_runtime::__private::Probe::<Multipart>::LEAVES_BODY
        || (::auth_runtime::__private::Probe::<Multipart>::READS_PARTS
            && !::auth_runtime::__private::Probe::<Multipart>::READS_BODY)
    {
        ::core::panic!(
            "{}",
            "`#[body]` bounds nothing: no argument reads the body [AUTH173]\nhelp: remove `#[body]`, or take the body as the last argument"
        )
    }
    if ::auth_runtime::__private::Probe::<Multipart>::LARGEST_UPLOAD >= 2097152u64 {
        ::core::panic!(
            "{}",
            "`#[body]` has no room for a file that the upload takes [AUTH208]\nhelp: raise `max` of `#[body]` above `max` of `#[upload]`, or lower that of `#[upload]`"
        )
    }
};
