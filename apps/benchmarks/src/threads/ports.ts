// Message ports can be sent to another thread only if the sender lists them.
import { MessagePort } from "node:worker_threads";

/** The ports in a value: itself, or in members of plain arrays and objects, up to a small depth. */
export function portsIn(value: unknown, depth = 3): MessagePort[] {
  if (value instanceof MessagePort) return [value];
  if (depth === 0 || typeof value !== "object" || value === null) return [];
  const isPlain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  // A long list is data: no call passes many ports.
  if (!isPlain || (Array.isArray(value) && value.length > 1000)) return [];
  return Object.values(value).flatMap((member) => portsIn(member, depth - 1));
}
