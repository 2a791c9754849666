/** Milliseconds of a clock that is never set back, where there is one: an AudioWorklet has none. @internal */
export function now(): number {
  return typeof performance === "object" ? performance.now() : Date.now();
}
