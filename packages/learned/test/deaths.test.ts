// A thread that dies before any of its writes, and a recoverer that dies as well: the map is whole, with the operation
// or without it, and every byte is accounted for.
import { readFileSync } from "node:fs";
import { mortal } from "@tooling/assemblyscript/crash";
import { random, runs } from "@tooling/vitest/random";
import { expect, test } from "vitest";
import { BoxIndex, type Exports, type Index, NumberIndex } from "./instance.ts";

const pages = 48;
const victim = 1000;
const recoverer = 2000;
/** AUTO_REBUILD. */
const auto = 0x10000;

interface Scene {
  readonly name: string;
  /** What is in the map before. */
  prepare(index: Index): void;
  /** What the victim does. */
  operation(index: Index): void;
  /** Whether that rebuilds a subtree. */
  readonly rebuilds?: true;
}

/** `count` keys from `first` on, at a distance. */
function keys(first: bigint, count: number, distance = 1n): bigint[] {
  return Array.from({ length: count }, (_, i) => first + BigInt(i) * distance);
}

function setAll(index: Index, list: readonly bigint[]): void {
  for (const key of list) expect(index.set(key, key * 2n)).toBeLessThan(2);
}

const spread = keys(1000n, 40, 1000n);

const scenes: Scene[] = [
  {
    name: "the first key",
    prepare: () => {},
    operation: (index) => index.set(5n, 1n),
  },
  {
    name: "a value that is replaced",
    prepare: (index) => setAll(index, spread),
    operation: (index) => index.set(3000n, 1n),
  },
  {
    name: "a fourth key in the line above the first node",
    prepare: (index) => setAll(index, keys(1n, 3)),
    operation: (index) => index.set(9n, 1n),
  },
  {
    name: "a key into an empty line",
    prepare: (index) => {
      index.load([...keys(0n, 40), ...keys(1n << 40n, 40)].map((key) => [key, key]));
      index.delete((1n << 40n) + 20n);
    },
    operation: (index) => index.set((1n << 40n) + 20n, 1n),
  },
  {
    name: "a tombstone that is taken again",
    prepare: (index) => {
      setAll(index, spread);
      index.delete(7000n);
    },
    operation: (index) => index.set(7000n, 7n),
  },
  {
    name: "conflicts, of which one rebuilds a subtree",
    rebuilds: true,
    prepare: (index) => setAll(index, spread),
    operation: (index) => {
      for (const key of keys(5001n, 12)) index.set(key, 1n);
    },
  },
  {
    name: "removals, of which one empties a node",
    rebuilds: true,
    prepare: (index) => setAll(index, [...spread, ...keys(5001n, 4)]),
    operation: (index) => {
      for (const key of keys(5000n, 5)) index.delete(key);
    },
  },
  {
    name: "the removal of everything",
    rebuilds: true,
    prepare: (index) => setAll(index, keys(1n, 6)),
    operation: (index) => index.exports.clear(),
  },
  {
    name: "the rebuilding of all",
    rebuilds: true,
    prepare: (index) => setAll(index, [...spread, ...keys(5001n, 6)]),
    operation: (index) => index.exports.rebuild(),
  },
  {
    name: "a load into a map with entries",
    prepare: (index) => setAll(index, spread),
    operation: (index) => index.load(keys(1500n, 20, 1000n).map((key) => [key, 1n])),
  },
];

/** What differs if values have boxes. */
const boxScenes: Scene[] = [
  ...scenes.filter(({ name }) => name === "a value that is replaced"),
  {
    name: "a load that replaces values",
    prepare: (index) => setAll(index, [...spread, ...keys(5001n, 4)]),
    operation: (index) => index.load(keys(4000n, 20, 500n).map((key) => [key, key * 4n])),
  },
  {
    name: "a load that replaces values above the first node",
    prepare: (index) => setAll(index, keys(1n, 3)),
    operation: (index) => index.load(keys(2n, 8).map((key) => [key, key * 4n])),
  },
  {
    name: "a load of equal keys",
    prepare: (index) => setAll(index, keys(1n, 6)),
    operation: (index) =>
      index.load(
        keys(1n, 12).flatMap((key) => [[key, key * 4n] as const, [key, key * 6n] as const]),
        { isDedup: true },
      ),
  },
  {
    name: "a load that is given up",
    prepare: (index) => setAll(index, keys(1n, 6)),
    operation: (index) => index.giveUp(keys(1n, 12).map((key) => [key, key * 4n])),
  },
];

type Mortal = Exports & { readonly writesLeft: WebAssembly.Global<"i32"> };

/** How the index keeps values, and the builds of it. */
class Variant {
  readonly name: string;
  readonly scenes: readonly Scene[];
  readonly plain: WebAssembly.Module;
  readonly mortal: WebAssembly.Module;
  readonly of: (exports: Exports, memory: WebAssembly.Memory) => Index;

  constructor(
    build: string,
    scenes: readonly Scene[],
    IndexOf: new (exports: Exports, memory: WebAssembly.Memory) => Index,
  ) {
    const binary = readFileSync(new URL(`../build/${build}.wasm`, import.meta.url));
    this.name = build;
    this.scenes = scenes;
    this.plain = new WebAssembly.Module(binary);
    this.mortal = new WebAssembly.Module(mortal(binary));
    this.of = (exports, memory) => new IndexOf(exports, memory);
  }
}

