// Rewrites a module so that its thread can be stopped before every access to memory.
//
// Before: `i32.const 8; local.get 0; i32.store offset=4`
// After:  `i32.const 8; local.get 0; local.set v; local.tee p; local.get p; i32.const 4; i32.add;
//          i32.const site; call step; local.get v; i32.store offset=4`
//
// - A step is announced *before* its access, with the address and the site: its number in
//   `InstrumentedModule.sites`, which tells kind, width, function and source line. Nothing can
//   come between the return from `step` and the access.
// - `memory.copy`, `memory.fill` and SIMD are steps too. Waits and notifications do not happen:
//   they call the scheduler, which models them. So do `memory.size` and `memory.grow`, because
//   a real memory cannot shrink back between two schedules.
// - Watched functions announce their call with its first three 32-bit parameters, and their return.
// - Mutable globals are exported, so that the next schedule can begin with their first values.
//
// It works on the bytes rather than on a syntax tree: so every step knows the offset of its
// instruction in the module, and with it the line in the source map.
import { host, hostFunctions, hostModule } from "./host-functions.ts";
import { Kind, ValueType } from "./wasm/access.ts";
import { type Reader, Writer } from "./wasm/bytes.ts";
import { decode, type Instruction, Opcode } from "./wasm/instructions.ts";
import { type FunctionType, type ParsedModule, parseModule } from "./wasm/module.ts";
import { rebuild } from "./wasm/rebuild.ts";

const { i32, i64, f32, f64, v128 } = ValueType;

/** A place in the code that reaches memory. */
export interface Site {
  readonly kind: Kind;
  /** Bytes touched; 0 when known only at run time. */
  readonly width: number;
  /** Name of the function, or its number when the module has no names. */
  readonly function: string;
  /** Offset of the instruction in the module before the instrumentation. */
  readonly offset: number;
  /** Where the code of its function begins and ends in that module. */
  readonly body: readonly [start: number, end: number];
}

/** What `instrument` makes. Its bytes can announce steps but not yet stop: see `asyncify`. */
export interface InstrumentedModule {
  readonly bytes: Uint8Array;
  readonly sites: readonly Site[];
  /** Full names of the watched functions, in the order of the `watch` option. */
  readonly watched: readonly string[];
  /** Export names of the mutable globals. */
  readonly globals: readonly string[];
}

export interface InstrumentOptions {
  /**
   * Functions whose calls and returns are announced, by the end of their names: `free` means every
   * name that ends in `/free`, or an export called `free`. It is an error when there is more than one,
   * and when there is none, unless a `?` follows.
   */
  readonly watch?: readonly string[];
  /** Which accesses are left as they are, and are no steps; none by default. */
  readonly ignore?: (site: Site) => boolean;
}

/** Rewrites `binary`. Throws when it has something that cannot be carried over, and says what. */
export function instrument(
  binary: Uint8Array,
  { watch = [], ignore = () => false }: InstrumentOptions = {},
): InstrumentedModule {
  const module = parseModule(binary);
  const sites: Site[] = [];
  const nameOf = functionNamer(module);
  const watched = watch.map((wanted) => findFunction(module, wanted));
  const bodies = (reader: Reader, index: number): Uint8Array =>
    new BodyRewriter(module, reader, {
      index,
      name: nameOf(index),
      watch: watched.indexOf(index),
      sites,
      ignore,
    }).rewrite();
  const { bytes, globals } = rebuild(module, { hostModule, hostFunctions, bodies });
  const names = watched.map((index, at) => (index < 0 ? `no ${watch[at]}` : nameOf(index)));
  return { bytes, sites, watched: names, globals };
}

function functionNamer(module: ParsedModule): (index: number) => string {
  const exported = new Map(
    module.exports.filter(({ kind }) => kind === 0).map(({ name, index }) => [index, name]),
  );
  return (index) => module.names.get(index) ?? exported.get(index) ?? `function ${index}`;
}

function findFunction(module: ParsedModule, pattern: string): number {
  const wanted = pattern.replace(/\?$/, "");
  const byName = [...module.names]
    .filter(([, name]) => {
      // `retire<~lib/a/b/C>` is called `retire`.
      const plain = name.replace(/<.*$/, "");
      return plain === wanted || plain.endsWith(`/${wanted}`);
    })
    .map(([index]) => index);
  const found = new Set(byName);
  if (found.size === 0) {
    for (const { name, kind, index } of module.exports) {
      if (kind === 0 && name === wanted) found.add(index);
    }
  }
  const [first, ...others] = found;
  if (first === undefined) {
    if (pattern !== wanted) return -1;
    throw new Error(
      `no function is called '${wanted}': was it inlined, or compiled without names? Export it.`,
    );
  }
  if (others.length > 0) {
    const names = [...found].map((index) => module.names.get(index)).join(", ");
    throw new Error(`'${wanted}' is ambiguous: ${names}`);
  }
  if (first < module.functionImports.length) throw new Error(`'${wanted}' is an import`);
  return first;
}

