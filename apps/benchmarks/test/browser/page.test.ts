// What can be said about the browser's page without a browser. `npm run test:browser` runs it in one.
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { loadPeer } from "../../src/bench/peers/registry.ts";
import { toJson } from "../../src/bench/result.ts";
import { problemsOf } from "../../src/browser/check.ts";
import { checked, type Report } from "../../src/browser/checked.ts";
import {
  possibleKeys,
  possiblePeers,
  possibleThreads,
  possibleWorkloads,
  usual,
} from "../../src/browser/page/settings.ts";
import { impossible, measured, resultOf } from "../report/results.ts";

const program = fileURLToPath(new URL("../../dist/browser.js", import.meta.url));
let child: ChildProcess | undefined;

afterEach(() => {
  child?.kill("SIGKILL");
});

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** @param until calls back with what was printed so far, until it has an answer; then the program gets Ctrl-C */
async function run(
  args: readonly string[],
  until?: (out: string) => Promise<boolean>,
): Promise<Ended> {
  const started = spawn(process.execPath, [program, ...args]);
  child = started;
  let out = "";
  let err = "";
  started.stderr.on("data", (chunk) => {
    err += chunk;
  });
  started.stdout.on("data", async (chunk) => {
    out += chunk;
    if (await until?.(out)) started.kill("SIGINT");
  });
  const status = await new Promise<number | null>((resolve) => started.on("close", resolve));
  return { status, out, err };
}

test("the address that is printed has the page and all its scripts, until Ctrl-C", async () => {
  const seen: Record<string, number> = {};
  const { status } = await run([], async (out) => {
    const address = /Open (\S+)/.exec(out)?.[1];
    if (address === undefined) return false;
    const page = await fetch(address);
    expect(page.headers.get("cross-origin-embedder-policy")).toBe("require-corp");
    expect(await page.text()).toContain("masstree benchmark in this browser");
    for (const script of ["page.js", "bench-worker.js", "message-owner.js"]) {
      seen[script] = (await fetch(new URL(script, address))).status;
    }
    return true;
  });
  expect(seen).toEqual({ "page.js": 200, "bench-worker.js": 200, "message-owner.js": 200 });
  expect(status).toBe(130);
});

test.each([
  [["--port", "70000"], "Pass a whole number from 0 to 65,535"],
  [["--port", "x"], "Pass a whole number"],
  [["--wrong"], "unknown option"],
  [["more"], "too many arguments"],
])("%j is refused with status 2", async (args, message) => {
  const { status, err } = await run(args);
  expect(err).toContain(message);
  expect(status).toBe(2);
});

test("no browser is told apart from a benchmark that fails", async () => {
  const started = spawn(process.execPath, [program, "--check"], { env: { PATH: "" } });
  child = started;
  let err = "";
  started.stderr.on("data", (chunk) => {
    err += chunk;
  });
  expect(await new Promise((resolve) => started.on("close", resolve))).toBe(1);
  expect(err).toContain("No browser was found");
});

test("all that the page offers exists, and what it has chosen is offered", async () => {
  for (const name of possiblePeers) expect((await loadPeer(name)).name).toBe(name);
  const workloads = possibleWorkloads.map(({ name }) => name);
  const keys = possibleKeys.map(({ name }) => name);
  for (const cores of [1, 2, 8, 128]) {
    const chosen = usual(cores);
    expect(workloads).toEqual(expect.arrayContaining([...chosen.workloads]));
    expect(keys).toEqual(expect.arrayContaining([...chosen.keys]));
    expect([...possiblePeers]).toEqual(expect.arrayContaining([...chosen.peers, chosen.baseline]));
    expect(possibleThreads(cores)).toEqual(expect.arrayContaining([...chosen.threads]));
    expect(Math.max(...possibleThreads(cores))).toBeLessThanOrEqual(2 * cores);
  }
  expect(workloads).toEqual(expect.arrayContaining([...checked.workloads]));
});

/** A report in which nothing is wrong. */
function good(): Report {
  const cells = checked.workloads.flatMap((workload) =>
    checked.peers.map((peer) => measured(peer, [5, 6], { workload })),
  );
  const result = resultOf(cells);
  const json = toJson({ ...result, machine: { ...result.machine, browser: "some browser" } });
  return {
    userAgent: "some browser",
    json,
    html: "<!doctype html><svg></svg></html>\n",
    plots: [2, 3],
    errors: [],
  };
}

test("a good report has no problems", () => {
  expect(problemsOf(good())).toEqual([]);
});

const withCells = (change: (cells: ReturnType<typeof measured>[]) => unknown[]): Report => {
  const result = JSON.parse(good().json!);
  return {
    ...good(),
    json: JSON.stringify({ ...result, measurements: change(result.measurements) }),
  };
};

test.each<[string, Report, string]>([
  ["an error in the page", { ...good(), errors: ["boom"] }, "boom"],
  ["no plot while it ran", { ...good(), plots: [0, 3] }, "no plot was there"],
  ["plots that went away", { ...good(), plots: [3, 0] }, "0 plots were left of 3"],
  ["a report without plots", { ...good(), html: "<!doctype html></html>\n" }, "no page with plots"],
  ["no result", { ...good(), json: undefined as never }, "no result to save"],
  [
    "a peer that is missing",
    withCells((cells) => cells.filter(({ peer }) => peer !== "Map")),
    "Map: there is no measurement",
  ],
  [
    "a sample that is missing",
    withCells(([first, ...rest]) => [{ ...first, samples: [5] }, ...rest]),
    "1 samples",
  ],
  [
    "a peer that failed",
    withCells(([first, ...rest]) => [
      impossible("Map", "it failed: boom", { workload: first!.workload }),
      ...rest,
    ]),
    "it failed: boom",
  ],
  [
    "an own map that cannot",
    withCells((cells) => [...cells.slice(1), impossible("MassTreeInline", "it is unwell")]),
    "MassTreeInline cannot: it is unwell",
  ],
  [
    "a run that did not end",
    { ...good(), json: good().json!.replace('"complete": true', '"complete": false') },
    "not complete",
  ],
])("%s is found", (_, report, problem) => {
  expect(problemsOf(report).join("\n")).toContain(problem);
});
