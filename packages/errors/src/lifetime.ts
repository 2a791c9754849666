/**
 * `@masstree/errors/lifetime`: makes objects that have to be closed work with `using`. It is for
 * packages whose objects throw MassTreeClosedError once they are closed.
 */

/**
 * What `using` calls at the end of a block: `[Symbol.dispose]`. Empty if the program's types do not
 * declare that symbol; Node's types and TypeScript's `esnext.disposable` do.
 *
 * A class gets it by declaring an interface with the class's name that extends this one. A method in
 * the class itself would have to name the symbol.
 */
export type Usable = typeof globalThis extends {
  Symbol: { readonly dispose: infer Dispose extends symbol };
}
  ? { [Name in Dispose]: () => void }
  : object;

/**
 * Makes the objects of a class work with `using`. If the engine has no `Symbol.dispose`, the method
 * gets the name that code compiled from `using` looks for: `Symbol.for("Symbol.dispose")`.
 *
 * @param prototype of the class
 * @param close called with the object at the end of the block; may be called more than once
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
