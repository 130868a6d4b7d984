use core::{hint::select_unpredictable, num::NonZeroU64};

/// The keyed hash that stands for a key, whatever the key's type.
///
/// Two of a million live keys share a counter with a probability of 3 in 10^8.
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

/// An open-addressing table of 16-byte cells, a key's hash and its TAT, in groups of one cache line each.
///
/// A key's home is its hash scaled to the number of groups, so that any number will do. A group fills from the front,
/// and what finds no place there goes to the next. A lookup reads one line in most cases, and compares its cells
/// without a branch on each. Nothing is ever taken out: a rebuild leaves the expired cells behind.
#[derive(Debug, Default)]
pub(super) struct Cells {
    groups: Box<[Group]>,
    used: usize,
}

#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Group([Cell; 4]);

/// Unused while the hash is zero, which no key's is.
#[derive(Clone, Copy, Debug)]
struct Cell {
    hash: u64,
    tat: u64,
}

/// How many cells of a group are in use on average when the table is as full as it gets.
const LOAD: usize = 3;

/// What a new table has at least.
const MIN_GROUPS: usize = 2;

impl Cells {
    /// Where the key's state is, if it has any.
    #[inline(always)]
    pub(super) fn find(&self, key: KeyHash) -> Option<Found> {
        let group = self.home(key);
        match self.groups.get(group)?.find(key) {
            Some((cell, tat)) => Some(Found { group, cell, tat }),
            None => self.find_beyond(group, key),
        }
    }

    /// Write the state of a key that was [found](Self::find) since the table was last rebuilt.
    #[inline]
    pub(super) fn update(&mut self, found: Found, tat: u64) {
        if let Some(cell) = self.groups.get_mut(found.group).and_then(|Group(cells)| cells.get_mut(found.cell)) {
            cell.tat = tat;
        }
    }

    /// Give a new key a cell. There must be [room](Self::has_room) for it.
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

    /// Whether `more` new keys fit. One cell in four stays free, so that searches end soon.
    pub(super) const fn has_room(&self, more: usize) -> bool {
        self.used.saturating_add(more) <= self.groups.len().saturating_mul(LOAD)
    }

    /// The cells in use, expired ones among them.
    pub(super) const fn used(&self) -> usize {
        self.used
    }

    /// How many cells have not expired.
    pub(super) fn live(&self, now: u64) -> usize {
        self.cells().filter(|cell| cell.tat > now).count()
    }

    /// Move the cells that have not expired to a table for `keys` keys and half as many again, or for `most` if that
    /// is fewer. On failure to get the memory everything stays as it is.
    pub(super) fn rebuild(&mut self, keys: usize, most: usize, now: u64) -> Result<(), NoMemory> {
        let wanted = keys.saturating_add(keys.div_ceil(2)).min(most).max(keys);
        let length = wanted.div_ceil(LOAD).max(MIN_GROUPS);
        let mut groups = Vec::new();
        groups.try_reserve_exact(length).map_err(|_| NoMemory)?;
        groups.resize(length, Group([Cell { hash: 0, tat: 0 }; 4]));
        let mut fresh = Self { groups: groups.into_boxed_slice(), used: 0 };
        for cell in self.cells().filter(|cell| cell.tat > now) {
            fresh.insert(KeyHash::new(cell.hash), cell.tat);
        }
        *self = fresh;
        Ok(())
    }

    /// The heap's share.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.groups)
    }

    /// The groups from `home` on, as far as one has a free cell: a key that is in none of them has no cell.
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

    /// The upper half of the product: even over the table for an even hash, without a division.
    #[inline]
    fn home(&self, key: KeyHash) -> usize {
        (u128::from(key.get()).wrapping_mul(self.groups.len() as u128) >> 64) as usize
    }

    fn cells(&self) -> impl Iterator<Item = &Cell> {
        self.groups.iter().flat_map(|Group(cells)| cells)
    }
}

/// A key's cell and the state in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    group: usize,
    cell: usize,
    pub(super) tat: u64,
}

/// The allocator refused.
#[derive(Clone, Copy, Debug)]
pub(super) struct NoMemory;

impl Group {
    /// The key's cell and its state. Both are computed from all four cells at once: which one it is cannot be
    /// foreseen, and a wrong guess costs as much as the whole lookup.
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
