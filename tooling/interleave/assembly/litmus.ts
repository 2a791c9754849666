// What threads of litmus tests do. Most calls are one access each: a compiler may swap two plain ones, and ours
// does, but never across two calls.
//
// Words are 64 bytes apart. A result of two values has the first as its higher decimal digit.

const X: usize = 64;
const Y: usize = 128;
const Z: usize = 192;
const COPY: usize = 512;
const BLOCK: usize = 1024;

// ---- one access

export function storeX(value: u32): void {
  store<u32>(X, value);
}

export function storeY(value: u32): void {
  store<u32>(Y, value);
}

export function storeXAtomically(value: u32): void {
  atomic.store<u32>(X, value);
}

export function storeYAtomically(value: u32): void {
  atomic.store<u32>(Y, value);
}

/** Two of the four bytes that `loadYAtomically` reads. */
export function storeHalfOfYAtomically(value: u32): void {
  atomic.store<u16>(Y, <u16>value);
}

export function loadX(): u32 {
  return load<u32>(X);
}

export function loadY(): u32 {
  return load<u32>(Y);
}

export function loadXAtomically(): u32 {
  return atomic.load<u32>(X);
}

export function loadYAtomically(): u32 {
  return atomic.load<u32>(Y);
}

export function loadZAtomically(): u32 {
  return atomic.load<u32>(Z);
}

/** X if Y is set, else 9. */
export function loadXIfY(): u32 {
  return atomic.load<u32>(Y) !== 0 ? load<u32>(X) : 9;
}

// ---- accesses that are plain or atomic

function put(at: usize, value: u32, isAtomic: bool): void {
  if (isAtomic) atomic.store<u32>(at, value);
  else store<u32>(at, value);
}

function take(at: usize, isAtomic: bool): u32 {
  return isAtomic ? atomic.load<u32>(at) : load<u32>(at);
}

// ---- version check around reads: Z is the version, X and Y are equal at rest

function writeBoth(isVersionAtomic: bool, isDataAtomic: bool): void {
  put(Z, 1, isVersionAtomic);
  put(X, 1, isDataAtomic);
  put(Y, 1, isDataAtomic);
  put(Z, 2, isVersionAtomic);
}

/** What was read of the pair, or 99 when it may have changed meanwhile. */
function readBoth(first: bool, isDataAtomic: bool, second: bool, isChecked: bool): u32 {
  const version = take(Z, first);
  if ((version & 1) !== 0) return 99;
  const x = take(X, isDataAtomic);
  const y = take(Y, isDataAtomic);
  if (isChecked && take(Z, second) !== version) return 99;
  return x * 10 + y;
}

export function writePair(): void {
  writeBoth(true, true);
}

export function readPair(): u32 {
  return readBoth(true, true, true, true);
}

export function readPairUnchecked(): u32 {
  return readBoth(true, true, true, false);
}

export function readPairCheckedPlainly(): u32 {
  return readBoth(true, true, false, true);
}

export function writePairOfPlainData(): void {
  writeBoth(true, false);
}

export function readPairOfPlainData(): u32 {
  return readBoth(true, false, true, true);
}

export function writePairOfPlainVersion(): void {
  writeBoth(false, true);
}

export function readPairOfPlainVersion(): u32 {
  return readBoth(false, true, false, true);
}

// ---- pin, then load: X is the pointer, Y the pin

export function install(): void {
  store<u32>(BLOCK, 7);
  store<u32>(X, <u32>BLOCK);
}

function readPinned(isAtomic: bool): u32 {
  put(Y, 1, isAtomic);
  const block = atomic.load<u32>(X);
  const value = block === 0 ? 7 : load<u32>(block);
  put(Y, 0, isAtomic);
  return value;
}

/** What is in the block, 7, if there is one. */
export function pinAndRead(): u32 {
  return readPinned(true);
}

export function pinPlainlyAndRead(): u32 {
  return readPinned(false);
}

/** Whoever gets the block next writes 8 to it. */
export function unlinkAndReuse(): void {
  const block = atomic.load<u32>(X);
  atomic.store<u32>(X, 0);
  if (atomic.load<u32>(Y) === 0) store<u32>(block, 8);
}

// ---- eight bytes

export function storeWide(): void {
  store<u64>(X, 0x0000_0001_0000_0001);
}

export function storeWideAtomically(): void {
  atomic.store<u64>(X, 0x0000_0001_0000_0001);
}

function halves(value: u64): u32 {
  return <u32>(value & 0xffffffff) * 10 + <u32>(value >> 32);
}

export function loadWide(): u32 {
  return halves(load<u64>(X));
}

export function loadWideAtomically(): u32 {
  return halves(atomic.load<u64>(X));
}

export function copyWide(): u32 {
  memory.copy(COPY, X, 24);
  return halves(load<u64>(COPY));
}

// ---- a lock that is given back by an atomic store, or a plain one: Y is the lock, X what it guards

function countLocked(isAtomic: bool): u32 {
  if (atomic.cmpxchg<u32>(Y, 0, 1) !== 0) return 9;
  const value = load<u32>(X);
  store<u32>(X, value + 1);
  put(Y, 0, isAtomic);
  return value;
}

export function count(): u32 {
  return countLocked(true);
}

export function countUnlockingPlainly(): u32 {
  return countLocked(false);
}
