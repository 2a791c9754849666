// A thread that dies at any instruction of the scheme: every retired block is in one retire list or freed, and
// who was pinned holds nobody back.
import { random, runs } from "@tooling/vitest/random";
import { expect, test } from "vitest";
import {
  type Crashes,
  crashEverywhere,
  crashInARow,
  scratchAreas,
  World,
} from "../../memory/test/crash.ts";
import type { DebugExports } from "../src/generated/debug-exports.ts";

type Exports = DebugExports & WebAssembly.Exports;

const recoverers = 4;
const bytes = 48;

/**
 * The victim journals what it is about to retire in two words of its tree area, as a tree would: the
 * block, which is the size's, 0 when it is done.
 */
const journal = 512;

class Scene {
  readonly world: World<Exports>;
  victim = 0;
  /** A participant that goes on living, and one that has left something. */
  readonly other: number;
  readonly #recoverers: number[] = [];
  /** How many blocks there are that nobody retires. */
  kept = 0;
  /** How many blocks the operation came to retire, in the last run of it. */
  reached = 0;
  /** How many it retires if nothing happens to it. */
  planned = 0;

  constructor() {
    this.world = new World<Exports>(new URL("../build/epoch-crash-debug.wasm", import.meta.url), {
      initial: 36,
      maximum: 40,
    });
    const { exports } = this.world;
    expect(exports.createRegion(40)).toBe(0);
    for (let i = 0; i < recoverers; i++) this.#recoverers.push(exports.register() >>> 0);
    this.other = exports.register() >>> 0;
    this.victim = exports.register() >>> 0;
  }

  block(participant: number = this.victim, size: number = bytes): number {
    const block = this.world.exports.allocate(participant, size) >>> 0;
    expect(block).not.toBe(0);
    this.world.exports.dropPrivate(participant, block);
    return block;
  }

  /** Retires a block, journaled. */
  retire(exports: Exports, block: number, size: number = bytes): void {
    const words = new Uint32Array(this.world.memory.buffer);
    words[(this.victim + journal + 4) / 4] = size;
    words[(this.victim + journal) / 4] = block;
    this.reached++;
    exports.retire(this.victim, block, size);
    words[(this.victim + journal) / 4] = 0;
  }

  ready(): this {
    const { exports } = this.world;
    this.planned = exports.liveBlocks() - exports.retiredBlocks() - this.kept;
    expect(exports.verifyMemory()).toBe(0);
    expect(exports.verifyEpochs()).toBe(0);
    this.world.save(scratchAreas(exports));
    return this;
  }

