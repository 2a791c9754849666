// What Node has everywhere and a browser does not. The bundler puts these in place of the globals.
import { Buffer } from "./buffer.ts";

export { Buffer };

/** When this thread began. In two parts, because a double has no place for nanoseconds since 1970. */
const ORIGIN = BigInt(Math.round(performance.timeOrigin * 1e3)) * 1000n;

export const process = {
  hrtime: {
    /** Agrees between all threads. A browser's clock has steps of some microseconds. */
    bigint: (): bigint => ORIGIN + BigInt(Math.round(performance.now() * 1e6)),
  },
} as const;

/** A turn of the event loop, without the delay that a browser gives to timers. */
export function setImmediate(callback: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    callback();
  };
  port2.postMessage(undefined);
}
