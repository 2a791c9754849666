// Modules in hexadecimal for the tests, written byte by byte.

const magic = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const name = (text: string) => [text.length, ...Buffer.from(text)];
const section = (id: number, bytes: number[]) => [id, bytes.length, ...bytes];
const hex = (...parts: number[][]) => Buffer.from([...magic, ...parts.flat()]).toString("hex");

/** Imports a shared env.memory of 1 to 4 pages; exports `bump(address)`: an atomic add of 1. */
export const counter: string = hex(
  section(1, [1, 0x60, 1, 0x7f, 1, 0x7f]), // (i32) -> i32
  section(2, [1, ...name("env"), ...name("memory"), 2, 3, 1, 4]),
  section(3, [1, 0]),
  section(7, [1, ...name("bump"), 0, 0]),
  section(10, [1, 10, 0, 0x20, 0, 0x41, 1, 0xfe, 0x1e, 2, 0, 0x0b]), // i32.atomic.rmw.add
);

/** Imports the same memory, `env.step()` and `other.step()`; exports `sum()`, which adds their results. */
export const importing: string = hex(
  section(1, [1, 0x60, 0, 1, 0x7f]), // () -> i32
  section(2, [
    3,
    ...[...name("env"), ...name("memory"), 2, 3, 1, 4],
    ...[...name("env"), ...name("step"), 0, 0],
    ...[...name("other"), ...name("step"), 0, 0],
  ]),
  section(3, [1, 0]),
  section(7, [1, ...name("sum"), 0, 2]),
  section(10, [1, 7, 0, 0x10, 0, 0x10, 1, 0x6a, 0x0b]),
);

/** Not WebAssembly at all. */
export const garbage: string = Buffer.from("not a module").toString("hex");

/** The first part of a module. */
export const truncated: string = counter.slice(0, 80);

/** A module whose function contains an unknown instruction. */
export const unknownInstruction: string = hex(
  section(1, [1, 0x60, 0, 0]), // () -> ()
  section(3, [1, 0]),
  section(10, [1, 4, 0, 0xff, 0xff, 0x0b]),
);
