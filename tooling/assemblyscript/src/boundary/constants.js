// The constants of a boundary: names and doc comments from the source, values from the compiled module.
import { moduleTypes } from "../module-types.js";
import { exportsOf } from "./source-exports.js";

/**
 * @typedef {object} Constant
 * @property {string} name
 * @property {string[]} [doc] lines of the doc comment
 * @property {number | bigint} [value] of a constant
 * @property {Constant[]} [members] of an enum
 */

/**
 * The constants and enums that a file exports. It may export more, since `export *` brings variables,
 * functions and classes along: those are left out.
 *
 * @param {{ program: import("assemblyscript").Program, binary: Uint8Array }} compiled
 * @returns {{ constants: Constant[], problems: string[] }}
 */
export function constantsOf({ program, binary }) {
  const { declared, problems } = exportsOf(program);
  const constants = new Map();
  for (const { name, global } of moduleTypes(binary).exports) {
    // A member of an enum is exported as `Enum.Member`.
    const [owner, member] = name.split(".");
    const { kind, ...source } = declared.get(owner) ?? {};
    if (global === undefined || (kind !== "constant" && kind !== "enum")) continue;
    const problem = problemOf(name, global, source);
    if (problem !== undefined) problems.push(problem);
    else if (kind === "constant")
      constants.set(name, { name, doc: source.doc, value: global.value });
    else {
      if (!constants.has(owner))
        constants.set(owner, { name: owner, doc: source.doc, members: [] });
      const doc = source.members.get(member);
      constants.get(owner).members.push({ name: member, doc, value: global.value });
    }
  }
  return { constants: [...constants.values()], problems };
}

function problemOf(name, global, { isReference, place }) {
  if (name === "default") {
    return `The default export (${place}) has no name: export the constant by name.`;
  }
  if (isReference || global.type === "v128") {
    return `'${name}' (${place}) is not a number. JavaScript can share numbers only.`;
  }
  if (global.mutable || global.value === undefined) {
    return (
      `'${name}' (${place}) is not a compile-time constant: it would be computed when the module is ` +
      "instantiated. Use literals, operators, casts, sizeof, offsetof and other constants, but no other calls."
    );
  }
  return undefined;
}
