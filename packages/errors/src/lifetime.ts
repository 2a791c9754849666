/**
 * What objects that are closed have in common, for the packages whose use after that is a
 * MassTreeClosedError: `@masstree/errors/lifetime`.
 */

/**
 * What `using` calls at the end of a block that holds an object: `[Symbol.dispose]`; nothing where a
 * program's types do not know that symbol. Those of Node do, and TypeScript's `esnext.disposable`.
 *
 * A class has it by an interface of its own name that extends this one: in the class itself the symbol
 * would have to be named.
 */
export type Usable = typeof globalThis extends {
  Symbol: { readonly dispose: infer Dispose extends symbol };
}
  ? { [Name in Dispose]: () => void }
  : object;

/**
 * Gives the objects of a class what `using` calls, under the name by which compilers of `using` look for
 * it where engines lack it.
 *
 * @param prototype of the class
 * @param close what to do with the object at the end of the block; may be called more than once
 */
export function makeUsable<T extends object>(prototype: T, close: (object: T) => void): void {
  Object.defineProperty(prototype, Symbol.dispose ?? Symbol.for("Symbol.dispose"), {
    value(this: T): void {
      close(this);
    },
    writable: true,
    configurable: true,
  });
}
