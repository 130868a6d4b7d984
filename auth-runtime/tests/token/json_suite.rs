//! JSONTestSuite through headers and claims, which go through the same strict reader.

use std::{collections::BTreeMap, fs, path::PathBuf};

use auth_runtime::token::{Algorithm, JoseError, TokenError};

use crate::support::{NOW, ring, sign, vector_path, verifier};

const HEADER: &[u8] = br#"{"typ":"at+jwt","alg":"HS256"}"#;

/// Returns the documents of a folder by name.
fn documents(folder: &str) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(vector_path(&format!("json-test-suite/{folder}"))).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .map(|path: PathBuf| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(path).unwrap()))
        .collect()
}

fn verify(header: &[u8], claims: &[u8]) -> Result<(), TokenError> {
    verifier(ring(Algorithm::HS256)).verify(&sign(header, claims), NOW, |_| ())
}

/// Verifies valid claims with a document as the value of an unknown member.
fn as_claim(document: &[u8]) -> Result<(), TokenError> {
    let rest = br#","iss":"https://id.example","sub":"a","aud":"notes","exp":1800000060,"iat":1800000000,"jti":"1","client_id":"c"}"#;
    verify(HEADER, &[br#"{"x":"#, document, rest].concat())
}

fn as_header(document: &[u8]) -> Result<(), TokenError> {
    let rest = br#","typ":"at+jwt","alg":"HS256"}"#;
    let claims = br#"{"iss":"https://id.example","sub":"a","aud":"notes","exp":1800000060,"iat":1800000000,"jti":"1","client_id":"c"}"#;
    verify(&[br#"{"x":"#, document, rest].concat(), claims)
}

fn expected(name: &str, result: Result<(), TokenError>) -> bool {
    // The suite leaves it to the reader whether names may be equal. This reader refuses equal names.
    let is_duplicate = name.starts_with("y_object_duplicated_key");
    match name.as_bytes()[0] {
        b'y' if is_duplicate => {
            matches!(result, Err(TokenError::ClaimsDuplicate | TokenError::Jose(JoseError::HeaderDuplicate)))
        }
        b'y' => result.is_ok(),
        b'n' => result.is_err(),
        _ => true,
    }
}

#[test]
fn documents_inside_claims_and_headers_are_judged_as_listed() {
    let documents = documents("test_parsing");
    assert_eq!(documents.len(), 318);
    for (name, document) in documents {
        assert!(expected(&name, as_claim(&document)), "{name}: {:?}", as_claim(&document));
        assert!(expected(&name, as_header(&document)), "{name}: {:?}", as_header(&document));
    }
}

/// On their own, no document is a set of claims or a header. A document that is an object is refused for a missing
/// member, and every other document because it is not an object.
#[test]
fn documents_as_claims_and_headers_are_refused_for_what_they_are() {
    for (name, document) in documents("test_parsing") {
        let (claims, header) = (verify(HEADER, &document).unwrap_err(), verify(&document, b"{}").unwrap_err());
        let is_object = document.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
        if name.starts_with("y_object_duplicated_key") {
            assert_eq!(claims, TokenError::ClaimsDuplicate, "{name}");
            assert_eq!(header, TokenError::Jose(JoseError::HeaderDuplicate), "{name}");
        } else if name.starts_with("y_") && is_object {
            assert!(matches!(claims, TokenError::ClaimMissing(_)), "{name}: {claims:?}");
            assert_eq!(header, TokenError::Jose(JoseError::HeaderMember), "{name}");
        } else if name.starts_with("y_") {
            assert_eq!(claims, TokenError::ClaimsMalformed, "{name}");
            assert_eq!(header, TokenError::Jose(JoseError::HeaderMalformed), "{name}");
        } else {
            assert!(!matches!(claims, TokenError::ClaimMissing(_)) || name.starts_with("i_"), "{name}: {claims:?}");
        }
    }
}

/// Pins the result for documents that parsers are known to read differently.
#[test]
fn documents_that_parsers_read_differently_have_one_answer() {
    let refused = [
        "object_same_key_different_values.json",
        "object_same_key_same_value.json",
        "object_same_key_unclear_values.json",
        "string_1_escaped_invalid_codepoint.json",
        "string_1_invalid_codepoint.json",
        "string_2_escaped_invalid_codepoints.json",
        "string_2_invalid_codepoints.json",
        "string_3_escaped_invalid_codepoints.json",
        "string_3_invalid_codepoints.json",
    ];
    let documents = documents("test_transform");
    assert_eq!(documents.len(), 22);
    for (name, document) in documents {
        assert_eq!(as_claim(&document).is_err(), refused.contains(&&*name), "{name}: {:?}", as_claim(&document));
        assert_eq!(as_header(&document).is_err(), refused.contains(&&*name), "{name}: {:?}", as_header(&document));
    }
}
