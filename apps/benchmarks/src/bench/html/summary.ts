// The report's summary in plain language. Every word about who wins comes from the figures.
import { count, duration, bytes as inBytes } from "../../format.ts";
import { type BenchResult, isBusy, type Machine, type Unit } from "../result.ts";
import { type Html, html } from "./escape.ts";
import { amount, figure, listed, sizeLabel, times, timesRange } from "./numbers.ts";
import { commonOf, type Group, isRate, titles, together } from "./settings.ts";
import { best, type Duel, LEVEL, type Verdicts } from "./verdicts.ts";

export function summary(
  result: BenchResult,
  groups: readonly Group[],
  { duels, onlyOwn, onlyOthers }: Verdicts,
  running = false,
): Html {
  const wins = duels.filter(({ winner }) => winner === "own");
  const losses = duels.filter(({ winner }) => winner === "other");
  const level = duels.filter(({ winner }) => winner === "level");
  const outrun = outrunByOneThread(result, groups);
  const total = duels.length;
  return html`
<p>${measured(result)} ${ranOn(result)}</p>
${notes(result, groups, running).map((note) => html`<p class="note">${note}</p>`)}
<p>In each setting, the best of this project's maps is compared with the best of the others. ${
    total === 0
      ? "No setting of this run has figures of both, so there is nothing to compare."
      : html`Of ${amount(total, "setting")} with both, masstree wins ${count(wins.length)}, others win ${count(losses.length)}, and ${count(level.length)} ${level.length === 1 ? "is" : "are"} level: less than ${times(LEVEL)} apart, or not the same in every round.`
  }</p>
<h3 id="wins">Where masstree wins</h3>
${list(wins.length > 0, byWorkload(result, wins, duels), "Nowhere in this run.")}
<h3 id="losses">Where others win</h3>
${list(losses.length > 0, byWorkload(result, losses, duels), "Nowhere in this run.")}
${outrun.length > 0 && html`<h3 id="outrun">Where one thread of another map does more than several threads of masstree together</h3>${list(true, outrun, "")}`}
${level.length > 0 && html`<h3 id="level">Where they are level</h3>${list(true, byWorkload(result, level, duels), "")}`}
${result.complete && onlyOwn.length + onlyOthers.length > 0 && html`<h3 id="alone">What only one side can do</h3><ul>${alone(onlyOwn, "No other peer")}${alone(onlyOthers, "None of this project's maps")}</ul>`}`;
}

/** What was measured, and how. */
function measured({ settings, keys, peers, measurements, date, seconds, complete }: BenchResult) {
  const workloads = new Set(measurements.map(({ workload }) => workload));
  const sizes = [...new Set(measurements.map(({ size }) => size))].sort((a, b) => a - b);
  const range =
    sizes.length > 2
      ? `${sizeLabel(sizes[0]!)} to ${sizeLabel(sizes.at(-1)!)}`
      : listed(sizes.map(sizeLabel));
  const replayed = settings.trace === undefined ? "" : ` Operations come from ${settings.trace}.`;
  const rate =
    settings.rate === undefined
      ? ""
      : ` Latencies were measured at ${count(settings.rate)} operations per second.`;
  const loaded = peers.filter(({ missing }) => missing === undefined).length;
  return (
    `${amount(workloads.size, "workload")} on ${amount(loaded, "map")}, with ${amount(keys.length, "kind")} of keys ` +
    `and ${range} entries. ${complete ? "Every figure is the median of" : "Figures are medians of at most"} ${amount(settings.rounds, "round")}; in each round, all maps ` +
    `take their turns.${replayed}${rate} The run began on ${day(date)} and took ${duration(seconds * 1000)}.`
  );
}

function ranOn({ machine }: BenchResult): string {
  const cores = amount(machine.cores, "core");
  if (machine.browser !== undefined) return `It ran in a browser, on ${cores}: ${machine.browser}.`;
  const memory = inBytes(machine.memoryBytes).replace(/\.\d+ GiB/, " GiB");
  return `It ran on ${machine.cpu} with ${cores} and ${memory} of memory, ${engine(machine)}, ${machine.platform}.`;
}

