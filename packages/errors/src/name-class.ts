/**
 * `@masstree/errors/name-class`: for packages with errors of their own.
 */

/**
 * Names an error class and its errors, whatever bundlers and minifiers did to the class's name.
 * Engines print the name of the class; `error.name` and `String(error)` give the name of the errors.
 * That one is on the prototype, because engines print an own property with every error.
 */
export function nameClass(errorClass: { readonly prototype: Error }, name: string): void {
  Object.defineProperty(errorClass, "name", { value: name, configurable: true });
  const ofErrors = { value: name, writable: true, configurable: true };
  Object.defineProperty(errorClass.prototype, "name", ofErrors);
}
