// A thread that dies at any instruction of the allocator: the region is as before, or as after.
import { random, runs } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import { type Crashes, crashEverywhere, crashInARow } from "./crash.ts";
import { type Exports, recoverers, Scene, victimMark } from "./crash-scene.ts";
import { type Build, builds } from "./module.ts";

const draw = random();

interface Case {
  readonly pages?: { initial: number; maximum: number };
  readonly victim?: boolean;
  readonly setup: (scene: Scene) => (exports: Exports) => void;
}

/** Enough room for the descriptors and some more. */
const roomy = { initial: 26, maximum: 40 };
/** Enough room for the descriptors and a few slabs. */
const full = { initial: 27, maximum: 27 };

const cases: Record<string, Case> = {
  "allocate, from the cache": {
    setup: (scene) => {
      const [block] = scene.allocate(64, 3);
      scene.free(block as number);
      return (it) => it.allocate(scene.victim, 64);
    },
  },
  "allocate and free, several times": {
    setup: (scene) => {
      scene.allocate(64, 3);
      return (it) => {
        const blocks = [1, 2, 3].map(() => it.allocate(scene.victim, 64));
        it.free(scene.victim, blocks[1]!, 64);
        it.free(scene.victim, blocks[2]!, 64);
        it.free(scene.victim, blocks[0]!, 64);
      };
    },
  },
  "allocate, with a refill from a slab": {
    setup: (scene) => {
      const limit = 8;
      scene.allocate(1024, limit / 2);
      return (it) => it.allocate(scene.victim, 1024);
    },
  },
  "allocate, with a refill from two slabs, of which the first becomes full": {
    setup: (scene) => {
      scene.allocate(4032, 17);
      scene.free(scene.live[3]!.block);
      return (it) => {
        for (let i = 0; i < 3; i++) it.allocate(scene.victim, 4032);
      };
    },
  },
  "allocate, with a new slab": { setup: (scene) => (it) => it.allocate(scene.victim, 48) },
  "free, a private block, into the cache": {
    setup: (scene) => {
      scene.hold(48);
      const block = scene.hold(48);
      scene.hold(48);
      return (it) => it.free(scene.victim, block, 48);
    },
  },
  "free, a live block, into the cache": {
    setup: (scene) => {
      const [block] = scene.allocate(48);
      scene.doom(block as number);
      return (it) => it.free(scene.victim, block as number, 48);
    },
  },
  "free, with a spill that empties a slab": {
    setup: (scene) => {
      const blocks = scene.allocate(4032, 18);
      for (const block of blocks.slice(15, 17)) scene.free(block);
      for (const block of blocks.slice(0, 7)) scene.doom(block);
      return (it) => {
        for (const block of blocks.slice(0, 7)) it.free(scene.victim, block, 4032);
      };
    },
  },
  "free, private blocks, with a spill": {
    setup: (scene) => {
      const blocks = Array.from({ length: 6 }, () => scene.hold(4032));
      return (it) => {
        for (const block of blocks) it.free(scene.victim, block, 4032);
      };
    },
  },
  "allocate and free a run, split off and joined on both sides": {
    setup: (scene) => {
      const [, second, , fourth] = [1, 2, 3, 4, 5].map(() => scene.allocate(20_000)[0] as number);
      scene.free(second as number);
      scene.free(fourth as number);
      return (it) => {
        const block = it.allocate(scene.victim, 9000) >>> 0;
        const other = it.allocate(scene.victim, 20_000) >>> 0;
        it.free(scene.victim, block, 9000);
        it.free(scene.victim, other, 20_000);
      };
    },
  },
  "free live runs, joined with what is before, behind, and both": {
    setup: (scene) => {
      const blocks = [1, 2, 3, 4, 5].map(() => scene.allocate(12_000)[0] as number);
      const order = [0, 2, 1, 4, 3].map((index) => blocks[index] as number);
      for (const block of order) scene.doom(block);
      return (it) => {
        for (const block of order) it.free(scene.victim, block, 12_000);
      };
    },
  },
  "publish, drop, list again, free all": {
    setup: (scene) => {
      const [live] = scene.allocate(200);
      scene.doom(live as number);
      return (it) => {
        it.addPrivate(scene.victim, live as number, 200);
        const block = it.allocate(scene.victim, 300);
        it.allocate(scene.victim, 10_000);
        it.free(scene.victim, block, 300);
        it.allocate(scene.victim, 300);
        it.freePrivate(scene.victim);
      };
    },
  },
  "a list of private blocks that is full, with a hole": {
    setup: (scene) => {
      const blocks = Array.from({ length: scene.world.exports.PRIVATE_CAPACITY.value }, () =>
        scene.hold(16),
      );
      scene.world.exports.free(scene.victim, blocks[40] as number, 16);
      return (it) => it.allocate(scene.victim, 16);
    },
  },
  "growth, for a run": {
    pages: { initial: 25, maximum: 80 },
    setup: (scene) => (it) => it.allocate(scene.victim, 600_000),
  },
  "growth, for a slab, with a new segment of the page map": {
    pages: { initial: 60, maximum: 100 },
    setup: (scene) => {
      const free = scene.world.exports.committedBytes() - scene.world.exports.overheadBytes();
      scene.allocate(free - 4096);
      return (it) => it.allocate(scene.victim, 100);
    },
  },
  "growth over several segments": {
    pages: { initial: 60, maximum: 300 },
    setup: (scene) => (it) => it.allocate(scene.victim, 9_000_000),
  },
  "a region that is full": {
    pages: { initial: 27, maximum: 27 },
    setup: (scene) => {
      scene.allocate(500, 3);
      scene.free(scene.live[1]!.block);
      scene.free(scene.live[0]!.block);
      return (it) => it.allocate(scene.victim, 2_000_000);
    },
  },
  "allocate, in a region that is full, from a slab of a larger class": {
    pages: full,
    setup: (scene) => {
      scene.fragment(1000);
      return (it) => {
        const block = it.allocate(scene.victim, 500);
        expect(it.realBytes(block, 500)).toBe(1024);
      };
    },
  },
  "allocate, in a region that is full, from slabs of several larger classes": {
    pages: full,
    setup: (scene) => {
      scene.allocate(1700, 17);
      scene.free(scene.live[16]!.block);
      scene.fragment(8000);
      return (it) => {
        const real = [1, 2, 3, 4].map(() => it.realBytes(it.allocate(scene.victim, 1500), 1500));
        expect(real).toEqual([1792, 1792, 8128, 8128]);
      };
    },
  },
  "allocate and free, private blocks of a larger class": {
    pages: full,
    setup: (scene) => {
      scene.fragment(1000);
      const first = scene.hold(500);
      scene.hold(1000);
      return (it) => {
        const block = it.allocate(scene.victim, 20);
        it.free(scene.victim, first, 500);
        it.free(scene.victim, block, 20);
        it.allocate(scene.victim, 900);
      };
    },
  },
  "free, live blocks of a larger class, with spills": {
    pages: full,
    setup: (scene) => {
      scene.fragment(4000);
      const blocks = scene.allocate(2000, 6);
      for (const block of blocks) scene.doom(block);
      return (it) => {
        for (const block of blocks) it.free(scene.victim, block, 2000);
      };
    },
  },
  "free, the last live block of a slab of a larger class": {
    pages: full,
    setup: (scene) => {
      scene.fragment(4000);
      const [block] = scene.allocate(2000);
      const slab = scene.live.filter((live) => Math.abs(live.block - block!) < 30_000);
      for (const { block } of slab) scene.doom(block);
      return (it) => {
        for (const { block, bytes } of slab) it.free(scene.victim, block, bytes);
        it.allocate(scene.victim, 30_000);
      };
    },
  },
  "list as private, drop and free all, blocks of a larger class": {
    pages: full,
    setup: (scene) => {
      scene.fragment(1000);
      const [live] = scene.allocate(200);
      scene.doom(live as number);
      return (it) => {
        it.addPrivate(scene.victim, live as number, 200);
        it.allocate(scene.victim, 300);
        it.freePrivate(scene.victim);
      };
    },
  },
  "unregister, with private and cached blocks of a larger class": {
    pages: full,
    setup: (scene) => {
      scene.fragment(1000);
      for (let i = 0; i < 20; i++) scene.hold(500);
      return (it) => {
        it.free(scene.victim, it.privateBlock(scene.victim, 3), 500);
        it.freePrivate(scene.victim);
        it.unregister(scene.victim);
      };
    },
  },
  "register, with a new descriptor": {
    victim: false,
    setup: () => (it) => {
      it.setThread(victimMark);
      it.register();
    },
  },
  "register, when the region has to grow for it": {
    victim: false,
    pages: { initial: 19, maximum: 60 },
    setup: () => (it) => {
      it.setThread(victimMark);
      it.register();
    },
  },
  "register, when the region is full": {
    victim: false,
    pages: { initial: 20, maximum: 21 },
    setup: () => (it) => {
      it.setThread(victimMark);
      it.register();
    },
  },
  "register, use, and unregister, with a descriptor that there was": {
    setup: (scene) => {
      scene.world.exports.unregister(scene.victim);
      return (it) => {
        it.setThread(victimMark);
        const participant = it.register() >>> 0;
        it.free(participant, it.allocate(participant, 100), 100);
        it.free(participant, it.allocate(participant, 5000), 5000);
        it.unregister(participant);
      };
    },
  },
  "unregister, with blocks in caches": {
    setup: (scene) => {
      for (const block of scene.allocate(4032, 3)) scene.free(block);
      for (const block of scene.allocate(80, 20)) scene.free(block);
      return (it) => it.unregister(scene.victim);
    },
  },
};

