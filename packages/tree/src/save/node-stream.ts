/** A `Writable` of node:stream. */
export interface NodeWritable {
  write(chunk: Uint8Array, done: (error?: Error | null) => void): unknown;
  end(done: () => void): unknown;
  destroy(error?: Error): unknown;
  once(event: "error" | "close", listener: (error?: Error) => void): unknown;
}

/** A stream of the web that writes to one of Node's: a piece at a time, each once the one before has been taken. */
export function nodeTarget(stream: NodeWritable): WritableStream<Uint8Array<ArrayBuffer>> {
  // An error may come at any time, also between two pieces.
  let fail: (error: unknown) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => {});
  stream.once("error", fail);
  stream.once("close", () => fail(new Error("The stream was closed before the map was saved.")));
  return new WritableStream<Uint8Array<ArrayBuffer>>({
    write: (chunk) =>
      Promise.race([
        failed,
        new Promise<void>((resolve, reject) => {
          stream.write(chunk, (error) => (error ? reject(error) : resolve()));
        }),
      ]),
    close: () => Promise.race([failed, new Promise<void>((resolve) => stream.end(resolve))]),
    abort: () => void stream.destroy(),
  });
}
