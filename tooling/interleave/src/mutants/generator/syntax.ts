// The parser of the AssemblyScript compiler, and as much of its syntax tree as the operators look at.
import * as assemblyscript from "assemblyscript";

/** A node. Which fields it has depends on its kind. */
export interface Node {
  readonly kind: number;
  readonly range: { readonly start: number; readonly end: number };
  readonly text?: string;
  readonly name?: Node;
  readonly expression?: Node;
  readonly args?: readonly Node[];
  readonly property?: Node;
  readonly condition?: Node | null;
  readonly ifTrue?: Node;
  readonly ifFalse?: Node | null;
  readonly left?: Node;
  readonly right?: Node;
  readonly operand?: Node;
  readonly operator?: number;
  readonly declarations?: readonly Node[];
  readonly initializer?: Node | null;
  readonly statements?: readonly Node[];
}

interface Parser {
  readonly NodeKind: Readonly<Record<string, number>>;
  newOptions(): unknown;
  newProgram(options: unknown): {
    readonly sources: readonly (Node & { readonly normalizedPath: string })[];
    readonly diagnostics: readonly { readonly message: string }[];
  };
  parse(program: unknown, text: string, path: string, isEntry: boolean): void;
}

// Its own types speak of the compiler's numbers, `i32` and the like, that only the compiler declares.
const compiler = assemblyscript as unknown as Parser;

/** The numbers of the kinds of nodes. */
export const kinds: Readonly<Record<string, number>> = compiler.NodeKind;

/** Parses a file. Throws when it is no AssemblyScript. */
export function parse(text: string, file: string): Node {
  const program = compiler.newProgram(compiler.newOptions());
  compiler.parse(program, text, file, true);
  const [problem] = program.diagnostics;
  if (problem !== undefined) throw new Error(`${file}: ${problem.message}`);
  const source = program.sources.find(({ normalizedPath }) => normalizedPath === file);
  if (source === undefined) throw new Error(`${file} was not parsed`);
  return source;
}
