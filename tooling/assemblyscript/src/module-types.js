// What a compiled module imports and exports, with the types that JavaScript meets: those of the
// binary, after every alias, `bool` and `usize` of the source has become what it is.
import { Reader, sectionId, sectionsOf } from "./binary.js";
import { instructions } from "./instructions.js";

/**
 * @typedef {{ parameters: string[], results: string[] }} FunctionType types such as "i32"
 * @typedef {{ type: string, mutable: boolean, value?: number | bigint }} GlobalType `value`: what a
 *   constant initializer gives, signed
 */

const valueTypes = {
  127: "i32",
  126: "i64",
  125: "f32",
  124: "f64",
  123: "v128",
  112: "funcref",
  111: "externref",
};

const kinds = ["function", "table", "memory", "global"];
const functionForm = 0x60;
const [i32Const, i64Const, f32Const, f64Const, end] = [0x41, 0x42, 0x43, 0x44, 0x0b];

/**
 * The imports and exports of a module, each list in the binary's order. A function has a `function`
 * (its type), a global a `global`.
 *
 * @param {Uint8Array} binary
 * @returns {{
 *   imports: { module: string, name: string, function?: FunctionType, global?: GlobalType }[],
 *   exports: { name: string, function?: FunctionType, global?: GlobalType }[],
 * }}
 */
export function moduleTypes(binary) {
  const sections = new Map();
  for (const { id, start, end } of sectionsOf(binary)) {
    sections.set(id, new Reader(binary, start, end));
  }
  const entries = (id, read) => {
    const reader = sections.get(id);
    return reader === undefined ? [] : Array.from({ length: reader.number() }, () => read(reader));
  };
  const types = entries(sectionId.type, functionType);
  const imports = entries(sectionId.import, (reader) => importOf(reader, types));
  const own = (kind) => imports.flatMap((entry) => entry[kind] ?? []);
  const spaces = {
    function: [
      ...own("function"),
      ...entries(sectionId.function, (reader) => types[reader.number()]),
    ],
    global: [...own("global"), ...entries(sectionId.global, initializedGlobal)],
  };
  const exports = entries(sectionId.export, (reader) => {
    const name = reader.text();
    const kind = kinds[reader.byte()];
    const index = reader.number();
    return { name, ...(kind in spaces ? { [kind]: spaces[kind][index] } : {}) };
  });
  return { imports, exports };
}

function functionType(reader) {
  if (reader.byte() !== functionForm)
    throw new Error("the module has a type that is no function's");
  return { parameters: typeList(reader), results: typeList(reader) };
}

function typeList(reader) {
  return Array.from({ length: reader.number() }, () => valueType(reader));
}

function valueType(reader) {
  const byte = reader.byte();
  const type = valueTypes[byte];
  if (type === undefined) throw new Error(`the module has a value of the unknown type ${byte}`);
  return type;
}

function importOf(reader, types) {
  const module = reader.text();
  const name = reader.text();
  const byte = reader.byte();
  const kind = kinds[byte];
  const entry = { module, name };
  if (kind === "function") entry.function = types[reader.number()];
  else if (kind === "table") {
    reader.byte();
    skipLimits(reader);
  } else if (kind === "memory") skipLimits(reader);
  else if (kind === "global") entry.global = globalType(reader);
  else throw new Error(`${module}.${name} is an import of the unknown kind ${byte}`);
  return entry;
}

function skipLimits(reader) {
  const hasMaximum = (reader.byte() & 1) !== 0;
  reader.numbers(hasMaximum ? 2 : 1);
}

function globalType(reader) {
  return { type: valueType(reader), mutable: reader.byte() === 1 };
}

function initializedGlobal(reader) {
  const global = globalType(reader);
  const value = constantAt(reader);
  return value === undefined ? global : { ...global, value };
}

/** The value of an initializer that is one constant, undefined of any other; reads to its end. */
function constantAt(reader) {
  const { data, offset } = reader;
  let count = 0;
  for (const { code } of instructions(reader)) {
    if (code === end) break;
    count++;
  }
  return count === 1 ? constant(new Reader(data, offset)) : undefined;
}

function constant(reader) {
  const view = new DataView(reader.data.buffer, reader.data.byteOffset);
  const code = reader.byte();
  if (code === i32Const) return Number(reader.signed());
  if (code === i64Const) return reader.signed();
  if (code === f32Const) return view.getFloat32(reader.offset, true);
  if (code === f64Const) return view.getFloat64(reader.offset, true);
  return undefined;
}
