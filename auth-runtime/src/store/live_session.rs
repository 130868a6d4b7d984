use super::SessionRecord;
use crate::clock::UnixTime;

impl SessionRecord {
    /// Returns whether the session can be used at this time.
    pub fn is_live(&self, now: UnixTime) -> bool {
        self.ended.is_none() && now < self.idle_expires_at && now < self.absolute_expires_at
    }
}