export function engine(machine: Machine): string {
  if (machine.browser !== undefined) return machine.browser;
  return `Node ${machine.node ?? "of unknown version"}${machine.v8 ? ` (V8 ${machine.v8})` : ""}`;
}

/** The day of an ISO date, as `30 November 2026`; the text itself if it is none. */
export function day(date: string): string {
  const parsed = new Date(date);
  if (Number.isNaN(parsed.getTime())) return date;
  return parsed.toLocaleDateString("en-GB", { dateStyle: "long", timeZone: "UTC" });
}

/** What a reader has to know before believing the figures. */
function notes(
  { machine, complete, peers }: BenchResult,
  groups: readonly Group[],
  running: boolean,
): string[] {
  const said: string[] = [];
  if (running) said.push("The run goes on: these are the figures so far.");
  else if (!complete) said.push("The run was interrupted: settings or rounds are missing.");
  if (isBusy(machine)) {
    said.push(
      `The machine was busy when the run began (load ${machine.load.toFixed(1)} on ${amount(machine.cores, "core")}). Ratios within rounds tolerate some of that, other figures do not.`,
    );
  }
  const most = Math.max(1, ...groups.map(({ threads }) => threads));
  if (most > machine.cores) {
    said.push(
      `With more than ${amount(machine.cores, "thread")}, threads share cores: those figures show how a map copes with that, not how it scales.`,
    );
  }
  for (const { name, missing } of peers) {
    if (missing !== undefined) said.push(`${name} could not be loaded: ${missing}.`);
  }
  return said;
}

