// Runs each part of the job in a process of its own: so no part pays for what another has left on the
// heap, and the memory of each can be told.
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { fromPlain, type PlainFailure } from "../failure.ts";
import type { MeasureRequest, Outcome } from "./measure.ts";
import type { Packed } from "./packed.ts";
import { WayUnavailable } from "./way.ts";

/** The message to a process. */
export type Asked =
  | { readonly kind: "recount"; readonly files: readonly string[] }
  | ({ readonly kind: "way" } & MeasureRequest);

/** The messages from a process. */
export type Said =
  | { readonly progress: number }
  | { readonly recounted: Packed }
  | { readonly measured: Outcome }
  | { readonly unavailable: string }
  | { readonly failure: PlainFailure };

type Result = Exclude<Said, { progress: number } | { unavailable: string } | { failure: unknown }>;

/** What has to go if this process ends early. */
const running = new Set<ChildProcess>();
// Before the directories go in which they write.
process.prependListener("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/**
 * Asks a new process.
 *
 * @param script the module of the process
 * @param name for the message, if the process dies
 * @param progress called with the number of files that are done
 * @throws what the process failed with
 */
export function ask(
  script: URL,
  name: string,
  asked: Asked,
  progress: (done: number) => void,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(script), [], {
      serialization: "advanced",
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      // Flags of the tests' runner are not for this process.
      execArgv: [],
    });
    running.add(child);
    let said: Exclude<Said, { progress: number }> | undefined;
    child.on("message", (message: Said) => {
      if ("progress" in message) progress(message.progress);
      else said = message;
    });
    child.on("error", reject);
    child.on("close", (status, signal) => {
      running.delete(child);
      if (said === undefined) {
        const how = signal === null ? `with status ${status}` : `by ${signal}`;
        reject(new Error(`the process of '${name}' ended ${how} before it had a result`));
      } else if ("failure" in said) reject(fromPlain(said.failure));
      else if ("unavailable" in said) reject(new WayUnavailable(said.unavailable));
      else resolve(said);
    });
    child.send(asked, (error) => {
      // A process that ends before it has read the message says why, or has a status.
      if (error !== null) child.kill("SIGKILL");
    });
  });
}
