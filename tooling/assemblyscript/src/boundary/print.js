// Writes the parts of a boundary in TypeScript.

const signed =
  "Integers arrive signed: `x >>> 0` turns a number into a u32, `BigInt.asUintN(64, x)` a bigint into a u64.";

/** A doc comment, with its line end. */
export function docText(lines, indent = "") {
  if (lines === undefined) return "";
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  const body = lines.map((line) => `${indent} * ${line}`.trimEnd());
  return `${indent}/**\n${body.join("\n")}\n${indent} */\n`;
}

/** The interface of what a module exports. */
export function exportsText(name, entry, members) {
  const doc = docText([`What the module of ${entry} exports.`, "", signed]);
  const body = members.map((member) => memberText(member, "  "));
  return `${doc}export interface ${name} {\n${body.join("")}}\n`;
}

/**
 * The type of what a module imports. It is not an interface, because TypeScript does not let an
 * interface pass for a record, such as `WebAssembly.Imports`.
 */
export function importsText(name, entry, modules) {
  const doc = docText([`What the module of ${entry} imports, besides its memory.`]);
  const body = [...modules].map(([module, members]) => {
    const functions = members.map((member) => memberText(member, "    "));
    return `  ${propertyName(module)}: {\n${functions.join("")}  };\n`;
  });
  return `${doc}export type ${name} = {\n${body.join("")}};\n`;
}

function memberText({ name, doc, signature, value, mutable }, indent) {
  const property = propertyName(name);
  const member =
    signature === undefined
      ? `readonly ${property}: { ${mutable ? "" : "readonly "}value: ${value} }`
      : `${property}${signature}`;
  return `${docText(doc, indent)}${indent}${member};\n`;
}

/** A constant, or an enum as an object. */
export function constantText({ name, doc, value, members }) {
  if (members === undefined) {
    const { type, text } = literal(value);
    return `${docText(doc)}export const ${name}: ${type} = ${text};\n`;
  }
  const all = members.map((member) => ({ ...member, ...literal(member.value) }));
  const types = all.map(
    (member) => `${docText(member.doc, "  ")}  readonly ${member.name}: ${member.type};\n`,
  );
  const values = all.map((member) => `  ${member.name}: ${member.text},\n`);
  return `${docText(doc)}export const ${name}: {\n${types.join("")}} = {\n${values.join("")}};\n`;
}

/** A value, and the narrowest type that it has. */
function literal(value) {
  if (typeof value === "bigint") return { type: `${value}n`, text: `${value}n` };
  // -0, NaN and the infinities are no literals.
  if (Object.is(value, -0)) return { type: "number", text: "-0" };
  if (Number.isFinite(value)) return { type: String(value), text: String(value) };
  return {
    type: "number",
    text: Number.isNaN(value) ? "Number.NaN" : `${value < 0 ? "-" : ""}Number.POSITIVE_INFINITY`,
  };
}

function propertyName(name) {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}
