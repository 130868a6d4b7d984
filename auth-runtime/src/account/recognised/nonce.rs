use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign, verify};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    clock::UnixTime,
    secret::{Entropy, EntropyError},
    session::CLOCKS_APART,
    token::SignInNonce,
};

/// Seconds for which a sign-in may take.
pub(super) const LIFETIME: i64 = 600;

/// The kind of client that keeps the nonce. The state of the one kind is worth nothing to the other.
#[derive(Clone, Copy)]
pub(super) enum Keeper {
    Browser,
    App,
}

/// Returns a new state for the client that keeps this nonce. It names the second in which it ends.
///
/// The key is derived from the nonce, which is stored nowhere. So a state belongs to one client, and the client can
/// only mislead itself. An attacker who knows a state cannot use it in another browser: no attacker can plant the
/// cookie.
///
/// # Errors
/// Returns an error when there is no randomness.
pub(super) fn mint(
    nonce: &SignInNonce,
    keeper: Keeper,
    now: UnixTime,
    entropy: &dyn Entropy,
) -> Result<String, EntropyError> {
    let mut random = [0; RANDOM];
    entropy.fill(&mut random)?;
    let ends = now.plus_seconds(LIFETIME).as_seconds().to_be_bytes();
    let signed = [ends.as_slice(), &random].concat();
    let tag = sign(&key(nonce, keeper), &signed);
    Ok(URL_SAFE_NO_PAD.encode([&signed, tag.as_ref()].concat()))
}

/// Checks that the state was made for the client that keeps this nonce, and has not ended. Compares in constant time.
///
/// # Errors
/// Returns the reason for the operator.
pub(super) fn check(nonce: &SignInNonce, keeper: Keeper, state: &str, now: UnixTime) -> Result<(), &'static str> {
    let mut bytes = [0; ENDS + RANDOM + TAG];
    if state.len() != TEXT || URL_SAFE_NO_PAD.decode_slice(state, &mut bytes) != Ok(bytes.len()) {
        return Err("sign_in_state_form");
    }
    let Some((signed, tag)) = bytes.split_first_chunk::<{ ENDS + RANDOM }>() else { return Err("sign_in_state_form") };
    verify(&key(nonce, keeper), signed, tag).map_err(|_| "sign_in_state_of_another")?;
    let ends = signed.first_chunk().map_or(i64::MIN, |ends| i64::from_be_bytes(*ends));
    let left = UnixTime::from_seconds(ends).seconds_since(now);
    // The clock of the process that began the sign-in may be ahead.
    if (1..=LIFETIME + CLOCKS_APART).contains(&left) { Ok(()) } else { Err("sign_in_state_expired") }
}

fn key(nonce: &SignInNonce, keeper: Keeper) -> Key {
    let purpose: &[u8] = match keeper {
        Keeper::Browser => b"auth-runtime sign-in of a browser",
        Keeper::App => b"auth-runtime sign-in of an app",
    };
    let of_nonce = Key::new(HMAC_SHA256, nonce.expose().as_bytes());
    Key::new(HMAC_SHA256, sign(&of_nonce, purpose).as_ref())
}

const ENDS: usize = 8;
const RANDOM: usize = 16;
const TAG: usize = 32;
/// The length of a state: 56 bytes in base64url.
const TEXT: usize = 75;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::SystemEntropy;

    const NOW: UnixTime = UnixTime::from_seconds(1_800_000_000);

    fn nonce() -> SignInNonce {
        SignInNonce::mint(&SystemEntropy::new()).unwrap()
    }

    fn minted(nonce: &SignInNonce) -> String {
        mint(nonce, Keeper::Browser, NOW, &SystemEntropy::new()).unwrap()
    }

    #[test]
    fn a_state_is_good_for_its_client_for_ten_minutes() {
        let nonce = nonce();
        let state = minted(&nonce);
        for (seconds, expected) in [
            (0, Ok(())),
            (599, Ok(())),
            (600, Err("sign_in_state_expired")),
            (-300, Ok(())),
            (-301, Err("sign_in_state_expired")),
        ] {
            let at = NOW.plus_seconds(seconds);
            assert_eq!(check(&nonce, Keeper::Browser, &state, at), expected, "{seconds}");
        }
        assert_eq!(check(&nonce, Keeper::App, &state, NOW), Err("sign_in_state_of_another"));
        assert_eq!(check(&self::nonce(), Keeper::Browser, &state, NOW), Err("sign_in_state_of_another"));
        assert_ne!(state, minted(&nonce));
    }

    #[test]
    fn altered_and_invented_states_are_refused() {
        let nonce = nonce();
        let state = minted(&nonce);
        for at in 0..state.len() {
            let mut altered = state.clone().into_bytes();
            altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8(altered).unwrap();
            assert!(check(&nonce, Keeper::Browser, &altered, NOW).is_err(), "character {at}");
        }
        let unsigned = URL_SAFE_NO_PAD.encode([0; 56]);
        for other in ["", "A", nonce.expose(), &state[..74], &format!("{state}="), &format!("{state}A"), &unsigned] {
            assert!(check(&nonce, Keeper::Browser, other, NOW).is_err(), "{other}");
        }
    }
}
