import type { MassTreeError } from "./error.ts";

/**
 * Names a class of errors, and its errors, whatever bundlers and minifiers have made of the class's
 * name: engines print the one, `error.name` and `String(error)` give the other. The name of the
 * errors is on the prototype, because an own property would be printed with every error.
 */
export function nameClass(errorClass: { readonly prototype: MassTreeError }, name: string): void {
  Object.defineProperty(errorClass, "name", { value: name, configurable: true });
  const ofErrors = { value: name, writable: true, configurable: true };
  Object.defineProperty(errorClass.prototype, "name", ofErrors);
}
