#[automatically_derived]
impl ::auth_runtime::upload::UploadPolicy for Photos {
    const RULES: ::auth_runtime::upload::UploadRules = ::auth_runtime::upload::UploadRules::new(
            5242880u64,
            &[
                ::auth_runtime::upload::FileType::Png,
                ::auth_runtime::upload::FileType::Zip,
            ],
        )
        .with_max_files(3u32)
        .with_max_pixels(1000000u64)
        .with_max_entries(10u32)
        .with_max_unpacked(2000000u64);
}
