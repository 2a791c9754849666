// Small programs for the explorer's own tests: each with a planted bug and its correct twin.
// `BUG` is a compile-time constant: 0 is correct.
//
//   0..63    not used
//   64       counter, lock word        72  data of the lock
//   80       sequence                  88, 96  the pair under it
//   104      published pointer
//   112      stack top (pointer, or counter << 32 | pointer)
//   1024     nodes

const LOCK: usize = 64;
const DATA: usize = 72;
const SEQUENCE: usize = 80;
const FIRST: usize = 88;
const SECOND: usize = 96;
const PUBLISHED: usize = 104;
const TOP: usize = 112;
const NODES: usize = 1024;

// ---- lost update: a counter read and written in two steps

export function increment(): void {
  if (BUG === 1) atomic.store<i32>(LOCK, atomic.load<i32>(LOCK) + 1);
  else atomic.add<i32>(LOCK, 1);
}

export function counter(): i32 {
  return atomic.load<i32>(LOCK);
}

// ---- sequence lock: two words that are always equal

export function writePair(value: i64): void {
  const sequence = atomic.load<i32>(SEQUENCE);
  atomic.store<i32>(SEQUENCE, sequence + 1);
  atomic.store<i64>(FIRST, value);
  atomic.store<i64>(SECOND, value);
  atomic.store<i32>(SEQUENCE, sequence + 2);
}

export function readPair(): i64 {
  for (;;) {
    const before = atomic.load<i32>(SEQUENCE);
    if ((before & 1) !== 0) continue;
    const first = atomic.load<i64>(FIRST);
    const second = atomic.load<i64>(SECOND);
    if (BUG !== 2 && atomic.load<i32>(SEQUENCE) !== before) continue;
    return first - second;
  }
}

// ---- lock: a word that threads sleep on

//      0 free, 1 taken, 2 taken and somebody sleeps (Drepper, 'Futexes are tricky', section 4.2).
//      Whoever has slept must take it with 2: others may sleep still. Bug 9 forgets that.

function lock(): void {
  if (BUG === 9) {
    while (atomic.cmpxchg<i32>(LOCK, 0, 1) !== 0) {
      if (atomic.xchg<i32>(LOCK, 2) === 0) return;
      atomic.wait<i32>(LOCK, 2, -1);
    }
  } else if (atomic.cmpxchg<i32>(LOCK, 0, 1) !== 0) {
    while (atomic.xchg<i32>(LOCK, 2) !== 0) atomic.wait<i32>(LOCK, 2, -1);
  }
}

function unlock(): void {
  if (BUG === 3) {
    atomic.store<i32>(LOCK, 0);
  } else if (atomic.xchg<i32>(LOCK, 0) === 2) {
    atomic.notify(LOCK, 1);
  }
}

export function lockedIncrement(): void {
  lock();
  store<i32>(DATA, load<i32>(DATA) + 1);
  unlock();
}

export function lockedValue(): i32 {
  return load<i32>(DATA);
}

// ---- publication: a block is filled, then its address is stored

export function publish(value: i32): void {
  if (BUG === 4) atomic.store<i32>(PUBLISHED, NODES as i32);
  store<i32>(NODES, value);
  store<u8>(NODES + 4, value as u8);
  if (BUG === 5) store<i32>(PUBLISHED, NODES as i32);
  else if (BUG !== 4) atomic.store<i32>(PUBLISHED, NODES as i32);
}

export function readPublished(): i32 {
  const node = atomic.load<i32>(PUBLISHED) as usize;
  return node === 0 ? -1 : load<i32>(node);
}

// ---- a stack whose top is exchanged: with a bare pointer, a top that went and came back passes
//      node: next: u32, at NODES + 16 * n

export function stackReset(nodes: i32): void {
  for (let n = 0; n < nodes; n++) {
    store<i32>(NODES + 16 * n, n + 1 < nodes ? <i32>NODES + 16 * (n + 1) : 0);
  }
  store<i64>(TOP, nodes > 0 ? NODES : 0);
}

