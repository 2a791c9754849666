// Programs that are drawn: their texts, what they cover, and that a mistake is found by them and made small.
import { seed } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import { Explorer } from "../src/explore.ts";
import { randomNumbers } from "../src/random.ts";
import { parseSchedule } from "../src/schedule.ts";
import { Coverage } from "../src/sketches/coverage.ts";
import { type Generator, programOf } from "../src/sketches/generator.ts";
import { huntGenerated } from "../src/sketches/hunt.ts";
import { mostCalls, mostThreads, mutate } from "../src/sketches/mutate.ts";
import { formatSketch, parseSketch, type Sketch } from "../src/sketches/sketch.ts";
import { fixtureCore, machine, op, threads } from "./fixtures.ts";

const calls = ["increment", "counter", "pop"];
const oneOf = <Item>(all: readonly Item[], random: () => number): Item =>
  all[Math.floor(random() * all.length)]!;

/** Counts, and takes from an empty stack. Bug 1 counts in two steps. */
const generator: Generator = {
  draw: (random) => ({
    setup: random() < 0.5 ? [] : ["increment"],
    threads: [1, 2, 3].slice(random() < 0.5 ? 1 : 0).map(() => [oneOf(calls, random), "counter"]),
  }),
  call: (_, random) => oneOf(calls, random),
  step: () => "increment",
  simpler: (call) => (call === "pop" ? ["counter"] : []),
  program({ setup, threads: lists }) {
    const unknown = [...setup, ...lists.flat()].find((call) => !calls.includes(call));
    if (unknown !== undefined) throw new Error(`'${unknown}' is no call`);
    return {
      name: "",
      threads: threads(...lists.map((list) => list.map((call) => op(call)))),
      machine,
      setup(machine) {
        for (const call of setup) machine.call(machine.observer, call);
      },
      check(machine) {
        const counter = machine.call(machine.observer, "counter");
        const all = [...setup, ...lists.flat()].filter((call) => call === "increment").length;
        return counter === all ? undefined : `the counter is ${counter}, not ${all}`;
      },
    };
  },
};

describe("a program's text", () => {
  test.each([
    "nothing: get a",
    "b d -b: remove d, set a | scan up from b 2",
    "b: get a | get b | get c",
  ])("'%s' is read and written alike", (text) => {
    expect(formatSketch(parseSketch(text))).toBe(text);
  });

  test.each(["", "get a | get b", "b: ", ": get a", "b: get a: get b"])(
    "'%s' is refused",
    (text) => {
      expect(() => parseSketch(text)).toThrow(`'${text}' is no program`);
    },
  );
});

describe("coverage", () => {
  const twoCounters = programOf(generator, parseSketch("nothing: increment | increment, counter"));

  async function explored(preemptions: number, coverage?: Coverage) {
    const core = await fixtureCore();
    const all = coverage ?? new Coverage(core);
    const explorer: Explorer = new Explorer(core, twoCounters, (run) =>
      all.add(explorer.machine, run),
    );
    explorer.explore({ kind: "exhaustive", preemptions });
    return all;
  }

  test("counts sites, edges within a call, and places that met on one block", async () => {
    // One site each; the calls have no edge within. The counter is read after the other's increment, or before it.
    expect((await explored(0)).covered).toEqual({ sites: 2, edges: 0, meetings: 2 });
    expect((await explored(1)).covered).toEqual({ sites: 2, edges: 0, meetings: 3 });
  });

  test("is not counted twice, but added up", async () => {
    const one = await explored(1);
    const { covered } = one;
    expect((await explored(1, one)).covered).toEqual(covered);
    const sum = new Coverage(await fixtureCore());
    sum.merge(one.data);
    sum.merge(one.data);
    expect(sum.covered).toEqual(covered);
  });

  test("lists the lines that were never reached", async () => {
    const lines = (await explored(0)).unreached().get("assembly/fixtures.ts")!;
    const all = new Coverage(await fixtureCore()).unreached().get("assembly/fixtures.ts")!;
    // Those of `increment` and `counter`.
    expect(all.filter((line) => !lines.includes(line))).toEqual([24, 28]);
  });

  test("promises what a schedule without preemptions cannot show", async () => {
    const core = await fixtureCore();
    const coverage = new Coverage(core);
    const explorer = new Explorer(core, twoCounters);
    const { finding } = explorer.explore({ kind: "exhaustive", preemptions: 0 });
    expect(finding).toBeUndefined();
    const run = explorer.replay(parseSchedule("default"));
    // increment and increment, increment and counter, in both orders.
    expect(coverage.promise(explorer.machine, run)).toEqual({ edges: 0, meetings: 3 });
    coverage.add(explorer.machine, run);
    expect(coverage.promise(explorer.machine, run)).toEqual({ edges: 0, meetings: 2 });
  });
});

test("a changed program stays small, and differs now and then in each respect", () => {
  const random = randomNumbers(seed);
  const seen = new Set<string>();
  const first = parseSketch("increment: increment, pop | counter");
  let sketch: Sketch = first;
  for (let round = 0; round < 2000; round++) {
    sketch = mutate(round % 10 === 0 ? first : sketch, generator, random);
    expect(sketch.threads.length).toBeGreaterThanOrEqual(1);
    expect(sketch.threads.length).toBeLessThanOrEqual(mostThreads);
    for (const list of sketch.threads) {
      expect(list.length).toBeGreaterThanOrEqual(1);
      expect(list.length).toBeLessThanOrEqual(mostCalls);
    }
    seen.add(`${sketch.threads.length} threads`).add(`${sketch.threads[0]!.length} calls`);
    seen.add(sketch.setup.length === 0 ? "no setup" : "setup");
  }
  for (const what of ["2 threads", "3 threads", "1 calls", "4 calls", "no setup", "setup"]) {
    expect(seen).toContain(what);
  }
});

describe("a hunt with drawn programs", () => {
  test("finds nothing in a correct core, and does the same for the same seed", async () => {
    const core = await fixtureCore();
    const results = [1, 2].map(() => {
      const { finding, programs, schedules, steps, sites, edges, meetings } = huntGenerated(
        core,
        generator,
        { seed, programs: 40 },
      );
      return { finding, programs, schedules, steps, sites, edges, meetings };
    });
    expect(results[0]).toEqual(results[1]);
    expect(results[0]).toMatchObject({ finding: undefined, programs: 40 });
    expect(results[0]!.sites).toBeGreaterThan(2);
  });

  test("finds a mistake, and makes the program small", async () => {
    const core = await fixtureCore(1);
    const { finding } = huntGenerated(core, generator, { seed, programs: 500 });
    expect(finding?.program).toBe("nothing: increment | increment");
    expect(finding?.failure.message).toBe("the counter is 1, not 2");
    const program = programOf(generator, parseSketch(finding!.program));
    const { failure } = new Explorer(core, program).explore({ kind: "exhaustive", preemptions: 1 })
      .finding!;
    expect(failure.message).toBe(finding!.failure.message);
  });

  test("adds to the coverage that it is given", async () => {
    const core = await fixtureCore();
    const coverage = new Coverage(core);
    const first = huntGenerated(core, generator, { seed, programs: 40, coverage });
    const { covered } = coverage;
    expect(first).toMatchObject(covered);
    const second = huntGenerated(core, generator, { seed: seed + 1, programs: 40, coverage });
    expect(second.coverage).toBe(coverage);
    expect(second.meetings).toBeGreaterThanOrEqual(covered.meetings);
  });
});
