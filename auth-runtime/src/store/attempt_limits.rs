/// The limits of failed attempts and of known clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AttemptLimits {
    /// How many attempts in a row may fail under one counter; 100 by default, the highest number that NIST SP 800-63B
    /// allows.
    pub max_failures: u32,
    /// How long a counter lasts after the last attempt that it counted, in seconds; one day by default.
    pub cool_down_seconds: i64,
    /// The highest number of known clients of an account; 10 by default.
    pub known_clients: u32,
    /// How long a client stays known after its last sign-in, in seconds; 90 days by default.
    pub known_client_seconds: i64,
}

impl Default for AttemptLimits {
    fn default() -> Self {
        const DAY: i64 = 24 * 60 * 60;
        Self { max_failures: 100, cool_down_seconds: DAY, known_clients: 10, known_client_seconds: 90 * DAY }
    }
}