const variants = [
  new Variant("learned-debug", scenes, NumberIndex),
  new Variant("learned-boxed-debug", boxScenes, BoxIndex),
];

/** One region, and what puts it back to where it was when `save` was called. */
class World {
  readonly #variant: Variant;
  readonly memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  /** A participant that never dies. */
  readonly index: Index;
  #saved = new Uint8Array();

  constructor(variant: Variant) {
    this.#variant = variant;
    const exports = this.#instantiate(variant.plain);
    expect(exports.create(pages, 3, 1)).toBe(0);
    exports.configure(2000, 2, 500, auto);
    expect(exports.attach(0, 1, 0)).toBe(0);
    this.index = variant.of(exports, this.memory);
  }

  #instantiate(module: WebAssembly.Module): Mortal {
    return new WebAssembly.Instance(module, { env: { memory: this.memory } }).exports as Mortal;
  }

  /** A thread that can die, with a participant. */
  thread(number: number): Mortal {
    const exports = this.#instantiate(this.#variant.mortal);
    if (exports.attach(0, number, 0) !== 0) throw new Error("there is no room for a participant");
    return exports;
  }

  save(): void {
    this.#saved = new Uint8Array(this.memory.buffer).slice();
  }

  restore(): void {
    new Uint8Array(this.memory.buffer).set(this.#saved);
  }
}

/** Lets a thread run until it has made some writes. Returns how many it made; -1 if that was its end. */
function run(thread: Mortal, writes: number, call: () => void): number {
  thread.writesLeft.value = writes;
  try {
    call();
    return writes - thread.writesLeft.value;
  } catch (error) {
    // Any other trap is a broken precondition.
    if (!(error instanceof WebAssembly.RuntimeError) || thread.writesLeft.value !== 0) throw error;
    return -1;
  }
}

const forever = 0x7fffffff;
/** How many pairs of deaths are tried for each scene. */
const pairs = runs(40);

function show(index: Index): string {
  return index
    .entries()
    .map(([key, value]) => `${key}:${value}`)
    .join(" ");
}

/** The states of a map while `operation` is under way: what a thread that never dies leaves after each call. */
function statesOf(world: World, scene: Scene): string[] {
  const { index } = world;
  const states = [show(index)];
  const watching = new Proxy(index, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      return (...args: unknown[]) => {
        const answer: unknown = member.apply(target, args);
        states.push(show(target));
        return answer;
      };
    },
  });
  const before = index.exports.rebuildCount();
  scene.operation(watching);
  states.push(show(index));
  expect(index.exports.rebuildCount() > before).toBe(scene.rebuilds ?? false);
  world.restore();
  return states;
}

const cases = variants.flatMap((variant) =>
  variant.scenes.map((scene) => [variant.name, scene.name, variant, scene] as const),
);

test.each(cases)("%s: %s", (_build, _name, variant, scene) => {
  const world = new World(variant);
  const { index, memory } = world;
  const { exports } = index;
  scene.prepare(index);
  exports.quiesce();
  expect(exports.verify()).toBe(0);
  world.save();
  const states = statesOf(world, scene);
  // Clearing removes one key after the other, and each is a state of its own.
  const isStep = (now: string) =>
    scene.name === "the removal of everything" && states[0]!.endsWith(now);

  /** The victim dies before write `first`, its recoverer before write `second`. Returns what they wrote. */
  const kill = (first: number, second: number): [victim: number, recoverer: number] => {
    world.restore();
    const one = world.thread(recoverer);
    const two = world.thread(recoverer + 1);
    const dying = world.thread(victim);
    const wrote = run(dying, first, () => scene.operation(variant.of(dying, memory)));
    const recovered = run(one, second, () => {
      one.releaseThread(victim);
    });
    two.releaseThread(recoverer);
    two.releaseThread(victim);
    two.releaseGone();
    const what = `write ${first}, and ${second} of the recovery`;
    expect({ what, unrecovered: exports.unrecovered(), verify: exports.verify() }).toEqual({
      what,
      unrecovered: 0,
      verify: 0,
    });
    const now = show(index);
    expect({ what, now, isState: states.includes(now) || isStep(now) }).toEqual({
      what,
      now,
      isState: true,
    });
    // It goes on working.
    expect(index.set(123_456n, 1n)).toBe(0);
    expect(index.delete(123_456n)).toBe(1);
    return [wrote, recovered];
  };

  let singles = 0;
  const recoveries: number[] = [];
  for (let first = 0; ; first++) {
    const [wrote, recovered] = kill(first, forever);
    singles++;
    recoveries.push(recovered);
    if (wrote !== -1) break;
  }
  const all = recoveries.reduce((sum, writes) => sum + writes, 0);
  const draw = random(singles);
  for (let pair = 0; pair < pairs; pair++) {
    let second = Math.floor(draw() * all);
    let first = 0;
    while (second >= recoveries[first]!) second -= recoveries[first++]!;
    kill(first, second);
  }
  expect(singles).toBeGreaterThan(10);
});
