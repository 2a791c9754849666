/* The worker's side of OrderedWorker: it carries out orders, one at a time, and answers each. */

/** Orders by name. */
export type AnyOrders<Orders> = {
  readonly [Name in keyof Orders]: (...given: never[]) => unknown;
};

export function obey<Orders extends AnyOrders<Orders>>(orders: Orders): void {
  self.onmessage = async ({ data: { order, given } }: MessageEvent) => {
    try {
      const run = orders[order as keyof Orders] as unknown as (...given: unknown[]) => unknown;
      self.postMessage({ answer: await run(...given) });
    } catch (error) {
      self.postMessage({
        error: error instanceof Error ? `${error.message}\n${error.stack}` : error,
      });
    }
  };
}
