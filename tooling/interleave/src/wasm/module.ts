// A module taken apart into what the instrumentation changes, and put together again.
//
//   "\0asm" | version: 4 bytes | (id: 1 byte | size: LEB128 | payload)*
import { Reader, type Writer } from "./bytes.ts";

export const SectionId = {
  Custom: 0,
  Type: 1,
  Import: 2,
  Function: 3,
  Memory: 5,
  Global: 6,
  Export: 7,
  Start: 8,
  Element: 9,
  Code: 10,
  Data: 11,
} as const;

export interface Section {
  readonly id: number;
  /** Payload's position in the module. */
  readonly start: number;
  readonly end: number;
}

export interface FunctionType {
  readonly parameters: readonly number[];
  readonly results: readonly number[];
}

export interface GlobalVariable {
  readonly type: number;
  readonly mutable: boolean;
}

export interface ParsedModule {
  readonly data: Uint8Array;
  readonly sections: readonly Section[];
  readonly types: readonly FunctionType[];
  /** Position of each function import's `module.name`. */
  readonly functionImports: readonly { module: string; name: string; type: number }[];
  readonly importCount: number;
  readonly importedGlobals: number;
  /** Type index of each function that the module defines. */
  readonly functions: readonly number[];
  readonly globals: readonly GlobalVariable[];
  readonly exports: readonly { name: string; kind: number; index: number }[];
  /** Names of functions from the name section, by index. */
  readonly names: ReadonlyMap<number, string>;
}

/** Takes `data` apart. Throws on what the instrumentation cannot carry over. */
export function parseModule(data: Uint8Array): ParsedModule {
  if (data.length < 8 || data[0] !== 0 || data[1] !== 0x61) throw new Error("not a module");
  const sections: Section[] = [];
  const types: FunctionType[] = [];
  const functionImports: { module: string; name: string; type: number }[] = [];
  const functions: number[] = [];
  const globals: GlobalVariable[] = [];
  const exports: { name: string; kind: number; index: number }[] = [];
  const names = new Map<number, string>();
  let importCount = 0;
  let importedGlobals = 0;

  const reader = new Reader(data, 8);
  while (reader.offset < data.length) {
    const id = reader.byte();
    const size = reader.number();
    const start = reader.offset;
    const end = start + size;
    sections.push({ id, start, end });
    const count = () => reader.number();
    switch (id) {
      case SectionId.Type:
        for (let left = count(); left > 0; left--) types.push(readType(reader));
        break;
      case SectionId.Import:
        for (let left = count(); left > 0; left--) {
          importCount++;
          const module = reader.text();
          const name = reader.text();
          const kind = reader.byte();
          if (kind === 0) functionImports.push({ module, name, type: reader.number() });
          else if (kind === 2) skipLimits(reader);
          else if (kind === 3) {
            importedGlobals++;
            reader.skip(2);
          } else throw new Error(`${module}.${name}: an import of kind ${kind} is not supported`);
        }
        break;
      case SectionId.Function:
        for (let left = count(); left > 0; left--) functions.push(reader.number());
        break;
      case SectionId.Global:
        for (let left = count(); left > 0; left--) {
          const type = reader.byte();
          const mutable = reader.byte() === 1;
          globals.push({ type, mutable });
          skipConstant(reader);
        }
        break;
      case SectionId.Export:
        for (let left = count(); left > 0; left--) {
          exports.push({ name: reader.text(), kind: reader.byte(), index: reader.number() });
        }
        break;
      case SectionId.Start:
        throw new Error("a module with a start function cannot be explored");
      case SectionId.Element:
        if (count() > 0) throw new Error("a module with function tables cannot be explored");
        break;
      case SectionId.Custom:
        if (reader.text() === "name") readFunctionNames(reader, end, names);
        break;
    }
    reader.offset = end;
  }
  return {
    data,
    sections,
    types,
    functionImports,
    importCount,
    importedGlobals,
    functions,
    globals,
    exports,
    names,
  };
}

function readType(reader: Reader): FunctionType {
  if (reader.byte() !== 0x60) throw new Error("only function types are supported");
  const list = () => Array.from({ length: reader.number() }, () => reader.byte());
  return { parameters: list(), results: list() };
}

function skipLimits(reader: Reader): void {
  const flags = reader.byte();
  reader.number();
  if ((flags & 1) !== 0) reader.number();
}

function skipConstant(reader: Reader): void {
  for (;;) {
    const opcode = reader.byte();
    if (opcode === 0x0b) return;
    if (opcode === 0x41 || opcode === 0x42 || opcode === 0x23) reader.skipNumber();
    else if (opcode === 0x43) reader.skip(4);
    else if (opcode === 0x44) reader.skip(8);
    else throw new Error(`opcode 0x${opcode.toString(16)} in a global's initial value`);
  }
}

function readFunctionNames(reader: Reader, end: number, into: Map<number, string>): void {
  while (reader.offset < end) {
    const id = reader.byte();
    const size = reader.number();
    const next = reader.offset + size;
    if (id === 1) {
      for (let left = reader.number(); left > 0; left--) into.set(reader.number(), reader.text());
    }
    reader.offset = next;
  }
}

/** Appends a section to a module under construction. */
export function writeSection(into: Writer, id: number, payload: Uint8Array): void {
  into.byte(id).number(payload.length).bytes(payload);
}
