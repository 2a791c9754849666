// Whether a mutant still finds its places in the sources, without compiling anything.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Mutant, Patch } from "./mutant.ts";

/**
 * Throws unless each text that the mutant changes is in its file exactly once, and each file changes.
 *
 * @param directory that the edits' files are below
 */
export function checkPlaces({ edits }: Mutant, directory: string): void {
  const patch = new Patch(edits);
  for (const file of new Set(edits.map((one) => one.file))) {
    const path = join(directory, file);
    if (patch.replace(path, readFileSync(path, "utf8")) === undefined) {
      throw new Error(`${file}: the mutant changes nothing`);
    }
  }
  patch.finish();
}
