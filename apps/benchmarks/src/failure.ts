// How a run can end, and the exit status of each way.

/** Exit statuses of the program. */
export const status = { success: 0, failure: 1, usage: 2 } as const;

/** The user's arguments or input cannot be used. Shown without a stack; exit status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The map's answer differs from the oracle's. Exit status 1. */
export class Difference extends Error {
  override readonly name = "Difference";
}

/** A figure is not what it should be. Shown without a stack; exit status 1. */
export class Regression extends Error {
  override readonly name = "Regression";
}

/** A signal ended the run, which has said so. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  readonly status: number;

  constructor(status: number) {
    super("the run was interrupted");
    this.status = status;
  }
}

/** An error as plain data, to send to another thread: classes do not survive structured cloning. */
export interface PlainFailure {
  readonly name: string;
  readonly message: string;
  readonly code: string | undefined;
  readonly stack: string | undefined;
}

/** Turns an error into plain data for another thread. */
export function toPlain(error: unknown): PlainFailure {
  if (!(error instanceof Error)) {
    return { name: "Error", message: String(error), code: undefined, stack: undefined };
  }
  const code = (error as { code?: unknown }).code;
  return {
    name: error.name,
    message: error.message,
    code: typeof code === "string" ? code : undefined,
    stack: error.stack,
  };
}

/** Rebuilds an error from plain data that another thread sent. */
export function fromPlain(plain: PlainFailure): Error {
  if (plain.name === "Difference") return new Difference(plain.message);
  if (plain.name === "UsageError") return new UsageError(plain.message);
  if (plain.code === "MASSTREE_FULL") {
    return new UsageError(
      `use a smaller input, because this one does not fit in the map: ${plain.message}`,
    );
  }
  const error = new Error(plain.message);
  error.name = plain.name;
  if (plain.stack !== undefined) error.stack = plain.stack;
  return plain.code === undefined ? error : Object.assign(error, { code: plain.code });
}
