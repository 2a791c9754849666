// What the explorer explores of the tree.
import { fileURLToPath } from "node:url";
import {
  defineTarget,
  type Mutant,
  parseSketch,
  programOf,
  type Target,
  type TargetOptions,
} from "@tooling/interleave/catalog";
import { joinCrashes, treeCrashes } from "./crashes.ts";
import { mergeMutants } from "./merge-mutants.ts";
import { treeMutants, waitMutants, wideMutants } from "./mutants.ts";
import { type Contents, watch } from "./program.ts";
import { treePrograms } from "./programs.ts";
import type { Shape } from "./shape.ts";
import { shapes } from "./shapes.ts";
import { sharingMutants } from "./sharing-mutants.ts";
import { treeGenerator } from "./sketches/generator.ts";
import { kept } from "./sketches/kept.ts";
import { waitCrashes, waitPrograms } from "./waits.ts";

const directory = fileURLToPath(new URL("../..", import.meta.url));

function tree(width: number, mutants: readonly Mutant[] = []): Target {
  const all = shapes(width);
  const crashes = () => [...treeCrashes(all), ...joinCrashes()];
  const entry = "test/explorer/assembly/tree.ts";
  return shaped({ name: `tree-${width}`, directory, entry, width, all, mutants, crashes });
}

/** A core with the tree's programs. */
export interface ShapedOptions {
  readonly name: string;
  readonly directory: string;
  readonly entry: string;
  readonly width: number;
  readonly all: readonly Shape[];
  readonly mutants: readonly Mutant[];
  readonly crashes: NonNullable<TargetOptions["crashes"]>;
  /** See `Contents`. */
  readonly translate?: Contents["translate"];
}

/**
 * Tiny leaves, in which the rare is common, are built with preconditions checked. Widths 15 and 24 are what
 * is shipped: without checks, without allocations that fail when told to, and with loads that only bring a
 * node's lines into the cache (prefetch.ts, PREFETCH1): of words that may be torn, stale or another block's, and that
 * nobody uses. In leaves that large, some calls do less than their shape is for.
 */
export function shaped(options: ShapedOptions): Target {
  const { name, directory, entry, width, all, mutants, crashes, translate } = options;
  const isShipped = width >= shippedWidth;
  const use = { WIDTH: width, DEBUG: isShipped ? 0 : 1 };
  const core = { directory, entry, use, watch, hints: ["/tree/assembly/prefetch.ts"] };
  const possible = isShipped ? all.map((shape) => ({ ...shape, scarce: [] })) : all;
  const generator = treeGenerator({ width, canFail: !isShipped, ...(translate && { translate }) });
  return defineTarget({
    name,
    core,
    programs: () => [
      ...treePrograms(possible),
      ...kept.map((text) => programOf(generator, parseSketch(text))),
    ],
    mutants,
    crashes,
    generator,
  });
}

/** Threads that wait for keys: in the tree, but with programs of their own. */
function waiting(): Target {
  const width = 3;
  return defineTarget({
    name: `waiting-${width}`,
    core: {
      directory,
      entry: "test/explorer/assembly/waits.ts",
      use: { WIDTH: width, DEBUG: 1 },
      watch,
      hints: ["/tree/assembly/prefetch.ts"],
    },
    programs: () => waitPrograms(width),
    mutants: waitMutants,
    crashes: waitCrashes,
  });
}

export { equivalentMutants } from "./equivalent-mutants.ts";

export const shippedWidth = 15;

/** The other width that is shipped, whose permutations take two words. */
const wideWidth = 24;

export const targets: readonly Target[] = [
  tree(3, treeMutants),
  tree(4, [...sharingMutants, ...mergeMutants]),
  tree(shippedWidth),
  tree(wideWidth, wideMutants),
  waiting(),
];
