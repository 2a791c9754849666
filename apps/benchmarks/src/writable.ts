// Fails before minutes of work, not after.
import { access, constants, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { UsageError } from "./failure.ts";

/** @param option as in the message */
export async function mustBeWritable(file: string, option: string): Promise<void> {
  const advice = "Choose a file in a folder that exists and is writable";
  try {
    await access(dirname(file), constants.W_OK);
  } catch (error) {
    throw new UsageError(`cannot write '${file}': ${(error as Error).message}. ${advice}`);
  }
  const there = await stat(file).catch(() => undefined);
  if (there?.isDirectory()) {
    throw new UsageError(`cannot write '${file}': it is a directory. ${option} takes a file`);
  }
  if (there !== undefined) {
    await access(file, constants.W_OK).catch((error: Error) => {
      throw new UsageError(`cannot write '${file}': ${error.message}. ${advice}`);
    });
  }
}

/** The same for a directory in which files will be made. */
export async function mustBeWritableDirectory(directory: string, option: string): Promise<void> {
  const advice = `${option} takes a directory that exists and is writable`;
  const there = await stat(directory).catch((error: Error) => {
    throw new UsageError(`cannot use '${directory}': ${error.message}. ${advice}`);
  });
  if (!there.isDirectory()) throw new UsageError(`'${directory}' is not a directory. ${advice}`);
  await access(directory, constants.W_OK).catch((error: Error) => {
    throw new UsageError(`cannot use '${directory}': ${error.message}. ${advice}`);
  });
}
