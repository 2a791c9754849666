const identity: unique symbol = /* @__PURE__ */ Symbol("masstree.identity");
let last = 0;

/**
 * Makes a map equal to itself only. What is in a map is not in its properties, so `util.isDeepStrictEqual`,
 * and the assertions of test frameworks that compare properties, would call any two maps equal. They do
 * look at enumerable symbols; `Object.keys`, JSON and `structuredClone` do not.
 *
 * @internal
 */
export function identify(map: object): void {
  Object.defineProperty(map, identity, { value: ++last, enumerable: true });
}
