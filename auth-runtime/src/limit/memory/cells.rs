use core::{hint::select_unpredictable, num::NonZeroU64};

/// The keyed hash that represents a key of any type.
///
/// Among a million live keys, two share a counter with a probability of 3 in 10^8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct KeyHash(NonZeroU64);

impl KeyHash {
    #[inline]
    pub(super) fn new(hash: u64) -> Self {
        Self(NonZeroU64::new(hash).unwrap_or(NonZeroU64::MIN))
    }

    #[inline]
    pub(super) const fn get(self) -> u64 {
        self.0.get()
    }
}

/// An open-addressing table of 16-byte cells. A cell holds a key's hash and its TAT, and a group of four cells fills
/// one cache line.
///
/// - A key's home is its hash scaled to the number of groups, so any number of groups works.
/// - A group fills from the front. A key that does not fit goes to the next group.
/// - A look-up reads one cache line in most cases, and compares its cells without a branch for each.
/// - No cell is ever removed. A rebuild leaves the expired cells behind.
#[derive(Debug, Default)]
pub(super) struct Cells {
    groups: Box<[Group]>,
    used: usize,
}

#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Group([Cell; 4]);

/// A key's hash and its TAT. A hash of zero marks an unused cell; no key has it.
#[derive(Clone, Copy, Debug)]
struct Cell {
    hash: u64,
    tat: u64,
}

/// The average number of used cells in a group when the table is at its fullest.
const LOAD: usize = 3;

/// The minimum number of groups in a new table.
const MIN_GROUPS: usize = 2;

impl Cells {
    /// Returns the place of the key's state, if it has one.
    #[inline(always)]
    pub(super) fn find(&self, key: KeyHash) -> Option<Found> {
        let group = self.home(key);
        match self.groups.get(group)?.find(key) {
            Some((cell, tat)) => Some(Found { group, cell, tat }),
            None => self.find_beyond(group, key),
        }
    }

    /// Writes the state of a key that was [found](Self::find) since the last rebuild.
    #[inline]
    pub(super) fn update(&mut self, found: Found, tat: u64) {
        if let Some(cell) = self.groups.get_mut(found.group).and_then(|Group(cells)| cells.get_mut(found.cell)) {
            cell.tat = tat;
        }
    }

    /// Gives a new key a cell. There must be [room](Self::has_room) for it.
    pub(super) fn insert(&mut self, key: KeyHash, tat: u64) {
        let home = self.home(key);
        let (before, ahead) = self.groups.split_at_mut_checked(home).unwrap_or_default();
        for Group(cells) in ahead.iter_mut().chain(before) {
            if let Some(cell) = cells.iter_mut().find(|cell| cell.hash == 0) {
                *cell = Cell { hash: key.get(), tat };
                self.used = self.used.saturating_add(1);
                return;
            }
        }
    }

    /// Returns whether `more` new keys fit. One cell in four stays free, so that searches end soon.
    pub(super) const fn has_room(&self, more: usize) -> bool {
        self.used.saturating_add(more) <= self.groups.len().saturating_mul(LOAD)
    }

    /// Returns the number of used cells, including expired ones.
    pub(super) const fn used(&self) -> usize {
        self.used
    }

    /// Returns the number of cells that have not expired.
    pub(super) fn live(&self, now: u64) -> usize {
        self.cells().filter(|cell| cell.tat > now).count()
    }

    /// Moves the unexpired cells to a new table. It has room for `keys` keys and half as many again, but for at most
    /// `most`. When the memory is not available, the table stays unchanged.
    pub(super) fn rebuild(&mut self, keys: usize, most: usize, now: u64) -> Result<(), NoMemoryError> {
        let wanted = keys.saturating_add(keys.div_ceil(2)).min(most).max(keys);
        let length = wanted.div_ceil(LOAD).max(MIN_GROUPS);
        let mut groups = Vec::new();
        groups.try_reserve_exact(length).map_err(|_| NoMemoryError)?;
        groups.resize(length, Group([Cell { hash: 0, tat: 0 }; 4]));
        let mut fresh = Self { groups: groups.into_boxed_slice(), used: 0 };
        for cell in self.cells().filter(|cell| cell.tat > now) {
            fresh.insert(KeyHash::new(cell.hash), cell.tat);
        }
        *self = fresh;
        Ok(())
    }

    /// Returns the bytes that the table occupies on the heap.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.groups)
    }

    /// Searches the groups from `home` on, until a group has a free cell. A key outside of these groups has no cell.
    #[inline(never)]
    fn find_beyond(&self, home: usize, key: KeyHash) -> Option<Found> {
        let (before, ahead) = self.groups.split_at_checked(home)?;
        let from_home = (home..).zip(ahead).chain((0..).zip(before));
        for (group, cells) in from_home {
            if let Some((cell, tat)) = cells.find(key) {
                return Some(Found { group, cell, tat });
            }
            if cells.has_free() {
                return None;
            }
        }
        None
    }

    /// Returns the upper half of the product. It spreads an even hash evenly over the table, without a division.
    #[inline]
    fn home(&self, key: KeyHash) -> usize {
        (u128::from(key.get()).wrapping_mul(self.groups.len() as u128) >> 64) as usize
    }

    fn cells(&self) -> impl Iterator<Item = &Cell> {
        self.groups.iter().flat_map(|Group(cells)| cells)
    }
}

/// The position of a key's cell, and the state in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    group: usize,
    cell: usize,
    pub(super) tat: u64,
}

/// The error when the allocator refuses memory.
#[derive(Clone, Copy, Debug)]
pub(super) struct NoMemoryError;

impl Group {
    /// Returns the key's cell and its state. Both are computed from all four cells at once. The processor cannot
    /// predict the right cell, and a wrong prediction costs as much as the whole look-up.
    #[inline]
    fn find(&self, key: KeyHash) -> Option<(usize, u64)> {
        let [a, b, c, d] = &self.0;
        let bit = |cell: &Cell, place: u32| u32::from(cell.hash == key.get()) << place;
        let found = bit(a, 0) | bit(b, 1) | bit(c, 2) | bit(d, 3);
        if found == 0 {
            return None;
        }
        let tat = |cell: &Cell| select_unpredictable(cell.hash == key.get(), cell.tat, 0);
        Some((found.trailing_zeros() as usize, (tat(a) | tat(b)) | (tat(c) | tat(d))))
    }

    fn has_free(&self) -> bool {
        let [.., last] = &self.0;
        last.hash == 0
    }
}