function list(some: boolean, items: readonly Html[], none: string): Html {
  return some
    ? html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`
    : html`<p>${none}</p>`;
}

/** One sentence for each workload: who is ahead of whom, by how much, and where. */
function byWorkload(result: BenchResult, some: readonly Duel[], all: readonly Duel[]): Html[] {
  return together(
    some.map(({ group }) => group),
    "workload",
  ).map((groups) => {
    const { workload, unit } = groups[0]!;
    const duels = some.filter(({ group }) => group.workload === workload);
    const others = all.filter(({ group }) => group.workload === workload);
    const about = result.workloads.find(({ name }) => name === workload)?.description;
    return html`<strong>${workload}</strong>${about !== undefined && html` <span class="about">(${about})</span>`}: ${sentence(duels, unit)}${where(duels, others)}.`;
  });
}

function sentence(duels: readonly Duel[], unit: Unit): string {
  const owns = names(duels.map(({ own }) => own.peer));
  const others = names(duels.map(({ other }) => other.peer));
  const { winner } = duels[0]!;
  if (winner === "level") {
    // Either they are close, or the rounds do not agree about who is ahead.
    if (duels.every(({ factor }) => factor < LEVEL && factor > 1 / LEVEL))
      return `${owns} and ${others} are less than ${times(LEVEL)} apart`;
    const [{ own, other }, ...more] = duels as [Duel, ...Duel[]];
    const medians = ` (their medians are ${figure(own.median, unit)} and ${figure(other.median, unit)})`;
    return `neither ${owns} nor ${others} is ahead in every round${more.length === 0 ? medians : ""}`;
  }
  const [first, second] = winner === "own" ? [owns, others] : [others, owns];
  const leads = duels.map(({ lead }) => lead);
  // A figure of 0 has no factor.
  if (!leads.every(Number.isFinite)) return `${first} is ahead of ${second}`;
  const factor = timesRange(leads);
  switch (unit) {
    case "operations/s":
    case "entries/s":
      return `${first} is ${factor} as fast as ${second}${winner === "other" ? nextOther(duels) : ""}`;
    case "bytes/entry":
      return `${second} takes ${factor} the memory of ${first}`;
    case "us":
      return `${second} takes ${factor} as long as ${first}`;
    case "ms":
      return `${second} stalls the event loop ${factor} as long as ${first}`;
  }
}

/** Where a single other map is ahead: how the own map does against the rest of them. */
function nextOther(duels: readonly Duel[]): string {
  const ahead = duels.flatMap(({ group, own, other, others }) => {
    const next = best(group, ({ peer }) => peer !== other.peer && others.has(peer));
    return next !== undefined && own.median > next.median * LEVEL
      ? [{ peer: next.peer, factor: own.median / next.median }]
      : [];
  });
  if (ahead.length < duels.length || !ahead.every(({ factor }) => Number.isFinite(factor)))
    return "";
  const factor = timesRange(ahead.map((each) => each.factor));
  return `, which is ${factor} as fast as the next, ${names(ahead.map(({ peer }) => peer))}`;
}

/** Which of a workload's settings are meant, unless all are. */
function where(some: readonly Duel[], all: readonly Duel[]): string {
  if (all.length === 1) return "";
  if (some.length === all.length) return howMany(some.length, all.length);
  const groups = all.map(({ group }) => group);
  const meant = some.map(({ group }) => group);
  const part = `${count(some.length)} of ${count(all.length)} settings`;
  const common = commonOf(meant, groups);
  if (common !== undefined) return `, with ${common} (${part})`;
  const title = titles(groups);
  const shown = meant.slice(0, 4).map((group) => title(group).split(", ").slice(1).join(", "));
  const rest = some.length > 4 ? ` and ${count(some.length - 4)} more` : "";
  return `, in ${part} (${shown.join("; ")}${rest})`;
}

function howMany(some: number, all: number): string {
  if (some < all) return `, in ${count(some)} of ${count(all)} settings`;
  return all === 2 ? ", in both settings" : `, in all ${count(all)} settings`;
}

const names = (peers: readonly string[]): string =>
  listed([...new Set(peers)]).replace(/ and /, " or ");

function alone(groups: readonly Group[], who: string): Html[] {
  return together(groups, "workload").map((same) => {
    const { workload } = same[0]!;
    const title = titles(groups);
    const one =
      same.length === 1 ? title(same[0]!) : `${workload} (${amount(same.length, "setting")})`;
    const reasons = [
      ...new Set(
        same.flatMap(({ impossible }) =>
          impossible.map(({ peer, cannot }) => `${peer}: ${cannot}`),
        ),
      ),
    ];
    return html`<li>${who} has figures for <strong>${one}</strong>${reasons.length > 0 && ` (${reasons.join("; ")})`}.</li>`;
  });
}

/** Workloads in which several threads on an own map do less than one thread on another one. */
function outrunByOneThread(result: BenchResult, groups: readonly Group[]): Html[] {
  const own = new Set(result.peers.filter((peer) => peer.own).map(({ name }) => name));
  return together(groups.filter(isRate), "workload").flatMap((ofWorkload) => {
    const cases = together(ofWorkload, "keys", "size", "choice").flatMap((same) => {
      const single = same.find(({ threads }) => threads === 1);
      const most = same.reduce((so, next) => (next.threads > so.threads ? next : so));
      if (single === undefined || most.threads === 1) return [];
      const alone = best(single, ({ peer }) => !own.has(peer));
      const shared = best(most, ({ peer }) => own.has(peer));
      if (alone === undefined || shared === undefined) return [];
      const factor = alone.median / shared.median;
      const { threads } = most;
      return [{ factor, threads, alone: alone.peer, shared: shared.peer }];
    });
    const lost = cases.filter(({ factor }) => factor >= LEVEL && Number.isFinite(factor));
    if (lost.length === 0) return [];
    const threads = listed([...new Set(lost.map((each) => count(each.threads)))]);
    const settings = cases.length > 1 ? howMany(lost.length, cases.length) : "";
    return [
      html`<strong>${ofWorkload[0]!.workload}</strong>: ${names(lost.map((each) => each.alone))} on one thread is ${timesRange(lost.map(({ factor }) => factor))} as fast as ${names(lost.map((each) => each.shared))} on ${threads} threads together${settings}.`,
    ];
  });
}
