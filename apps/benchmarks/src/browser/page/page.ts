// The page's script: the form's buttons, and what happens when they are pressed.
import { writeHtml } from "../../bench/html/page.ts";
import { type BenchResult, toJson } from "../../bench/result.ts";
import { duration } from "../../format.ts";
import { checkThisPage, type Saved } from "./check.ts";
import { buildForm, byId, readForm, setForm, setRunning } from "./form.ts";
import { measure } from "./measure.ts";
import { usual } from "./settings.ts";
import { View } from "./view.ts";

const view = new View();
let stopping: AbortController | undefined;
let result: BenchResult | undefined;

function saved(): Saved | undefined {
  return result && { json: toJson(result), html: writeHtml(result) };
}

function show(id: "unable" | "failure", words: string): void {
  byId(id).textContent = words;
  byId(id).hidden = words === "";
}

/** Runs what the form says. */
async function start(): Promise<void> {
  show("failure", "");
  let chosen: ReturnType<typeof readForm>;
  try {
    chosen = readForm();
  } catch (error) {
    show("failure", (error as Error).message);
    return;
  }
  stopping = new AbortController();
  setRunning(true);
  const { signal } = stopping;
  try {
    const found = await measure(chosen, {
      progress: view,
      signal,
      onSample: (so) => view.drawSoon(so),
    });
    result = found.result;
    view.draw(result);
    const took = duration(result.seconds * 1000);
    view.end(result.complete ? `Finished in ${took}.` : `Stopped after ${took}.`);
    if (found.error !== undefined) show("failure", wordsOf(found.error));
    for (const id of ["save-json", "save-html"]) byId<HTMLButtonElement>(id).disabled = false;
  } catch (error) {
    view.end("Failed.");
    show("failure", wordsOf(error));
  } finally {
    setRunning(false);
    stopping = undefined;
  }
}

function wordsOf(error: unknown): string {
  return `The benchmark failed: ${error instanceof Error ? `${error.message}\n${error.stack}` : error}`;
}

function save(name: string, type: string, content: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  // The download has its own hold on the content by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

if (!crossOriginIsolated) {
  show(
    "unable",
    "This page has no shared memory, because it is not cross-origin isolated. Serve it with 'npm run bench:browser', " +
      "and open it in a browser that supports the headers Cross-Origin-Opener-Policy and Cross-Origin-Embedder-Policy.",
  );
} else {
  const cores = navigator.hardwareConcurrency;
  buildForm(cores);
  setForm(usual(cores));
  byId("settings").hidden = false;
  byId("settings").addEventListener("submit", (event) => {
    event.preventDefault();
    void start();
  });
  byId("stop").addEventListener("click", () => {
    byId<HTMLButtonElement>("stop").disabled = true;
    stopping?.abort();
  });
  byId("save-json").addEventListener("click", () =>
    save("masstree-benchmark.json", "application/json", saved()!.json),
  );
  byId("save-html").addEventListener("click", () =>
    save("masstree-benchmark.html", "text/html", saved()!.html),
  );
  if (new URLSearchParams(location.search).has("check")) void checkThisPage(saved);
}
