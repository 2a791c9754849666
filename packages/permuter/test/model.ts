// The naive model of a permutation: an array of slots and a size.

export interface Model {
  readonly slots: readonly number[];
  readonly size: number;
}

export function identity(width: number, n: number): Model {
  const fresh = Array.from({ length: width - n }, (_, i) => width - 1 - i);
  return { slots: [...Array.from({ length: n }, (_, i) => i), ...fresh], size: n };
}

export function insert({ slots, size }: Model, position: number): Model {
  const copy = [...slots];
  const slot = copy.pop()!;
  copy.splice(position, 0, slot);
  return { slots: copy, size: size + 1 };
}

export function remove({ slots, size }: Model, position: number): Model {
  const copy = [...slots];
  const [slot] = copy.splice(position, 1);
  copy.splice(size - 1, 0, slot!);
  return { slots: copy, size: size - 1 };
}

export function exchange({ slots, size }: Model, i: number, j: number): Model {
  const copy = [...slots];
  [copy[i], copy[j]] = [copy[j]!, copy[i]!];
  return { slots: copy, size };
}

export function rotate({ slots, size }: Model, from: number, to: number): Model {
  return {
    slots: [...slots.slice(0, from), ...slots.slice(to), ...slots.slice(from, to)],
    size,
  };
}

export function truncate({ slots }: Model, n: number): Model {
  return { slots, size: n };
}