/** Pairs of crashes that are tried of each operation; RUNS=1000 tries them all. */
const pairs = { "memory-test": runs(25, 200), "memory-debug": runs(10, 60) };

describe.each(builds)("%s", (build) => {
  const names = Object.keys(cases);
  let single = 0;
  let double = 0;
  test.each(names)("a thread dies in: %s; then so does who takes over", (name) => {
    const crashes = play(build, cases[name] as Case);
    const done = crashEverywhere({ ...crashes, pairs: pairs[build] });
    single += done.single;
    double += done.double;
  });
  test.each(names)("one after the other dies in: %s", (name) => {
    const crashes = play(build, cases[name] as Case);
    for (let i = 0; i < runs(2, 8); i++) {
      const deaths = Array.from({ length: recoverers }, () => Math.floor(draw() ** 2 * 120));
      crashInARow(crashes, deaths);
    }
  });
  test("that was often enough", () => {
    console.log(`${build}: ${single} crashes, and ${double} in pairs`);
    expect(single).toBeGreaterThan(500);
  });
});

function play(build: Build, { pages = roomy, victim = true, setup }: Case): Crashes<Exports> {
  const scene = new Scene(build, pages, victim);
  const operation = setup(scene);
  scene.ready();
  return {
    world: scene.world,
    operation,
    recover: (exports, by) => scene.recover(exports, by),
    check: (died) => scene.check(died),
  };
}
