// A source file as the compiler's own parser sees it: every statement and expression with its place in the
// text, the function around it and, for statements, the list it stands in.
import type { Node as AnyNode } from "./syntax.ts";
import { kinds, parse } from "./syntax.ts";

/** A node of the syntax tree, and where it stands. */
export interface Place {
  readonly node: AnyNode;
  readonly parent: Place | undefined;
  /** The list of statements that the node is an element of. */
  readonly list: readonly AnyNode[] | undefined;
  /** The name of the function around it, with its class: `Located.of`, `put`. */
  readonly function: string;
}

/** One file, ready for the operators. */
export class Source {
  /** End of the path, as in `Edit`: `tree/assembly/put.ts`. */
  readonly file: string;
  readonly text: string;
  /** Everything inside of functions, in the order of the text. */
  readonly places: readonly Place[];
  /** The functions themselves. */
  readonly functions: readonly AnyNode[];

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
    const all = [...placesOf(parse(text, file), undefined, "")];
    this.places = all.filter((place) => place.function !== "" && !isFunction(place.node));
    this.functions = all.map(({ node }) => node).filter(isFunction);
  }

  /** The text of a node; a statement's without its semicolon. */
  textOf({ range: { start, end } }: AnyNode): string {
    return this.text.slice(start, end);
  }

  /** Where a statement ends, with its semicolon. */
  endOf({ range: { end } }: AnyNode): number {
    const semicolon = /^\s*;/.exec(this.text.slice(end));
    return semicolon === null ? end : end + semicolon[0].length;
  }

  lineOf(offset: number): number {
    return this.text.slice(0, offset).split("\n").length;
  }
}

function* placesOf(node: AnyNode, parent: Place | undefined, name: string): Generator<Place> {
  for (const value of Object.values(node)) {
    const list = Array.isArray(value) ? value.filter(isNode) : undefined;
    for (const child of list ?? (isNode(value) ? [value] : [])) {
      const inner = nameAfter(child, name);
      const place = { node: child, parent, list, function: inner };
      yield place;
      yield* placesOf(child, place, inner);
    }
  }
}

function isFunction({ kind }: AnyNode): boolean {
  return kind === kinds.FunctionDeclaration || kind === kinds.MethodDeclaration;
}

function nameAfter(node: AnyNode, name: string): string {
  if (node.kind === kinds.FunctionDeclaration) return node.name!.text!;
  if (node.kind === kinds.MethodDeclaration) return node.name!.text!;
  return name;
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && "kind" in value && "range" in value;
}
