// Calls outside any schedule, and a schedule's calls as people read them.
import type { Machine } from "./machine/machine.ts";
import type { CallRecord, Operation } from "./machine/program.ts";

/** Calls an operation on the observer, outside any schedule: for a program's `setup` and `check`. */
export function perform(machine: Machine, operation: Operation): unknown {
  const { observer } = machine;
  operation.before?.(machine, observer.id);
  const result = machine.call(observer, operation.call, ...(operation.args ?? []));
  return operation.after?.(machine, result, observer.id);
}

/** A run as people read it: who called what when. */
export function describeHistory(history: readonly CallRecord[]): string[] {
  return history.map(({ thread, operation, called, returned, result }) => {
    const output =
      result !== null && typeof result === "object"
        ? JSON.stringify("entries" in result ? result.entries : result)
        : String(result);
    return `thread ${thread}: ${operation.name} [${called}, ${returned}] = ${output}`;
  });
}
