// A long random run over one tree: phases that mostly insert and phases that mostly remove, over keys
// that are cheap to draw. Finds what needs a big tree; short sequences are the property tests' part.
import { open, type Width } from "./build.ts";
import { concat, repeat } from "./bytes.ts";
import { INSERTED, type Key, type Range, REPLACED } from "./instance.ts";
import { emptyOut, expectContents, expectEntries, Oracle } from "./oracle.ts";

const alphabet = [0, 0, 0, 0x61, 0x62, 0xff];

/** A key from a space of some ten thousand, full of prefixes, borders of slices and layers. */
export function drawKey(random: () => number): Key {
  const mode = random();
  const draw = (limit: number) => Math.floor(random() * limit);
  let length = draw(100);
  if (mode < 0.3) length = draw(4);
  else if (mode < 0.7) length = draw(20);
  else if (mode < 0.95) length = 8 * draw(5) + draw(3);
  const spread = random();
  const key = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    if (spread < 0.5) key[i] = alphabet[draw(6)] as number;
    else if (spread < 0.8) key[i] = alphabet[Math.floor(random() * random() * 6)] as number;
    else key[i] = 0x61 + draw(2);
  }
  return mode > 0.99 ? concat(repeat(0x61, 1000), key) : key;
}

function drawRange(random: () => number): Range {
  return {
    start: random() < 0.8 ? drawKey(random) : undefined,
    startInclusive: random() < 0.5,
    end: random() < 0.8 ? drawKey(random) : undefined,
    endInclusive: random() < 0.5,
    reverse: random() < 0.5,
  };
}

export function churn(
  width: Width,
  random: () => number,
  count: number,
  released: boolean = false,
): void {
  const tree = open(width, { released });
  const oracle = new Oracle();
  let share = 0.5;
  for (let i = 1; i <= count; i++) {
    if (i % 1000 === 1) share = i % 3000 === 1 ? 0.8 : random() * 0.6;
    const key = drawKey(random);
    if (random() < share) {
      const before = oracle.set(key, i);
      const outcome = tree.set(key, i);
      if (outcome !== (before === undefined ? INSERTED : REPLACED))
        throw new Error(`set: ${outcome}`);
    } else if (tree.remove(key) !== (oracle.remove(key) !== undefined)) {
      throw new Error("a key was removed that was not there, or the other way round");
    }
    if (i % 500 !== 0) continue;
    tree.verify();
    for (let scan = 0; scan < 8; scan++) {
      const range = drawRange(random);
      expectEntries(tree.scan(range, 1 + Math.floor(random() * 20)), oracle.range(range));
    }
  }
  expectContents(tree, oracle.entries);
  emptyOut(tree);
}
