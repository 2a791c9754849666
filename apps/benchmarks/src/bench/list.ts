// What `bench --list` shows: everything that can be named, with what it means.
import { choices } from "./choice.ts";
import { FILE_PREFIX, keyKinds } from "./keys/kinds.ts";
import type { PeerEntry } from "./result.ts";
import { workloads } from "./workloads.ts";

/** @param usual the workloads that are measured if none are named */
export function listing(peers: readonly PeerEntry[], usual: readonly string[]): string {
  const keys = [
    ...keyKinds,
    { name: `${FILE_PREFIX}PATH`, description: "the lines of a UTF-8 text file" },
  ];
  return [
    section(
      "--workload (* if none are named)",
      workloads.map(({ name, description }) => ({
        name: usual.includes(name) ? `${name} *` : name,
        description,
      })),
    ),
    section("--keys", keys),
    section("--choice", choices),
    section(
      "--peers",
      peers.map(({ name, description, missing }) => ({
        name,
        description: missing === undefined ? description : `${description}. NOT HERE: ${missing}`,
      })),
    ),
  ].join("\n\n");
}

function section(
  title: string,
  entries: readonly { readonly name: string; readonly description: string }[],
): string {
  const width = Math.max(...entries.map(({ name }) => name.length));
  const lines = entries.map(({ name, description }) => `  ${name.padEnd(width)}  ${description}`);
  return `${title}\n${lines.join("\n")}`;
}
