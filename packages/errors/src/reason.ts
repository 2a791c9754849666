import { describe } from "./describe.ts";

/**
 * What an error that a caller's code threw says, for a message. It may be anything, so nothing of it is
 * called: the message is taken where it is a string that the error itself has, as all errors' are.
 */
export function reasonOf(thrown: unknown): string {
  if (typeof thrown === "string") return thrown;
  if (typeof thrown !== "object" || thrown === null) return describe(thrown);
  let message: unknown;
  try {
    message = Object.getOwnPropertyDescriptor(thrown, "message")?.value;
  } catch {
    // A proxy that refuses to be looked at.
  }
  return typeof message === "string" && message !== "" ? message : describe(thrown);
}
