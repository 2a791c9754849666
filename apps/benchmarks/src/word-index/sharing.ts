// How the files are shared out, and how far the work is, in shared memory.
//
//   word 0  files that have been taken

const TAKEN = 0;

export function newSharing(): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
}

/** Takes files until there are none left. Whoever is free takes the next one. */
export function* takeFrom(
  files: readonly string[],
  sharing: Int32Array<SharedArrayBuffer>,
): Generator<string> {
  for (;;) {
    const next = Atomics.add(sharing, TAKEN, 1);
    if (next >= files.length) return;
    yield files[next]!;
  }
}

/** How many of `files` have been taken. The last ones may still be in work. */
export function taken(files: readonly string[], sharing: Int32Array<SharedArrayBuffer>): number {
  return Math.min(files.length, Atomics.load(sharing, TAKEN));
}
