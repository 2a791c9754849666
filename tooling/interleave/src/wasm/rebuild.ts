// Puts a module together again around new function bodies.
//
// Imports come first in the index space of functions, so every function that the module defines
// moves up by the number of imports that are added. What names functions by index is rewritten:
// exports and the name section here, calls by whoever gives the bodies.
import { Reader, Writer } from "./bytes.ts";
import { type ParsedModule, SectionId, writeSection } from "./module.ts";

export interface Additions {
  readonly hostModule: string;
  readonly hostFunctions: readonly {
    name: string;
    parameters: readonly number[];
    results: readonly number[];
  }[];
  /** Reads the body of the function of that (old) index and gives its replacement. */
  readonly bodies: (reader: Reader, index: number) => Uint8Array;
}

/** The new module, and the names under which its mutable globals are exported. */
export function rebuild(
  module: ParsedModule,
  additions: Additions,
): { bytes: Uint8Array; globals: string[] } {
  const { data, sections } = module;
  const globals: string[] = [];
  const shift = additions.hostFunctions.length;
  const imports = module.functionImports.length;
  const moved = (index: number) => (index < imports ? index : index + shift);
  const present = new Set(sections.map(({ id }) => id));
  for (const needed of [SectionId.Type, SectionId.Import, SectionId.Code, SectionId.Export]) {
    if (!present.has(needed)) throw new Error(`the module has no section ${needed}`);
  }

  const out = new Writer().bytes(data.subarray(0, 8));
  for (const { id, start, end } of sections) {
    const payload = new Writer();
    const reader = new Reader(data, start);
    switch (id) {
      case SectionId.Type: {
        payload.number(reader.number() + shift).bytes(data.subarray(reader.offset, end));
        for (const { parameters, results } of additions.hostFunctions) {
          payload.byte(0x60).number(parameters.length).bytes(parameters);
          payload.number(results.length).bytes(results);
        }
        break;
      }
      case SectionId.Import: {
        payload.number(reader.number() + shift).bytes(data.subarray(reader.offset, end));
        for (const [index, { name }] of additions.hostFunctions.entries()) {
          payload.text(additions.hostModule).text(name).byte(0);
          payload.number(module.types.length + index);
        }
        break;
      }
      case SectionId.Export: {
        const mutable = [...module.globals.entries()].filter(([, { mutable }]) => mutable);
        payload.number(module.exports.length + mutable.length);
        for (const { name, kind, index } of module.exports) {
          payload
            .text(name)
            .byte(kind)
            .number(kind === 0 ? moved(index) : index);
        }
        for (const [index] of mutable) {
          const name = `${additions.hostModule}.global.${index}`;
          globals.push(name);
          payload
            .text(name)
            .byte(3)
            .number(module.importedGlobals + index);
        }
        break;
      }
      case SectionId.Code: {
        const count = reader.number();
        payload.number(count);
        for (let index = 0; index < count; index++) {
          const body = additions.bodies(reader, imports + index);
          payload.number(body.length).bytes(body);
        }
        break;
      }
      case SectionId.Custom:
        // Names of the moved functions, and nothing else: other custom sections hold offsets.
        if (reader.text() !== "name") continue;
        payload.text("name").byte(1);
        {
          const names = new Writer();
          names.number(module.names.size);
          for (const [index, name] of module.names) names.number(moved(index)).text(name);
          payload.number(names.length).bytes(names.finish());
        }
        break;
      default:
        payload.bytes(data.subarray(start, end));
    }
    writeSection(out, id, payload.finish());
  }
  return { bytes: out.finish(), globals };
}
