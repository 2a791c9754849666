// The form: what can be chosen, with what it means.
import { sizeLabel } from "../../bench/html/numbers.ts";
import {
  type Chosen,
  possibleKeys,
  possiblePeers,
  possibleSizes,
  possibleThreads,
  possibleWorkloads,
} from "./settings.ts";

export function byId<E extends HTMLElement>(id: string): E {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element '${id}'`);
  return found as E;
}

interface Choice {
  readonly value: string;
  readonly label: string;
  readonly description?: string;
}

/** Fills the form. */
export function buildForm(cores: number): void {
  const names = (entries: readonly { name: string; description: string }[]): Choice[] =>
    entries.map(({ name, description }) => ({ value: name, label: name, description }));
  boxes("workloads", names(possibleWorkloads));
  boxes("peers", possiblePeers.map(plain));
  boxes("keys", names(possibleKeys));
  boxes(
    "sizes",
    possibleSizes.map((size) => ({ value: String(size), label: sizeLabel(size) })),
  );
  boxes("threads", possibleThreads(cores).map(String).map(plain));
  const baseline = byId<HTMLSelectElement>("baseline");
  for (const name of possiblePeers) baseline.append(new Option(name, name));
}

const plain = (value: string): Choice => ({ value, label: value });

function boxes(name: string, choices: readonly Choice[]): void {
  byId(name).append(
    ...choices.map(({ value, label, description }) => {
      const box = document.createElement("input");
      box.type = "checkbox";
      box.name = name;
      box.value = value;
      const element = document.createElement("label");
      element.append(box, ` ${label}`);
      if (description !== undefined) element.title = description;
      return element;
    }),
  );
}

export function setForm(chosen: Chosen): void {
  for (const name of ["workloads", "peers", "keys", "sizes", "threads"] as const) {
    const wanted = new Set(chosen[name].map(String));
    for (const box of boxesOf(name)) box.checked = wanted.has(box.value);
  }
  byId<HTMLInputElement>("rounds").value = String(chosen.rounds);
  byId<HTMLInputElement>("interval").value = String(chosen.interval);
  byId<HTMLSelectElement>("baseline").value = chosen.baseline;
}

/** @throws an Error that says what is missing, for the user */
export function readForm(): Chosen {
  const checked = (name: string, what: string): string[] => {
    const values = boxesOf(name)
      .filter((box) => box.checked)
      .map((box) => box.value);
    if (values.length === 0) throw new Error(`Choose at least one ${what}.`);
    return values;
  };
  return {
    workloads: checked("workloads", "workload"),
    peers: checked("peers", "map"),
    keys: checked("keys", "kind of keys"),
    sizes: checked("sizes", "number of entries").map(Number),
    threads: checked("threads", "number of threads").map(Number),
    rounds: byId<HTMLInputElement>("rounds").valueAsNumber,
    interval: byId<HTMLInputElement>("interval").valueAsNumber,
    baseline: byId<HTMLSelectElement>("baseline").value,
  };
}

/** While the benchmark runs, only Stop can be used. */
export function setRunning(running: boolean): void {
  const elements = byId("settings").querySelectorAll<HTMLInputElement>("fieldset, input, select");
  for (const element of Array.from(elements)) element.disabled = running;
  byId<HTMLButtonElement>("start").disabled = running;
  byId<HTMLButtonElement>("stop").disabled = !running;
}

function boxesOf(name: string): HTMLInputElement[] {
  return Array.from(byId(name).querySelectorAll<HTMLInputElement>("input"));
}
