// The functions and globals of a boundary. Names and doc comments come from the source, because the
// binary has none. Types come from the binary, because it decides what JavaScript meets: `bool`, `usize`
// and aliases of them have become i32 there.
import { moduleTypes } from "../module-types.js";
import { MAX_PARAMETERS } from "./max-parameters.js";
import { exportsOf, importsOf } from "./source-exports.js";

/**
 * @typedef {object} Member a property of an interface
 * @property {string} name
 * @property {string[]} [doc] lines of the doc comment
 * @property {string} [signature] of a function, as `(length: number): void`
 * @property {string} [value] the type of a global's value
 * @property {boolean} [mutable] of a global
 */

const javascriptTypes = { i32: "number", f32: "number", f64: "number", i64: "bigint" };

/**
 * @param {{ program: import("assemblyscript").Program, binary: Uint8Array }} compiled
 * @returns {{ exports: Member[], imports: Map<string, Member[]>, problems: string[] }} `imports` by module
 */
export function functionsOf({ program, binary }) {
  const types = moduleTypes(binary);
  const { declared, problems } = exportsOf(program);
  const exports = [];
  for (const entry of types.exports) {
    // A member of an enum is a global with the name `Enum.Member`.
    const [owner, member] = entry.name.split(".");
    const source = declared.get(owner);
    const problem = exportProblem(entry, source);
    if (problem !== undefined) problems.push(problem);
    else if (entry.function) exports.push(functionMember(entry, source));
    else exports.push(globalMember(entry, source, member));
  }

  const imports = new Map();
  const importOf = importsOf(program);
  for (const entry of types.imports.filter((entry) => entry.function).sort(byName)) {
    const source = importOf(entry.module, entry.name);
    const problem = problemOf(entry, source);
    if (problem !== undefined) problems.push(problem);
    else {
      const before = imports.get(entry.module) ?? [];
      imports.set(entry.module, [...before, functionMember(entry, source)]);
    }
  }
  return { exports, imports, problems };
}

// The binary has imports in the order of their first use, which says nothing.
function byName(a, b) {
  const [left, right] = [`${a.module} ${a.name}`, `${b.module} ${b.name}`];
  return left < right ? -1 : Number(left > right);
}

function functionMember({ name, function: { parameters, results } }, source) {
  const list = parameters.map((type, i) => `${source.parameters[i]}: ${javascriptTypes[type]}`);
  const result = results.length === 0 ? "void" : javascriptTypes[results[0]];
  return { name, doc: source.doc, signature: `(${list.join(", ")}): ${result}` };
}

function globalMember({ name, global: { type, mutable } }, source, member) {
  const doc = member === undefined ? source.doc : source.members.get(member);
  return { name, doc, value: javascriptTypes[type], mutable };
}

function exportProblem(entry, source) {
  const { name, function: type } = entry;
  if (name === "__setArgumentsLength") {
    return "A function has optional parameters. JavaScript cannot leave them out: make them required.";
  }
  if (type !== undefined && type.parameters.length > MAX_PARAMETERS) {
    return (
      `'${name}' (${source?.place}) has ${type.parameters.length} parameters. JavaScript's guard of calls ` +
      `passes at most ${MAX_PARAMETERS} (MAX_PARAMETERS): pass the rest through memory.`
    );
  }
  const problem = problemOf(entry, source);
  if (problem === undefined && type !== undefined && source.doc === undefined) {
    return `'${name}' (${source.place}) has no doc comment. Write one: the TypeScript type shows it.`;
  }
  return problem;
}

/** What is wrong with the types of an import or export. */
function problemOf({ name, function: type, global }, source) {
  const types = type ? [...type.parameters, ...type.results] : [global?.type];
  if (!types.every((type) => type in javascriptTypes)) {
    return `'${name}' (${source?.place}) has a type that JavaScript does not: use numbers.`;
  }
  if (source === undefined || (type && source.parameters?.length !== type.parameters.length)) {
    return `'${name}' is in the module, but no declaration in the sources fits it.`;
  }
  return undefined;
}
