/**
 * One of Node's own modules, without an import that other engines would stumble over. Node, Bun and Deno have it;
 * undefined elsewhere. @internal
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
