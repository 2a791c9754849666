// What each instruction that reaches memory does to it: the one table of opcodes.

/** What a step does to memory. The numbers are stable: schedules and reports use the names. */
export const Kind = {
  PlainLoad: 0,
  PlainStore: 1,
  AtomicLoad: 2,
  AtomicStore: 3,
  ReadModifyWrite: 4,
  CompareExchange: 5,
  Wait: 6,
  Notify: 7,
  Fence: 8,
  Fill: 9,
  Copy: 10,
  Init: 11,
} as const;

export type Kind = (typeof Kind)[keyof typeof Kind];

/** Whether an access of that kind can change memory. */
export function isWriting(kind: Kind): boolean {
  switch (kind) {
    case Kind.PlainLoad:
    case Kind.AtomicLoad:
    case Kind.Wait:
    case Kind.Notify:
    case Kind.Fence:
      return false;
    default:
      return true;
  }
}

/** Names of `Kind`, by number. */
export const kindNames: readonly string[] = [
  "load",
  "store",
  "atomic.load",
  "atomic.store",
  "atomic.rmw",
  "atomic.cmpxchg",
  "atomic.wait",
  "atomic.notify",
  "atomic.fence",
  "memory.fill",
  "memory.copy",
  "memory.init",
];

/** Binary codes of the value types. */
export const ValueType = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;

/** One kind of memory instruction. */
export interface Access {
  readonly kind: Kind;
  /** Bytes touched; 0 when an operand gives the size. */
  readonly width: number;
  /** Type of the value operand (a store's value, a read-modify-write's operand); 0 for none. */
  readonly value: number;
}

const { i32, i64, f32, f64, v128 } = ValueType;
const access = (kind: Kind, width: number, value = 0): Access => ({ kind, width, value });

const plain: readonly (readonly [number, Access])[] = [
  ...[4, 8, 4, 8, 1, 1, 2, 2, 1, 1, 2, 2, 4, 4].map(
    (width, index) => [0x28 + index, access(Kind.PlainLoad, width)] as const,
  ),
  ...(
    [
      [4, i32],
      [8, i64],
      [4, f32],
      [8, f64],
      [1, i32],
      [2, i32],
      [1, i64],
      [2, i64],
      [4, i64],
    ] as const
  ).map(([width, type], index) => [0x36 + index, access(Kind.PlainStore, width, type)] as const),
];

// Atomic instructions come in groups of seven: i32, i64, i32 8 and 16 bits, i64 8, 16 and 32 bits.
const atomicShapes = [
  [4, i32],
  [8, i64],
  [1, i32],
  [2, i32],
  [1, i64],
  [2, i64],
  [4, i64],
] as const;

function atomicGroup(first: number, kind: Kind): (readonly [number, Access])[] {
  return atomicShapes.map(([width, type], index) => {
    const value = kind === Kind.AtomicLoad ? 0 : type;
    return [first + index, access(kind, width, value)] as const;
  });
}

const atomic: readonly (readonly [number, Access])[] = [
  [0x00, access(Kind.Notify, 4, i32)],
  [0x01, access(Kind.Wait, 4, i32)],
  [0x02, access(Kind.Wait, 8, i64)],
  ...atomicGroup(0x10, Kind.AtomicLoad),
  ...atomicGroup(0x17, Kind.AtomicStore),
  ...[0x1e, 0x25, 0x2c, 0x33, 0x3a, 0x41].flatMap((first) =>
    atomicGroup(first, Kind.ReadModifyWrite),
  ),
  ...atomicGroup(0x48, Kind.CompareExchange),
];

const simd: readonly (readonly [number, Access])[] = [
  ...[16, 8, 8, 8, 8, 8, 8, 1, 2, 4, 8].map(
    (width, code) => [code, access(Kind.PlainLoad, width)] as const,
  ),
  [11, access(Kind.PlainStore, 16, v128)],
  ...[1, 2, 4, 8].map((width, index) => [84 + index, access(Kind.PlainLoad, width, v128)] as const),
  ...[1, 2, 4, 8].map(
    (width, index) => [88 + index, access(Kind.PlainStore, width, v128)] as const,
  ),
  [92, access(Kind.PlainLoad, 4)],
  [93, access(Kind.PlainLoad, 8)],
];

/** Accesses by one-byte opcode. */
export const plainAccesses: ReadonlyMap<number, Access> = new Map(plain);
/** Accesses by the number after the prefix 0xfe. */
export const atomicAccesses: ReadonlyMap<number, Access> = new Map(atomic);
/** Accesses by the number after the prefix 0xfd. */
export const simdAccesses: ReadonlyMap<number, Access> = new Map(simd);
