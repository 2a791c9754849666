// What the programs with boxes rest on.
import {
  type Core,
  coreOf,
  Explorer,
  exploreCrashes,
  type MapOutput,
  perform,
  type ScanResult,
} from "@tooling/interleave";
import { random, runs } from "@tooling/vitest/random";
import { beforeAll, describe, expect, test } from "vitest";
import { get, scan, set } from "../../../tree/test/explorer/operations.ts";
import { treeProgram } from "../../../tree/test/explorer/program.ts";
import { targets } from "./catalog.ts";
import { boxed, hasBox, payloadOf } from "./operations.ts";

const target = targets.find(({ name }) => name === "boxed-3")!;
let core: Core;
beforeAll(async () => {
  core = await coreOf(target);
});

const keys = ["b", "d", "f"];
const machineOf = () => {
  const program = treeProgram({
    name: "boxes",
    keys,
    threads: [[boxed(get("b"))]],
    translate: boxed,
  });
  return new Explorer(core, program).machine;
};

describe("a payload", () => {
  test("is in the word, or in a box that is copied word by word or at once", () => {
    expect([1n, 2n, 4n, 8n].map((value) => payloadOf(value).length)).toEqual([2, 12, 40, 140]);
    expect([1n, 2n, 4n, 8n].map(hasBox)).toEqual([false, true, true, true]);
  });

  test.each([1n, 2n, 4n, 8n, 107n])("of %i goes in and out, and a scan gives it", (value) => {
    const machine = machineOf();
    perform(machine, boxed(set("d", value)));
    expect((perform(machine, boxed(get("d"))) as MapOutput).value).toBe(String(value));
    const { entries } = perform(machine, boxed(scan())) as ScanResult;
    expect(entries).toContainEqual(["d", String(value)]);
  });

  test("that is torn, or mixed from two, counts as no value", () => {
    const machine = machineOf();
    perform(machine, boxed(set("d", 4n)));
    const { bytes } = machine.region;
    const text = new TextDecoder("latin1").decode(bytes.slice());
    const at = text.lastIndexOf(payloadOf(4n));
    machine.region.write(at + 16, new TextEncoder().encode("7"));
    expect((perform(machine, boxed(get("d"))) as MapOutput).value).toMatch(/^a torn payload/);
    const { entries } = perform(machine, boxed(scan())) as ScanResult;
    expect(entries.find(([key]) => key === "d")?.[1]).toMatch(/^a torn payload/);
  });
});

// `pnpm crashes` looks at every program.
test("the boxes of a thread that dies are recovered", () => {
  const draw = random(5);
  const step = Math.max(1, Math.round(48 / runs(1)));
  const first = Math.floor(draw() * step);
  const some = target.crashes().filter((_, index) => index % step === first);
  const findings = some.map(({ program, victims }) => {
    const options = { deadline: performance.now() + 300, random: draw };
    return exploreCrashes(new Explorer(core, program), victims, options).finding;
  });
  expect(findings.filter(Boolean)).toEqual([]);
  expect(some.length).toBeGreaterThan(5);
}, 240_000);
