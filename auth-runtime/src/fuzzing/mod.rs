//! What the fuzzer calls, and a test that calls it with inputs that were found. It is in no build but those two.
//!
//! Each function gives any bytes to a parser of outside text, and asserts what must hold then.

mod bodies;
mod files;
mod headers;
mod passwords;
mod settings;
#[cfg(test)]
mod tests;
mod text;
mod tokens;

/// A name, and the function that it runs. The inputs of a target are in the folder of its name.
pub type Target = (&'static str, fn(&[u8]));

/// All targets of this crate.
pub const TARGETS: [Target; 22] = [
    ("api_key", tokens::api_key),
    ("archive", files::archive),
    ("authorization", headers::authorization),
    ("claims", tokens::claims),
    ("cookie", headers::cookie),
    ("dotenv", settings::dotenv),
    ("form_body", bodies::form),
    ("forwarded", headers::forwarded),
    ("host", headers::host),
    ("input_rules", bodies::rules),
    ("json_body", bodies::json),
    ("jwk", tokens::jwk),
    ("magic_bytes", files::magic_bytes),
    ("origin", headers::origin),
    ("query", bodies::query),
    ("range", files::range),
    ("settings", settings::settings),
    ("stored_hash", passwords::stored_hash),
    ("token", tokens::token),
    ("token_header", tokens::header),
    ("upload_body", files::upload_body),
    ("upload_name", files::upload_name),
];
