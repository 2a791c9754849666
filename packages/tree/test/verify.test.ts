// The check is checked: each invariant is broken by hand, in the memory itself, and must be found.
// After that what was changed is changed back, and all must be sound again: looking changes nothing.
import { beforeEach, describe, expect, test } from "vitest";
import { open } from "./support/build.ts";
import { bigEndian, concat, utf8 } from "./support/bytes.ts";
import type { TreeInstance } from "./support/instance.ts";
import {
  DELETED,
  INSERTING,
  LOCKED_BY_7,
  MemoryView,
  OUT_BLOCKS,
  OWN_WAITS,
  ROOT_BIT,
  WAITED,
} from "./support/memory-view.ts";
import { sharing } from "./support/sharing.ts";

type Change = [bytes: 1 | 4 | 8, address: number, value: number | bigint];

describe.each([3, 4, 7, 15] as const)("width %i: verify finds", (width) => {
  let tree: TreeInstance;
  let view: MemoryView;
  /** An internode over at least three leaves; a leaf in the middle and its neighbours. */
  let parent: number;
  let left: number;
  let leaf: number;
  let right: number;
  let leftmost: number;
  let rightmost: number;

  /** A root internode over some levels of leaves with 8-byte keys, and one layer with suffixes. */
  beforeEach(() => {
    tree = open(width);
    for (let i = 1; i <= width * 6; i++) tree.set(bigEndian(i * 2 ** 20), i);
    const ends = ["b", "a", "longer than a slice", "", "b and more than that", "c", "d", "e"];
    for (const end of ends) {
      tree.set(concat(bigEndian(width * 6 * 2 ** 20), utf8(`shared--${end}`)), 1);
    }
    tree.verify();
    view = new MemoryView(tree, width);
    const leaves = view.leaves(view.root);
    [leftmost, rightmost] = [leaves[0] as number, leaves.at(-1) as number];
    // Two that have the same parent, and a neighbour on either side.
    const at = leaves.findIndex(
      (one, i) => i > 0 && view.u32(view.leafParent(one)) === parentOf(leaves[i + 1]),
    );
    [left, leaf, right] = leaves.slice(at - 1, at + 2) as [number, number, number];
    parent = parentOf(leaf);
  });

  const parentOf = (one: number | undefined) =>
    one === undefined ? -1 : view.u32(view.leafParent(one));

  function apply([bytes, address, value]: Change): Change {
    if (bytes === 8) {
      const before = view.u64(address);
      view.put64(address, BigInt(value));
      return [8, address, before];
    }
    const before = bytes === 4 ? view.u32(address) : view.u8(address);
    if (bytes === 4) view.put32(address, Number(value));
    else view.put8(address, Number(value));
    return [bytes, address, before];
  }

  /** Makes the changes, expects the finding, and takes the changes back. */
  function expectFound(code: number, node: number | undefined, ...changes: Change[]): void {
    const undo = changes.map(apply).reverse();
    const finding = tree.examine();
    for (const change of undo) apply(change);
    expect(finding?.code).toBe(code);
    if (node !== undefined) expect(finding?.node).toBe(node);
    tree.verify();
  }

  const permutation = () => view.u64(view.permutation(leaf));
  /** Field `a` of the leaf's permutation becomes what `pick` makes of it and of field `b`. */
  const fieldAt = (word: bigint, at: number) => (word >> BigInt(4 * at + 4)) & 15n;
  const withField = (word: bigint, at: number, slot: bigint) =>
    (word & ~(15n << BigInt(4 * at + 4))) | (slot << BigInt(4 * at + 4));

  test("a permutation that names a slot twice", () => {
    const word = withField(permutation(), 0, fieldAt(permutation(), width - 1));
    expectFound(1, leaf, [8, view.permutation(leaf), word]);
  });

  test("a permutation of more entries than there are slots", () => {
    const word = (permutation() & ~15n) | BigInt(Math.min(width + 1, 15));
    if (width < 15) expectFound(1, leaf, [8, view.permutation(leaf), word]);
  });

  test("two positions of a permutation that are swapped", () => {
    const word = permutation();
    const swapped = withField(withField(word, 0, fieldAt(word, 1)), 1, fieldAt(word, 0));
    expectFound(2, leaf, [8, view.permutation(leaf), swapped]);
  });

  test("an entry outside its leaf's bounds", () => {
    const last = view.slot(leaf, view.size(leaf) - 1);
    const beyond = view.u64(view.lowest(right));
    expectFound(3, leaf, [8, view.ikey(leaf, last), beyond]);
    const first = view.slot(leaf, 0);
    const before = view.u64(view.lowest(leaf)) - 1n;
    expectFound(3, leaf, [8, view.ikey(leaf, first), before]);
  });

  test("a length tag that is none, and one that is too short for its slice", () => {
    const slot = view.slot(leaf, 0);
    expectFound(4, leaf, [1, view.tag(leaf, slot), 10]);
    expectFound(4, leaf, [1, view.tag(leaf, slot), 3]);
    expectFound(4, leaf, [1, view.tag(leaf, slot), 0]);
  });

  test("a key that should have a suffix and has none", () => {
    const slot = view.slot(leaf, 0);
    expectFound(5, leaf, [1, view.tag(leaf, slot), 9]);
  });

  test("a suffix whose place was lost, and a bag that was", () => {
    const key = concat(bigEndian(2 ** 20), utf8("suffix"));
    tree.set(key, 1);
    const leaf = view.leaves(view.root).find((one) => view.u32(view.bag(one)) !== 0) as number;
    const slot = Array.from({ length: view.size(leaf) }, (_, i) => view.slot(leaf, i)).find(
      (one) => view.u8(view.tag(leaf, one)) === 9,
    ) as number;
    expectFound(5, leaf, [4, view.suffix(leaf, slot), 0]);
    expectFound(5, leaf, [4, view.bag(leaf), 0]);
  });

  test("a link back or forth to the wrong leaf", () => {
    expectFound(6, leaf, [4, view.prev(leaf), leftmost === left ? right : leftmost]);
    expectFound(6, left, [4, view.next(left), right]);
    expectFound(6, rightmost, [4, view.next(rightmost), leftmost]);
    expectFound(6, leftmost, [4, view.prev(leftmost), leaf]);
  });

  test("bounds of neighbours that do not meet", () => {
    const highest = view.u64(view.highest(left));
    expectFound(7, leaf, [8, view.highest(left), highest + 1n]);
    expectFound(7, leaf, [8, view.highest(left), highest - 1n]);
  });

  test("a first or last leaf that does not begin or end its layer", () => {
    expectFound(7, leftmost, [8, view.lowest(leftmost), 1n]);
    expectFound(7, rightmost, [8, view.highest(rightmost), 2n ** 64n - 2n]);
  });

  test("a separator that is not the bound of its leaf, or out of order", () => {
    const index = Array.from({ length: width + 1 }, (_, i) => i).find(
      (i) => view.u32(view.child(parent, i)) === right,
    ) as number;
    const separator = view.u64(view.separator(parent, index - 1));
    expectFound(8, right, [8, view.separator(parent, index - 1), separator - 1n]);
    expectFound(8, undefined, [8, view.separator(parent, 0), 2n ** 64n - 1n]);
  });

  test("a child that names another parent, and a root that has one", () => {
    expectFound(9, leaf, [4, view.leafParent(leaf), 0]);
    expectFound(9, view.root, [4, view.parent(view.root), parent + 64]);
  });

  test("a node that was left locked or dirty", () => {
    expectFound(10, leaf, [8, leaf, view.u64(leaf) | LOCKED_BY_7]);
    expectFound(10, parent, [8, parent, view.u64(parent) | INSERTING]);
  });

  test("a deleted node that can be reached", () => {
    expectFound(11, leaf, [8, leaf, view.u64(leaf) | DELETED]);
  });

  test("a layer whose root was deleted", () => {
    const [owner, slot] = layerSlots()[0]!;
    const root = Number(view.u64(view.value(owner, slot)));
    expectFound(11, root, [8, root, view.u64(root) | DELETED]);
  });

  test("a root that does not know it, and a node that thinks it is one", () => {
    expectFound(12, view.root, [8, view.root, view.u64(view.root) & ~ROOT_BIT]);
    expectFound(12, leaf, [8, leaf, view.u64(leaf) | ROOT_BIT]);
  });

  test("an internode with a child too few or too many, or an impossible count", () => {
    const count = view.u32(view.count(view.root));
    expectFound(13, view.root, [4, view.child(view.root, count), 0]);
    if (count < width) expectFound(13, view.root, [4, view.child(view.root, count + 1), leaf]);
    expectFound(13, view.root, [4, view.count(view.root), width + 1]);
    expectFound(13, view.root, [4, view.count(view.root), count - 1]);
  });

  test("a layer that is higher than any can be", () => {
    // A tower of internodes with one child each, in memory that the tree does not use.
    const memory = tree.memory;
    const base = memory.grow(1) * 65_536;
    view = new MemoryView(tree, width);
    const at = (level: number) => base + level * 512;
    const levels = Array.from({ length: 70 }, (_, level): Change[] => [
      [4, view.parent(at(level)), level === 0 ? view.root : at(level - 1)],
      [4, view.child(at(level), 0), at(level + 1)],
    ]);
    expectFound(14, undefined, [4, view.child(view.root, 0), at(0)], ...levels.flat());
  });

  test("a size that is not the number of entries", () => {
    expectFound(15, undefined, [8, view.entries, view.u64(view.entries) + 1n]);
    expectFound(15, undefined, [8, view.entries, view.u64(view.entries) - 1n]);
  });

  test("a block that nothing leads to", () => {
    tree.set(concat(bigEndian(2 ** 20), utf8("suffix")), 1);
    tree.remove(bigEndian(2 ** 20));
    const leaf = view.leaves(view.root).find((one) => view.u32(view.bag(one)) !== 0) as number;
    const slots = Array.from({ length: view.size(leaf) }, (_, i) => view.slot(leaf, i));
    const slot = slots.find((one) => view.u8(view.tag(leaf, one)) === 9) as number;
    // The entry no longer needs its bag, and the bag is forgotten.
    expectFound(16, undefined, [1, view.tag(leaf, slot), 8], [4, view.bag(leaf), 0]);
  });

  test("what the allocator's own check finds", () => {
    expectFound(17, undefined, [4, OUT_BLOCKS, view.u32(OUT_BLOCKS) + 1]);
  });

  test("an empty leaf that nobody is going to unlink", () => {
    expectFound(18, leaf, [8, view.permutation(leaf), permutation() & ~15n]);
  });

  test("an empty layer that nobody is going to remove", () => {
    const count = sharing(width) + 1;
    for (let i = 0; i < count; i++) tree.set(utf8(`!layer-!${i}`), 1);
    const roots = layerSlots().map(([one, slot]) => Number(view.u64(view.value(one, slot))));
    const only = roots.findLast((root) => view.isLeaf(root) && view.size(root) === count) as number;
    expectFound(18, only, [8, view.permutation(only), view.u64(view.permutation(only)) & ~15n]);
  });

  test("a leaf that is marked though no route leads to it", () => {
    expectFound(19, leaf, [1, view.pending(leaf), 1]);
  });

  test("what the epochs' own check finds", () => {
    expectFound(20, undefined, [8, view.announced, 2n]);
  });

  /** A map of these keys, in one leaf: its address. */
  function leafOf(...keys: string[]): number {
    tree = open(width);
    view = new MemoryView(tree, width);
    for (const key of keys) tree.set(utf8(key), 1);
    return view.root;
  }

  test("keys that share a slice in the wrong order, one of them twice, and a layer beside one", () => {
    if (sharing(width) === 1) return;
    const leaf = leafOf("the same a", "the same b");
    const word = view.u64(view.permutation(leaf));
    const swapped = withField(withField(word, 0, fieldAt(word, 1)), 1, fieldAt(word, 0));
    expectFound(2, leaf, [8, view.permutation(leaf), swapped]);
    const [first, second] = [view.slot(leaf, 0), view.slot(leaf, 1)];
    const place = view.u32(view.suffix(leaf, first));
    expectFound(2, leaf, [4, view.suffix(leaf, second), place]);
    expectFound(2, leaf, [1, view.tag(leaf, second), 255]);
  });

  test("more keys of a slice than a layer should be made for", () => {
    const group = Array.from({ length: sharing(width) }, (_, i) => `the same ${i}`);
    const leaf = leafOf(...group, "the samf z");
    const [first, other] = [view.slot(leaf, 0), view.slot(leaf, group.length)];
    expectFound(22, leaf, [8, view.ikey(leaf, other), view.u64(view.ikey(leaf, first))]);
  });

  test("an event that nobody waits for, and a wait that no writer knows of", () => {
    expectFound(21, undefined, [8, WAITED, view.u64(WAITED) | 4n]);
    expectFound(21, undefined, [4, view.entries + OWN_WAITS, 4]);
  });

  /** All leaves and slots of the first layer that hold a layer. */
  const layerSlots = () =>
    view.leaves(view.root).flatMap((one) =>
      Array.from({ length: view.size(one) }, (_, position) => view.slot(one, position))
        .filter((slot) => view.u8(view.tag(one, slot)) === 255)
        .map((slot) => [one, slot] as const),
    );
});
