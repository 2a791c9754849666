// The file system that a directory is on: a figure of a durable store means nothing without it.
import { statfsSync } from "node:fs";

/** Magic numbers of Linux (statfs, section 2 of its manual). */
const names: Readonly<Record<number, string>> = {
  61267: "ext4",
  1481003842: "xfs",
  2435016766: "btrfs",
  16914836: "tmpfs",
  2035054128: "overlayfs",
  801189825: "zfs",
  26985: "nfs",
  4076150800: "f2fs",
};

/** Its name, as far as it is known. */
export function fileSystemOf(directory: string): string {
  const { type } = statfsSync(directory);
  if (process.platform !== "linux") return `${process.platform}, type ${type}`;
  return names[type] ?? `type 0x${type.toString(16)}`;
}
