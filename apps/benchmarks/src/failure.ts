// The ways in which a run ends, and the exit status of each.

/** Exit statuses of the program. */
export const status = { success: 0, failure: 1, usage: 2 } as const;

/** The user's arguments or input cannot be used: shown without a stack, exit status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The map answered other than the oracle: exit status 1. */
export class Difference extends Error {
  override readonly name = "Difference";
}

/** An error in the form that crosses threads: classes do not survive structured cloning. */
export interface PlainFailure {
  readonly name: string;
  readonly message: string;
  readonly code: string | undefined;
  readonly stack: string | undefined;
}

/** Takes an error apart, to be sent to another thread. */
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

/** Puts together an error that another thread took apart. */
export function fromPlain(plain: PlainFailure): Error {
  if (plain.name === "Difference") return new Difference(plain.message);
  if (plain.name === "UsageError") return new UsageError(plain.message);
  if (plain.code === "MASSTREE_FULL") {
    return new UsageError(`the input does not fit in the map: ${plain.message}`);
  }
  const error = new Error(plain.message);
  error.name = plain.name;
  if (plain.stack !== undefined) error.stack = plain.stack;
  return plain.code === undefined ? error : Object.assign(error, { code: plain.code });
}
