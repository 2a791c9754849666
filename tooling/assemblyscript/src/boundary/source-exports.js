// What a compiled file exports and imports, according to its sources: parameter names, doc comments,
// places.
//
// The binary has none of these. They come from the compiler's own program, for two reasons. A name means
// what the compiler takes it for, and TypeScript reads some names differently: when two `export *` share
// a name, asc takes the first and TypeScript takes neither; asc passes `default` through `export *` and
// TypeScript does not. And the program is already in memory: reading the sources again with TypeScript
// costs more than compiling most modules.
import { CommonFlags, ElementKind, NodeKind, SourceKind } from "assemblyscript";
import { docComment } from "./doc-comment.js";

/**
 * @typedef {object} Declared
 * @property {"function" | "constant" | "variable" | "enum" | "other"} kind
 * @property {string} place as `assembly/scan.ts:12`
 * @property {string[]} [doc] lines of the doc comment
 * @property {string[]} [parameters] of a function
 * @property {boolean} [isReference] of a constant or variable: it refers to an object
 * @property {Map<string, string[] | undefined>} [members] of an enum: doc comments by name
 */

/**
 * @param {import("assemblyscript").Program} program compiled from one entry
 * @returns {{ declared: Map<string, Declared>, problems: string[] }} what each exported name is,
 *   and which names are exported twice
 */
export function exportsOf(program) {
  const entry = [...program.filesByName.values()].find(isEntry);
  const declared = new Map();
  const problems = [...filesOf(entry)].flatMap(exportedAgain);
  for (const [name, elements] of elementsOf(entry)) {
    const all = [...elements].map(describe);
    declared.set(name, all[0]);
    if (all.length > 1) {
      const places = all.map(({ place }) => place).join(" and ");
      problems.push(
        `'${name}' comes through two 'export *', from ${places}. The compiler silently takes the first: ` +
          "export the one you mean by name.",
      );
    }
  }
  return { declared, problems };
}

// The compiler adds an entry of its own, the runtime.
function isEntry({ source }) {
  return source.sourceKind === SourceKind.UserEntry && !source.internalPath.startsWith("~lib/");
}

/** The elements that a file exports, by name: several when two `export *` disagree. */
function elementsOf(file, from = []) {
  if (from.includes(file)) return new Map();
  const found = new Map();
  for (const other of file.exportsStar ?? []) {
    for (const [name, elements] of elementsOf(other, [...from, file])) {
      found.set(name, new Set([...(found.get(name) ?? []), ...elements]));
    }
  }
  // What a file exports by name hides what comes through its stars.
  for (const [name, element] of file.exports ?? []) found.set(name, new Set([element]));
  return found;
}

/** A file, and all whose exports come through its stars. */
function filesOf(file, files = new Set()) {
  if (files.has(file)) return files;
  files.add(file);
  for (const other of file.exportsStar ?? []) filesOf(other, files);
  return files;
}

/** Finds names that a file's `export { }` statements list more than once. */
function exportedAgain({ source }) {
  const once = new Set();
  const problems = [];
  for (const statement of source.statements) {
    if (statement.kind !== NodeKind.Export) continue;
    for (const { exportedName } of statement.members ?? []) {
      const name = exportedName.text;
      if (once.has(name)) {
        problems.push(
          `'${name}' is exported again at ${placeOf(exportedName)}. The compiler silently takes the last ` +
            "one: remove the others.",
        );
      }
      once.add(name);
    }
  }
  return problems;
}

/**
 * @param {import("assemblyscript").Program} program
 * @returns {(module: string, name: string) => Declared | undefined} what an import is
 */
export function importsOf(program) {
  return (module, name) => {
    const element = program.moduleImports.get(module)?.get(name);
    return element && describe(element);
  };
}

function describe(element) {
  const { declaration } = element;
  const described = { kind: "other", place: placeOf(declaration), doc: docOf(declaration) };
  switch (element.kind) {
    case ElementKind.FunctionPrototype:
    case ElementKind.Function: {
      const parameters = declaration.signature.parameters.map(({ name }) => name.text);
      return { ...described, kind: "function", parameters };
    }
    case ElementKind.Global: {
      const kind = element.is(CommonFlags.Const) ? "constant" : "variable";
      return { ...described, kind, isReference: element.type.isReference };
    }
    case ElementKind.Enum: {
      const members = [...(element.members ?? [])];
      const docs = members.map(([name, member]) => [name, docOf(member.declaration)]);
      return { ...described, kind: "enum", members: new Map(docs) };
    }
    default:
      return described;
  }
}

function docOf({ range }) {
  return docComment(range.source.text, range.start);
}

function placeOf({ range }) {
  // The compiler puts what it finds in node_modules under "~lib/".
  const path = range.source.normalizedPath.replace(/^~lib\//, "");
  return `${path}:${range.source.lineAt(range.start)}`;
}
