/*
 * Linux lists the threads of a process in /proc/self/task. A thread that is missing there has ended, or never existed.
 */

/** What this uses of `node:fs`. */
export interface FileSystem {
  readlinkSync(path: string): string;
  existsSync(path: string): boolean;
}

/** The number that Linux gave this thread; 0 if there is no /proc, or this program may not read it. */
export function linuxThread({ readlinkSync }: FileSystem): number {
  try {
    return Number(readlinkSync("/proc/thread-self").split("/").at(-1));
  } catch {
    return 0;
  }
}

/**
 * Whether a thread of this process has ended; undefined if that cannot be known.
 *
 * @param thread its number, or 0
 * @param self this thread's number, or 0
 */
export function hasEndedOnLinux(
  files: FileSystem,
  thread: number,
  self: number,
): boolean | undefined {
  if (thread === 0 || self === 0) return undefined;
  if (isListed(files, thread)) return false;
  // If the permission was revoked, nobody is listed any more, not even this thread.
  return isListed(files, self) ? true : undefined;
}

function isListed({ existsSync }: FileSystem, thread: number): boolean {
  try {
    return existsSync(`/proc/self/task/${thread}`);
  } catch {
    return false; // The permission was revoked.
  }
}
