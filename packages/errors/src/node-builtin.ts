/**
 * `@masstree/errors/node-builtin`: for packages that use a module of Node's where there is one.
 */

/**
 * A module of Node's, without an import that bundlers for browsers and other engines would stumble
 * over. Node, Bun and Deno have it.
 *
 * @param name such as "node:zlib"
 * @returns undefined where there is none
 */
export function nodeBuiltin<Module>(name: string): Module | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
  try {
    return process?.getBuiltinModule?.(name) as Module | undefined;
  } catch {
    // Engines that have part of Node throw for the other part.
    return undefined;
  }
}
