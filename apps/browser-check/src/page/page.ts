/* Runs the checks one after the other, shows the results, and posts them to the server. */
import type { Outcome, Report } from "../report.ts";
import { keysAndValues, manyKeys, platform } from "./alone.ts";
import {
  endsByItself,
  endsWithItsParent,
  neverCameBack,
  standsStill,
  terminated,
} from "./deaths.ts";
import { playRole } from "./second.ts";
import {
  isCopied,
  isShared,
  keepsItsContents,
  keepsOtherPagesOut,
  outlivesOthers,
  roles,
  survivesAReload,
  survivesItsThreads,
} from "./store.ts";
import { locksComeAndGo, writeTogether } from "./together.ts";

const given = new URLSearchParams(location.search);
const deaths = Number(given.get("deaths") ?? 30);

// If a check returns something, it is shown as a note.
const checks: [string, () => unknown][] = [
  ["the page has shared memory and Web Locks, is not Node, and may not wait", platform],
  ["keys and values of every kind come back", keysAndValues],
  ["the page's own thread writes and reads 200,000 keys", manyKeys],
  ["the page and four workers write and scan one map", writeTogether],
  ["threads take their locks and release them", locksComeAndGo],
  ["a worker terminated in the middle of a write is recovered", () => terminated(deaths)],
  ["a worker that ends itself is recovered", endsByItself],
  ["a worker that ends with the worker that started it is recovered", endsWithItsParent],
  ["a worker that blocks is left alone", standsStill],
  ["a worker that never returned to its event loop is recovered", neverCameBack],
  ["a store in OPFS has what was committed, in the same worker and in another", keepsItsContents],
  ["a store is copied to a path that was prepared", isCopied],
  ["two workers read and write one store", isShared],
  [
    "a store whose worker is terminated in the middle of a commit",
    () => survivesItsThreads(deaths),
  ],
  ["a worker whose fellow is terminated goes on", () => outlivesOthers(Math.ceil(deaths / 10))],
  ["another page is refused while any worker has the store open", keepsOtherPagesOut],
  ["a store is there after a reload in the middle of commits", survivesAReload],
];

const list = document.querySelector("ol")!;
const stray: string[] = [];
addEventListener("error", ({ message }) => stray.push(message));
addEventListener("unhandledrejection", ({ reason }) => stray.push(String(reason?.stack ?? reason)));

const outcomes: Outcome[] = [];

if (given.has("role")) await playRole(roles, given);
else await runChecks();

async function runChecks(): Promise<void> {
  for (const [name, run] of checks) {
    const start = performance.now();
    await report(name);
    const took = () => Math.round(performance.now() - start);
    try {
      const note = await run();
      show({ name, milliseconds: took(), ...(note ? { note: String(note) } : {}) });
    } catch (error) {
      const said = error instanceof Error ? `${error.message}\n${error.stack}` : String(error);
      show({ name, milliseconds: took(), error: said });
    }
  }
  const nothingStray = "there was no uncaught error";
  show({ name: nothingStray, milliseconds: 0, ...(stray[0] ? { error: stray.join("\n") } : {}) });
  await report();
}

async function report(running?: string): Promise<void> {
  const { userAgent } = navigator;
  const body: Report = { userAgent, outcomes, ...(running ? { running } : {}) };
  await fetch("/report", { method: "POST", body: JSON.stringify(body) });
}

function show(outcome: Outcome): void {
  outcomes.push(outcome);
  const { name, error, note, milliseconds } = outcome;
  const item = document.createElement("li");
  item.className = error === undefined ? "passed" : "failed";
  item.textContent = `${error === undefined ? "✓" : "✗"} ${name} (${milliseconds} ms)${note ? `: ${note}` : ""}`;
  if (error !== undefined) {
    const detail = document.createElement("pre");
    detail.textContent = error;
    item.append(detail);
  }
  list.append(item);
}
