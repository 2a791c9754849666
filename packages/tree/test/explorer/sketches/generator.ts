// Draws small programs over small trees. A step of the setup is a key that is set, or `-` and a key that is removed.
import type { Generator, Random, Sketch } from "@tooling/interleave/catalog";
import type { TreeOperation } from "../operations.ts";
import { treeProgram } from "../program.ts";
import { drawCalls, keyOf, parseCall, simplerCalls } from "./calls.ts";
import { drawKeys, neighbours, oneOf, weighted } from "./keys.ts";

/** What the programs are for. */
export interface TreeGeneratorOptions {
  /** Entries of a leaf. */
  readonly width: number;
  /** Whether an allocation fails when told to. */
  readonly canFail: boolean;
  /** See `Contents`. */
  readonly translate?: (operation: TreeOperation) => TreeOperation;
}

/** A run of keys that are next to each other. */
function runOf(keys: readonly string[], random: Random): readonly string[] {
  const from = Math.floor(random() * keys.length);
  return keys.slice(from, from + 1 + Math.floor(random() * keys.length));
}

function shuffled<Item>(all: readonly Item[], random: Random): Item[] {
  const left = [...all];
  return all.map(() => left.splice(Math.floor(random() * left.length), 1)[0]!);
}

/** The steps that build a tree with these keys, and its places where calls are to meet. */
function drawTree(keys: readonly string[], random: Random): { setup: string[]; near: string[] } {
  // Ascending insertions leave full leaves, others half full ones.
  const order = weighted([["up", 6] as const, ["down", 1] as const, ["any", 2] as const], random);
  const sets =
    order === "up" ? keys : order === "down" ? keys.toReversed() : shuffled(keys, random);
  const gone = weighted<() => readonly string[]>(
    [
      [() => [], 5],
      // All of a run but one or two: leaves that are nearly empty, and empty ones.
      [() => shuffled(runOf(keys, random), random).slice(oneOf([0, 1, 1, 1, 2], random)), 4],
      [() => [oneOf(keys, random)], 2],
      [() => keys.filter(() => random() < 0.5), 1],
    ],
    random,
  )();
  const removed = keys.length === 0 ? [] : gone;
  const again = removed.filter(() => random() < 0.1);
  const near = weighted<() => readonly string[]>(
    [
      [() => keys, 3],
      [() => removed, removed.length > 0 ? 2 : 0],
      [() => keys.slice(-2), 1],
      // Where leaves split at the end.
      [() => [`${keys.at(-1)!}1`], keys.length > 0 ? 3 : 0],
    ],
    random,
  )();
  return {
    setup: [...sets, ...removed.map((key) => `-${key}`), ...again],
    near: near.length === 0 ? ["b"] : shuffled(near, random).slice(0, 2),
  };
}

/** How many calls each thread makes: often one does much while another is in the middle of one call. */
function drawLengths(random: Random): number[] {
  const many = () =>
    weighted(
      [
        [1, 3],
        [2, 4],
        [3, 4],
        [4, 1],
      ] as const,
      random,
    );
  if (random() < 0.7) return random() < 0.7 ? [1, many()] : [many(), many()];
  return [1, 1, Math.min(many(), 2)];
}

/** The generator of a tree's programs. */
export function treeGenerator({ width, canFail, translate }: TreeGeneratorOptions): Generator {
  const asHere = translate ?? ((operation: TreeOperation) => operation);
  const keysOf = (setup: readonly string[]) => setup.map((step) => step.replace(/^-/, ""));

  /** Draws keys of the calls, and keys next to them. */
  const nearby = ({ setup, threads }: Sketch, random: Random) => {
    const called = threads.flat().flatMap((call) => keyOf(call) ?? []);
    const known = called.length > 0 ? called : setup.length > 0 ? keysOf(setup) : ["b"];
    return () => {
      const key = oneOf(known, random);
      return random() < 0.7 ? key : neighbours(key, [...keysOf(setup), ...called], random);
    };
  };

  return {
    draw(random) {
      const keys = drawKeys(width, random);
      const { setup, near } = drawTree(keys, random);
      // A few keys, which most calls are on: often all on one.
      const few = Array.from({ length: oneOf([1, 1, 2, 2, 2, 3, 3, 3], random) }, (_, index) =>
        index === 0 ? near[0]! : neighbours(oneOf(near, random), keys, random),
      );
      const key = () => (random() < 0.9 ? oneOf(few, random) : neighbours(few[0]!, keys, random));
      const threads: string[][] = [];
      for (const length of drawLengths(random)) {
        threads.push(drawCalls(length, { key, others: threads.flat(), canFail, random }));
      }
      return { setup, threads };
    },
    call(sketch, random) {
      const others = sketch.threads.flat();
      return drawCalls(1, { key: nearby(sketch, random), others, canFail, random })[0]!;
    },
    step(sketch, random) {
      const key = nearby(sketch, random)();
      return random() < 0.5 ? key : `-${key}`;
    },
    simpler: simplerCalls,
    program({ setup, threads }) {
      let value = 0n;
      return treeProgram({
        name: "",
        keys: [],
        steps: setup,
        threads: threads.map((calls) => calls.map((text) => asHere(parseCall(text, ++value)))),
        maxSteps: 100_000,
        heapPages: 8,
        ...(translate && { translate }),
      });
    },
  };
}
