use core::time::Duration;

use tokio::time::Instant;

/// How long the parts are in which HTTP/2 gets an answer.
///
/// h2 holds a part until the client takes it. hyper asks for the next part only then, and so a client that takes
/// nothing is found out. A long answer in one part would leave hyper's task, and wait in h2 alone.
///
/// A slow client with many requests would seem to take nothing if the parts were long. Short parts cost the processor
/// more. So the parts are long while the client takes them quickly.
#[derive(Debug)]
pub(super) struct Parts {
    /// A part that the client takes within this time is taken quickly.
    quickly: Duration,
    /// When the last part was given, and its length.
    last: Option<(Instant, usize)>,
    /// How many bytes the client has taken quickly, one part after the other.
    taken: usize,
}

const SHORT: usize = 8 * 1024;
const LONG: usize = 64 * 1024;

/// This many bytes taken quickly make the next part a long one. They are more than HTTP/2 lets come by default before
/// the client has taken any.
const ENOUGH: usize = 128 * 1024;

impl Parts {
    /// `stall` is the time in which the client has to take a part. A client that takes 8 KiB in a thirty-second of it
    /// takes 64 KiB in a quarter.
    pub(super) fn new(stall: Duration) -> Self {
        Self { quickly: stall.checked_div(32).unwrap_or_default(), last: None, taken: 0 }
    }

    /// Returns how many of these bytes are the next part.
    pub(super) fn next(&mut self, bytes: usize) -> usize {
        let now = Instant::now();
        self.taken = match self.last {
            Some((given, length)) if now.duration_since(given) <= self.quickly => self.taken.saturating_add(length),
            _ => 0,
        };
        let part = bytes.min(if self.taken < ENOUGH { SHORT } else { LONG });
        self.last = Some((now, part));
        part
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn parts_are_long_while_the_client_takes_them_quickly() {
        let mut parts = Parts::new(Duration::from_secs(32));
        for _ in 0..16 {
            assert_eq!(parts.next(1_000_000), SHORT);
            advance(Duration::from_secs(1)).await;
        }
        for _ in 0..3 {
            assert_eq!(parts.next(1_000_000), LONG);
            advance(Duration::from_secs(1)).await;
        }
        advance(Duration::from_millis(1)).await;
        for _ in 0..16 {
            assert_eq!(parts.next(1_000_000), SHORT, "the last one was taken slowly");
        }
        assert_eq!(parts.next(1_000_000), LONG);
    }

    #[tokio::test(start_paused = true)]
    async fn short_pieces_of_the_application_tell_little() {
        let mut parts = Parts::new(Duration::from_secs(32));
        for _ in 0..1_000 {
            assert_eq!(parts.next(100), 100);
        }
        assert_eq!(parts.next(1_000_000), SHORT);
    }
}
