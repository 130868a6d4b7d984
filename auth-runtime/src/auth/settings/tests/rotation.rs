//! Three instances get a new signing key one after the other, and no token is refused.

use super::{GOOD, PUBLIC_EC, read};
use crate::{
    auth::{Auth, Settings},
    clock::UnixTime,
    secret::SystemEntropy,
    token::NewAccessToken,
};

const FORMER: &str = "3xQm-8fKz_pW0vNc7RtLhYb2UeAj5GsD";
const NEW: &str = "Zq9-TfBv4_mXs1KwEr6JgHu3LdPy8NcA";
const NEW_PAIR: &str = include_str!("../../../../tests/vectors/pem/ec_sec1.pem");

/// Access tokens live for a quarter of an hour.
const LIFE: i64 = 900;

type Step = &'static [(&'static str, &'static str)];

/// The table of the guide.
const SECRETS: [Step; 4] = [
    &[("SECRET_KEY", FORMER)],
    &[("SECRET_KEY", FORMER), ("SECRET_KEY_FALLBACKS", NEW)],
    &[("SECRET_KEY", NEW), ("SECRET_KEY_FALLBACKS", FORMER)],
    &[("SECRET_KEY", NEW)],
];

/// The same from a secret to a key pair.
const TO_A_PAIR: [Step; 4] = [
    &[("SECRET_KEY", FORMER)],
    &[("SECRET_KEY", FORMER), ("PUBLIC_KEYS", PUBLIC_EC)],
    &[("ALGORITHM", "ES256"), ("PRIVATE_KEY", NEW_PAIR), ("SECRET_KEY_FALLBACKS", FORMER)],
    &[("ALGORITHM", "ES256"), ("PRIVATE_KEY", NEW_PAIR)],
];

struct World {
    instances: [Auth; 3],
    now: UnixTime,
    /// Each token, and the time at which it expires.
    tokens: Vec<(String, UnixTime)>,
}

impl World {
    fn start(step: Step) -> Self {
        let instances = [instance(step), instance(step), instance(step)];
        Self { instances, now: UnixTime::from_seconds(1_800_000_000), tokens: Vec::new() }
    }

    /// Lets each instance issue a token, and returns how many times an instance refuses a token that has not expired.
    fn refusals(&mut self) -> usize {
        for instance in &self.instances {
            let token =
                instance.tokens().issue(&NewAccessToken::new("a", "b"), self.now, &SystemEntropy::new()).unwrap();
            self.tokens.push((token.expose().to_owned(), self.now.plus_seconds(LIFE)));
        }
        let good = || self.tokens.iter().filter(|(_, expires_at)| self.now < *expires_at);
        let refuses = |instance: &Auth| {
            good().filter(|(token, _)| instance.0.chain.tokens.verify(token, self.now, |_| ()).is_err()).count()
        };
        self.instances.iter().map(refuses).sum()
    }

    /// Restarts the instances with the settings of this step, one after the other, and counts the refusals meanwhile.
    fn go_to(&mut self, step: Step) -> usize {
        let mut refusals = 0;
        for number in 0..3 {
            self.instances[number] = instance(step);
            self.now = self.now.plus_seconds(5);
            refusals += self.refusals();
        }
        refusals
    }
}

fn instance(step: Step) -> Auth {
    let settings: Settings = read(&[step, &GOOD[1..]].concat()).unwrap_or_else(|told| panic!("{told}"));
    Auth::builder().settings(&settings).build().unwrap()
}

#[test]
fn verify_first_sign_next_drop_last_refuses_no_token() {
    for steps in [SECRETS, TO_A_PAIR] {
        let mut world = World::start(steps[0]);
        assert_eq!(world.refusals(), 0);
        assert_eq!(world.go_to(steps[1]), 0, "verify first");
        assert_eq!(world.go_to(steps[2]), 0, "sign next");
        world.now = world.now.plus_seconds(LIFE);
        assert_eq!(world.go_to(steps[3]), 0, "drop last");
    }
}

/// Each other order refuses tokens, so the test above can fail.
#[test]
fn each_other_order_refuses_tokens() {
    for steps in [SECRETS, TO_A_PAIR] {
        let mut world = World::start(steps[0]);
        assert!(world.refusals() == 0 && world.go_to(steps[2]) > 0, "to sign without having verified");
        let mut world = World::start(steps[2]);
        assert!(world.refusals() == 0 && world.go_to(steps[0]) > 0, "to go back two steps at once");
        let mut world = World::start(steps[1]);
        assert!(world.refusals() == 0 && world.go_to(steps[2]) == 0);
        assert!(world.go_to(steps[3]) > 0, "to drop before the tokens have expired");
    }
}

/// What one instance can see: the key that signs is listed beside, so a step was left out or done by half.
#[test]
fn a_step_that_is_done_by_half_is_a_fault_at_the_start() {
    let faults = |variables: &[(&str, &str)]| read(&[variables, &GOOD[1..]].concat()).unwrap_err().to_string();
    for halves in [
        &[("SECRET_KEY", FORMER), ("SECRET_KEY_FALLBACKS", FORMER)][..],
        &[("SECRET_KEY", NEW), ("SECRET_KEY_FALLBACKS", NEW)],
        &[("ALGORITHM", "ES256"), ("PRIVATE_KEY", NEW_PAIR), ("PUBLIC_KEYS", PUBLIC_EC)],
    ] {
        let told = faults(halves);
        assert!(told.contains("is the key that signs now"), "{told}");
    }
}