export function pop(): i32 {
  let top: i64;
  let node: i32;
  let replacement: i64;
  do {
    top = atomic.load<i64>(TOP);
    node = (top & 0xffffffff) as i32;
    if (node === 0) return 0;
    const tag = BUG === 6 ? 0 : ((top >> 32) + 1) << 32;
    replacement = tag | (atomic.load<i32>(node as usize) as i64);
  } while (atomic.cmpxchg<i64>(TOP, top, replacement) !== top);
  return node;
}

export function push(node: i32): void {
  let top: i64;
  let replacement: i64;
  do {
    top = atomic.load<i64>(TOP);
    atomic.store<i32>(node as usize, (top & 0xffffffff) as i32);
    const tag = BUG === 6 ? 0 : ((top >> 32) + 1) << 32;
    replacement = tag | (node as i64);
  } while (atomic.cmpxchg<i64>(TOP, top, replacement) !== top);
}

/** Pops two, puts the first back: what makes a top come back. */
export function popPopPush(): i32 {
  const first = pop();
  const second = pop();
  if (first !== 0) push(first);
  return second;
}

// ---- reclamation: a block is freed when nobody reads it
//      READERS counts readers; the writer takes the pointer away and waits for them

/** The block that this thread freed last: a mutable global, which belongs to the thread. */
export let freed: i32 = 0;

export function allocate(_bytes: i32): i32 {
  freed = 0;
  return NODES as i32;
}

export function free(block: i32, _bytes: i32): void {
  freed = block;
  store<i32>(block as usize, -1);
}

export function install(): void {
  const block = allocate(16);
  store<i32>(block as usize, 7);
  atomic.store<i32>(PUBLISHED, block);
}

export function readGuarded(): i32 {
  if (BUG !== 8) atomic.add<i32>(LOCK, 1);
  const block = atomic.load<i32>(PUBLISHED);
  const value = block === 0 ? 7 : atomic.load<i32>(block as usize);
  if (BUG !== 8) atomic.sub<i32>(LOCK, 1);
  return value;
}

export function retract(): void {
  const block = atomic.load<i32>(PUBLISHED);
  if (BUG === 7) free(block, 16);
  atomic.store<i32>(PUBLISHED, 0);
  while (atomic.load<i32>(LOCK) !== 0) {
    // Until the last reader has left.
  }
  if (BUG !== 7) free(block, 16);
}

// ---- the rest of the instructions

export function moveBytes(target: usize, source: usize, count: usize): void {
  memory.copy(target, source, count);
}

export function fillBytes(target: usize, value: u8, count: usize): void {
  memory.fill(target, value, count);
}

export function simd(target: usize, source: usize): void {
  v128.store(target, v128.load(source));
}

export function every(at: usize): i64 {
  let sum: i64 = 0;
  store<u8>(at, 1);
  store<u16>(at + 2, 2);
  store<f32>(at + 4, 3);
  store<f64>(at + 8, 4);
  sum += load<i8>(at);
  sum += load<u16>(at + 2);
  sum += <i64>load<f32>(at + 4);
  sum += <i64>load<f64>(at + 8);
  sum += atomic.add<u8>(at, 1);
  sum += atomic.or<u16>(at + 2, 4);
  sum += atomic.cmpxchg<u32>(at + 4, 0, 1);
  sum += atomic.load<u32>(at + 4);
  return sum;
}

export function pages(): i32 {
  return memory.size();
}

export function grow(count: i32): i32 {
  return memory.grow(count);
}

export function fail(): void {
  unreachable();
}

export function waitForever(): i32 {
  return atomic.wait<i32>(LOCK, 0, -1);
}

export function waitBriefly(): i32 {
  return atomic.wait<i32>(LOCK, 0, 1000);
}

export function wakeAll(): i32 {
  return atomic.notify(LOCK, -1);
}

export function wakeOne(): i32 {
  return atomic.notify(LOCK, 1);
}
