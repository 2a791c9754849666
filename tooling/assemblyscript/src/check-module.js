// Refuses a module that would touch the shared memory by being instantiated, that asks its host for
// more than the memory, or whose sleeping threads would lose a local (check-waits.js).
import { Reader, sectionId, sectionsOf } from "./binary.js";
import { unsafeWaits } from "./check-waits.js";
import { moduleTypes } from "./module-types.js";

/** Throws with every reason there is against `binary`. */
export function checkModule(binary, allowedImports) {
  const problems = [];
  for (const { id, start } of sectionsOf(binary)) {
    if (id === sectionId.start) {
      problems.push("it has a start function: keep code out of the top level of a file");
    } else if (id === sectionId.data && new Reader(binary, start).number() > 0) {
      problems.push("it has data segments: use no strings, static arrays or classes with a header");
    }
  }
  for (const entry of moduleTypes(binary).imports) {
    const name = `${entry.module}.${entry.name}`;
    if (name !== "env.memory" && !allowedImports.includes(name)) {
      problems.push(`it imports ${name}: list it under 'imports' if that is meant`);
    }
  }
  if (unsafeWaits(binary) > 0) {
    problems.push(
      "a memory.atomic.wait in it has no constant below its operands: wait as @masstree/nodeversion does",
    );
  }
  if (problems.length > 0) throw new Error(`refused, for ${problems.join("; and ")}`);
}