interface Body {
  /** Of the function. */
  readonly index: number;
  readonly name: string;
  /** Its place among the watched ones, or -1. */
  readonly watch: number;
  /** Where its sites are added. */
  readonly sites: Site[];
  readonly ignore: (site: Site) => boolean;
}

class BodyRewriter {
  readonly #module: ParsedModule;
  readonly #reader: Reader;
  readonly #type: FunctionType;
  readonly #name: string;
  readonly #sites: Site[];
  readonly #ignore: Body["ignore"];
  readonly #watch: number;
  readonly #out = new Writer();
  readonly #added: number[] = [];
  #localCount = 0;
  #body: readonly [number, number] = [0, 0];
  #imports: number;

  constructor(module: ParsedModule, reader: Reader, { index, name, watch, sites, ignore }: Body) {
    this.#module = module;
    this.#reader = reader;
    this.#imports = module.functionImports.length;
    this.#type = module.types[module.functions[index - this.#imports]!]!;
    this.#name = name;
    this.#sites = sites;
    this.#ignore = ignore;
    this.#watch = watch;
  }

  rewrite(): Uint8Array {
    const reader = this.#reader;
    const bodyEnd = reader.number() + reader.offset;
    this.#body = [reader.offset, bodyEnd];
    const groups: [number, number][] = [];
    this.#localCount = this.#type.parameters.length;
    for (let left = reader.number(); left > 0; left--) {
      const count = reader.number();
      groups.push([count, reader.byte()]);
      this.#localCount += count;
    }
    if (this.#watch >= 0) this.#announceEntry();
    this.#instructions(bodyEnd);
    const body = this.#out.finish();
    const out = new Writer();
    out.number(groups.length + this.#added.length);
    for (const [count, type] of groups) out.number(count).byte(type);
    for (const type of this.#added) out.number(1).byte(type);
    return out.bytes(body).finish();
  }

  #instructions(bodyEnd: number): void {
    const reader = this.#reader;
    const instruction: Instruction = {
      start: 0,
      end: 0,
      opcode: 0,
      sub: 0,
      access: undefined,
      memoryOffset: 0,
      index: -1,
    };
    let depth = 0;
    while (reader.offset < bodyEnd) {
      decode(reader, instruction);
      const { opcode } = instruction;
      if (instruction.access !== undefined) {
        this.#access(instruction);
      } else if (opcode === Opcode.Call) {
        this.#out.byte(Opcode.Call).number(this.#callee(instruction.index));
      } else if (opcode === Opcode.MemorySize) {
        this.#call(host.size);
      } else if (opcode === Opcode.MemoryGrow) {
        this.#call(host.grow);
      } else if (opcode === 0xd2) {
        throw new Error(`${this.#name}: function references cannot be carried over`);
      } else if (opcode === Opcode.Return && this.#watch >= 0) {
        this.#out.byte(Opcode.Branch).number(depth);
      } else if (opcode === Opcode.End && depth === 0) {
        if (this.#watch >= 0) this.#announceReturn();
        this.#out.byte(Opcode.End);
      } else {
        if (opcode === Opcode.Block || opcode === Opcode.Loop || opcode === Opcode.If) depth++;
        else if (opcode === Opcode.End) depth--;
        this.#copy(instruction);
      }
    }
  }

  // The body of a watched function becomes a block, so that what left it now ends that block.
  #announceEntry(): void {
    this.#constant(this.#watch);
    for (let index = 0; index < 3; index++) {
      if (this.#type.parameters[index] === i32) this.#get(index);
      else this.#constant(0);
    }
    this.#call(host.enter);
    const [result] = this.#type.results;
    if (this.#type.results.length > 1) throw new Error(`${this.#name}: more than one result`);
    this.#out.byte(Opcode.Block).byte(result ?? 0x40);
  }

  #announceReturn(): void {
    const [result] = this.#type.results;
    this.#out.byte(Opcode.End);
    if (result === i32) {
      const value = this.#temporary(i32);
      this.#set(value);
      this.#constant(this.#watch);
      this.#get(value);
      this.#call(host.leave);
      this.#get(value);
    } else {
      this.#constant(this.#watch);
      this.#constant(0);
      this.#call(host.leave);
    }
  }

  #access(instruction: Instruction): void {
    const { kind, width, value } = instruction.access!;
    const place: Site = {
      kind,
      width,
      function: this.#name,
      offset: instruction.start,
      body: this.#body,
    };
    if (this.#ignore(place)) {
      this.#copy(instruction);
      return;
    }
    const site = this.#sites.length;
    this.#sites.push(place);
    switch (kind) {
      case Kind.Fence:
        this.#constant(0);
        this.#constant(site);
        this.#call(host.step);
        this.#copy(instruction);
        return;
      case Kind.Fill:
      case Kind.Init:
      case Kind.Copy: {
        const count = this.#temporary(i32, 2);
        const middle = this.#temporary(i32, 1);
        const target = this.#temporary(i32);
        this.#set(count);
        this.#set(middle);
        this.#tee(target);
        this.#get(target);
        if (kind === Kind.Copy) this.#get(middle);
        this.#get(count);
        this.#constant(site);
        this.#call(kind === Kind.Copy ? host.copy : host.range);
        this.#get(middle);
        this.#get(count);
        this.#copy(instruction);
        return;
      }
      case Kind.Wait: {
        const timeout = this.#temporary(i64, 3);
        const expected = this.#temporary(value);
        this.#set(timeout);
        this.#set(expected);
        this.#addOffset(instruction.memoryOffset);
        this.#get(expected);
        this.#get(timeout);
        this.#constant(site);
        this.#call(value === i32 ? host.wait32 : host.wait64);
        return;
      }
      case Kind.Notify: {
        const count = this.#temporary(i32);
        this.#set(count);
        this.#addOffset(instruction.memoryOffset);
        this.#get(count);
        this.#constant(site);
        this.#call(host.notify);
        return;
      }
      case Kind.CompareExchange: {
        const replacement = this.#temporary(value, 1);
        const expected = this.#temporary(value);
        this.#set(replacement);
        this.#set(expected);
        this.#address(instruction.memoryOffset);
        this.#get(expected);
        if (value === i64) {
          this.#out.byte(Opcode.I32WrapI64);
          this.#get(expected);
          this.#out.byte(Opcode.I64Const).signed(32).byte(Opcode.I64ShiftRightUnsigned);
          this.#out.byte(Opcode.I32WrapI64);
        } else {
          this.#constant(0);
        }
        this.#constant(site);
        this.#call(host.exchange);
        this.#get(expected);
        this.#get(replacement);
        this.#copy(instruction);
        return;
      }
      default: {
        const operand = value === 0 ? -1 : this.#temporary(value);
        if (operand >= 0) this.#set(operand);
        this.#address(instruction.memoryOffset);
        this.#constant(site);
        this.#call(host.step);
        if (operand >= 0) this.#get(operand);
        this.#copy(instruction);
      }
    }
  }

  // Leaves the address operand on the stack, and above it the address that is really meant.
  #address(offset: number): void {
    const pointer = this.#temporary(i32, 3);
    this.#tee(pointer);
    this.#get(pointer);
    this.#addOffset(offset);
  }

  #addOffset(offset: number): void {
    if (offset === 0) return;
    this.#constant(offset);
    this.#out.byte(Opcode.I32Add);
  }

  // Operands are taken off the stack right before the instruction, so that one local for each
  // type and use is enough for a whole function.
  readonly #temporaries = new Map<number, number>();

  #temporary(type: number, use = 0): number {
    if (![i32, i64, f32, f64, v128].includes(type as never)) throw new Error(`type ${type}`);
    const key = type * 8 + use;
    const present = this.#temporaries.get(key);
    if (present !== undefined) return present;
    const index = this.#localCount + this.#added.length;
    this.#added.push(type);
    this.#temporaries.set(key, index);
    return index;
  }

  #callee(index: number): number {
    return index < this.#imports ? index : index + hostFunctions.length;
  }

  #call(function_: number): void {
    this.#out.byte(Opcode.Call).number(this.#imports + function_);
  }

  #constant(value: number): void {
    this.#out.byte(Opcode.I32Const).signed(value);
  }

  #get(local: number): void {
    this.#out.byte(Opcode.LocalGet).number(local);
  }

  #set(local: number): void {
    this.#out.byte(Opcode.LocalSet).number(local);
  }

  #tee(local: number): void {
    this.#out.byte(Opcode.LocalTee).number(local);
  }

  #copy({ start, end }: Instruction): void {
    this.#out.bytes(this.#module.data.subarray(start, end));
  }
}