  recover(exports: Exports, by: number): void {
    const self = exports.participantNumber(this.#recoverers[by] as number);
    const dead = [this.victim, ...this.#recoverers.slice(0, by)];
    for (const participant of dead) exports.markDead(participant);
    if (by % 2 === 0) dead.reverse();
    // Twice: what a dead recoverer had claimed may be free only now.
    for (const participant of [...dead, ...dead]) this.#recoverOne(exports, participant, self);
  }

  #recoverOne(exports: Exports, dead: number, self: number): void {
    if (!exports.claimRecovery(dead, self)) return;
    exports.repairMemory(dead, self);
    exports.repairEpochs(dead, self);
    const words = new Uint32Array(this.world.memory.buffer);
    const block = words[(dead + journal) / 4] as number;
    if (block !== 0) {
      exports.actFor(dead, self);
      if (!exports.wasRetired(dead, block)) {
        exports.retire(dead, block, words[(dead + journal + 4) / 4] as number);
      }
      words[(dead + journal) / 4] = 0;
      exports.actForNone(self);
    }
    exports.recoverEpochs(dead);
    exports.recoverMemory(dead, self);
  }

  check(died: string): void {
    const { exports } = this.world;
    const sound = () =>
      expect({
        died,
        memory: exports.verifyMemory(),
        place: exports.place.value >>> 0,
        epochs: exports.verifyEpochs(),
      }).toEqual({ died, memory: 0, place: 0, epochs: 0 });
    sound();
    expect(exports.isTaken(exports.participantNumber(this.victim) - 1), died).toBe(0);
    // Whatever is not kept is retired, or freed: exactly once.
    const kept = this.kept + this.planned - this.reached;
    expect(exports.liveBlocks() - exports.retiredBlocks(), died).toBe(kept);
    // The other one, if it is pinned, unpins, and then nothing holds anything back.
    if (exports.isPinned(this.other)) exports.unpin(this.other);
    expect(exports.drain(this.other), died).toBe(1);
    expect(exports.retiredBlocks(), died).toBe(0);
    expect(exports.liveBlocks(), died).toBe(kept);
    sound();
  }
}

const cases: Record<string, (scene: Scene) => (exports: Exports) => void> = {
  "pin and unpin, nested": (scene) => (it) => {
    it.pin(scene.victim);
    it.pin(scene.victim);
    it.unpin(scene.victim);
    it.unpin(scene.victim);
  },
  "tryAdvance, and a pin that stays": (scene) => (it) => {
    it.tryAdvance();
    it.pin(scene.victim);
    it.tryAdvance();
  },
  retire: (scene) => {
    const blocks = [1, 2].map(() => scene.block());
    return (it) => {
      for (const block of blocks) scene.retire(it, block);
    };
  },
  "retire while pinned, and collect at the unpin": (scene) => {
    const blocks = Array.from({ length: 9 }, () => scene.block());
    return (it) => {
      it.pin(scene.victim);
      for (const block of blocks) scene.retire(it, block);
      it.unpin(scene.victim);
    };
  },
  "retire, with collections in between, small and large": (scene) => {
    const sizes = Array.from({ length: 14 }, (_, i) => (i % 3 === 2 ? 9000 : 300));
    const blocks = sizes.map((size) => scene.block(scene.victim, size));
    return (it) => {
      for (const [i, block] of blocks.entries()) scene.retire(it, block, sizes[i]);
    };
  },
  "retire into a list that comes round": (scene) => {
    const blocks = Array.from({ length: 3 }, () => scene.block());
    for (let i = 0; i < 3; i++) scene.world.exports.retire(scene.victim, scene.block(), bytes);
    return (it) => {
      it.tryAdvance();
      it.tryAdvance();
      for (const block of blocks) scene.retire(it, block);
    };
  },
  "collect, while another is pinned": (scene) => {
    const { exports } = scene.world;
    for (let i = 0; i < 3; i++) exports.retire(scene.victim, scene.block(), bytes);
    exports.pin(scene.other);
    return (it) => {
      it.collect(scene.victim);
      it.collect(scene.victim);
    };
  },
  "drain, with what another has left": (scene) => {
    const { exports } = scene.world;
    exports.pin(scene.other);
    const gone = exports.register() >>> 0;
    for (let i = 0; i < 3; i++) exports.retire(gone, scene.block(), bytes);
    exports.leave(gone);
    exports.unregister(gone);
    exports.unpin(scene.other);
    for (let i = 0; i < 3; i++) exports.retire(scene.victim, scene.block(), bytes);
    return (it) => it.drain(scene.victim);
  },
  "leave and unregister": (scene) => {
    for (let i = 0; i < 3; i++) {
      scene.world.exports.retire(scene.victim, scene.block(), bytes);
    }
    return (it) => {
      it.leave(scene.victim);
      it.unregister(scene.victim);
    };
  },
  "leave and unregister, while another is pinned": (scene) => {
    scene.world.exports.pin(scene.other);
    for (let i = 0; i < 3; i++) {
      scene.world.exports.retire(scene.victim, scene.block(), bytes);
    }
    scene.world.exports.pin(scene.victim);
    return (it) => {
      it.leave(scene.victim);
      it.unregister(scene.victim);
    };
  },
  "register, where another has left something, and drain": (scene) => {
    const { exports } = scene.world;
    exports.pin(scene.other);
    for (let i = 0; i < 3; i++) exports.retire(scene.victim, scene.block(), bytes);
    exports.leave(scene.victim);
    exports.unregister(scene.victim);
    exports.unpin(scene.other);
    return (it) => {
      expect(it.register() >>> 0).toBe(scene.victim);
      it.drain(scene.victim);
    };
  },
};

function play(name: string): Crashes<Exports> {
  const scene = new Scene();
  scene.kept = 2;
  for (let i = 0; i < scene.kept; i++) scene.block();
  const operation = (cases[name] as (typeof cases)[string])(scene);
  scene.ready();
  return {
    world: scene.world,
    operation: (exports) => {
      scene.reached = 0;
      operation(exports);
    },
    recover: (exports, by) => scene.recover(exports, by),
    check: (died) => scene.check(died),
  };
}

const names = Object.keys(cases);
const draw = random();
let single = 0;
let double = 0;

test.each(names)("a thread dies in: %s; then so does who takes over", (name) => {
  const done = crashEverywhere({ ...play(name), pairs: runs(500) });
  single += done.single;
  double += done.double;
});

test.each(names)("one after the other dies in: %s", (name) => {
  const crashes = play(name);
  for (let i = 0; i < runs(25); i++) {
    const deaths = Array.from({ length: recoverers }, () => Math.floor(draw() ** 2 * 150));
    crashInARow(crashes, deaths);
  }
});

test("that was often enough", () => {
  console.log(`${single} crashes, and ${double} in pairs`);
  expect(single).toBeGreaterThan(400);
});
