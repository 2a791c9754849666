// The cells of a result, arranged for the report: a setting is a cell without its peer.

import {
  type BenchResult,
  type Cell,
  type Impossible,
  isMeasured,
  type Measured,
  type Unit,
} from "../result.ts";
import { listed } from "./numbers.ts";

export type Setting = Omit<Cell, "peer">;

/** All peers in one setting. */
export interface Group extends Setting {
  readonly unit: Unit;
  readonly measured: readonly Measured[];
  readonly impossible: readonly Impossible[];
}

/** The settings of a result, in the order of its workloads and then of the measurements. */
export function groupsOf(result: BenchResult): Group[] {
  const order = new Map(result.workloads.map(({ name }, place) => [name, place]));
  const peers = new Map(result.peers.map(({ name }, place) => [name, place]));
  const units = new Map(result.workloads.map(({ name, unit }) => [name, unit]));
  const groups = new Map<string, Group & { measured: Measured[]; impossible: Impossible[] }>();
  for (const measurement of result.measurements) {
    const { workload, keys, size, threads, choice } = measurement;
    const name = JSON.stringify([workload, keys, size, threads, choice]);
    let group = groups.get(name);
    if (group === undefined) {
      const unit = units.get(workload) ?? "operations/s";
      group = { workload, keys, size, threads, choice, unit, measured: [], impossible: [] };
      groups.set(name, group);
    }
    if (isMeasured(measurement)) group.measured.push(measurement);
    else group.impossible.push(measurement);
  }
  const place = ({ peer }: Cell): number => peers.get(peer) ?? peers.size;
  for (const { measured, impossible } of groups.values()) {
    measured.sort((a, b) => place(a) - place(b));
    impossible.sort((a, b) => place(a) - place(b));
  }
  const at = ({ workload }: Setting): number => order.get(workload) ?? order.size;
  return [...groups.values()].sort((a, b) => at(a) - at(b));
}

/** Groups that agree in these members, in the order in which they first occur. */
export function together(groups: readonly Group[], ...members: (keyof Setting)[]): Group[][] {
  const found = new Map<string, Group[]>();
  for (const group of groups) {
    const name = JSON.stringify(members.map((member) => group[member]));
    const same = found.get(name);
    if (same === undefined) found.set(name, [group]);
    else same.push(group);
  }
  return [...found.values()];
}

export function isRate({ unit }: Pick<Group, "unit">): boolean {
  return unit === "operations/s" || unit === "entries/s";
}

/** The kind and number of keys with the most measured settings; of equals the first. */
export function mainGroups(groups: readonly Group[]): Group[] {
  const choices = together(groups, "keys", "size");
  const measured = (some: readonly Group[]): number =>
    some.filter((group) => group.measured.length > 0).length;
  return choices.reduce<Group[]>(
    (best, next) => (measured(next) > measured(best) ? next : best),
    [],
  );
}

/** The measurements that have latencies, in their groups. */
export function withLatency(groups: readonly Group[]): Group[] {
  return groups
    .map((group) => ({
      ...group,
      measured: group.measured.filter(({ latency }) => latency !== undefined),
    }))
    .filter(({ measured }) => measured.length > 0);
}

/** For each workload and choice of keys, the groups with the fewest threads. */
export function fewestThreads(groups: readonly Group[]): Group[] {
  return together(groups, "workload", "choice", "keys", "size").map((same) =>
    same.reduce((least, next) => (next.threads < least.threads ? next : least)),
  );
}

type Words = { readonly [Member in keyof Setting]: (value: Setting[Member]) => string };

const words: Words = {
  workload: (name) => name,
  choice: (name) => name,
  keys: (name) => name,
  size: (size) => `${size.toLocaleString("en-US")} entries`,
  threads: (threads) => (threads === 1 ? "1 thread" : `${threads} threads`),
};

const members = ["choice", "keys", "size", "threads"] as const;

/**
 * The members in which settings differ. How keys are chosen is part of most workloads' meaning, so that it counts only
 * where one workload has several ways.
 */
function variedMembers(all: readonly Setting[]): (typeof members)[number][] {
  const values = (some: readonly Setting[], member: keyof Setting): number =>
    new Set(some.map((each) => each[member])).size;
  const workloads = new Set(all.map(({ workload }) => workload));
  return members.filter((member) =>
    member === "choice"
      ? [...workloads].some(
          (name) =>
            values(
              all.filter(({ workload }) => workload === name),
              member,
            ) > 1,
        )
      : values(all, member) > 1,
  );
}

/** What a part of the settings has in common that no other has: `2 threads`, if there is such a member. */
export function commonOf(some: readonly Setting[], all: readonly Setting[]): string | undefined {
  const others = all.filter((each) => !some.includes(each));
  const member = (["threads", "keys", "size", "choice"] as const).find((each) =>
    some.every((one) => others.every((other) => one[each] !== other[each])),
  );
  if (member === undefined || others.length === 0) return undefined;
  const values = [...new Set(some.map((each) => words[member](each[member] as never)))];
  return values.length > 4 ? undefined : listed(values);
}

/** Names settings by the members in which they differ from each other. The workload is always named. */
export function titles(all: readonly Setting[]): (setting: Setting) => string {
  const varied = variedMembers(all);
  return (setting) => named(setting, ["workload", ...varied]);
}

/** Names settings by the members in which they differ from most of the others. */
export function shortTitles(all: readonly Setting[]): {
  title(setting: Setting): string;
  /** What all share that do not say otherwise: `uniform, 1 thread`. */
  readonly otherwise: string;
} {
  const usual = new Map(members.map((member) => [member, commonest(all, member)]));
  const varied = variedMembers(all);
  const first = all[0];
  const typical = first && ({ ...first, ...Object.fromEntries(usual) } as Setting);
  return {
    title: (setting) => {
      const own = varied.filter((member) => setting[member] !== usual.get(member));
      return named(setting, ["workload", ...own]);
    },
    otherwise: typical === undefined ? "" : named(typical, varied),
  };
}

function named(setting: Setting, which: readonly (keyof Setting)[]): string {
  return which.map((member) => words[member](setting[member] as never)).join(", ");
}

function commonest(all: readonly Setting[], member: keyof Setting): string | number | undefined {
  const counts = new Map<string | number, number>();
  for (const { [member]: value } of all) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce<[string | number, number] | undefined>(
    (so, next) => (so === undefined || next[1] > so[1] ? next : so),
    undefined,
  )?.[0];
}
