// Negates a condition, or shifts a comparison by one.
import type { Change } from "../operator.ts";
import type { Source } from "../source.ts";
import { kinds } from "../syntax.ts";

const shifted: Readonly<Record<string, string>> = { "<": "<=", "<=": "<", ">": ">=", ">=": ">" };
const negated: Readonly<Record<string, string>> = {
  "==": "!=",
  "!=": "==",
  "===": "!==",
  "!==": "===",
};

export function* changeComparisons(source: Source): Generator<Change> {
  for (const { node, function: name } of source.places) {
    if (node.kind !== kinds.Binary) continue;
    const start = node.left!.range.end;
    const end = node.right!.range.start;
    const between = source.text.slice(start, end);
    const sign = /(?:^|[\s)])(<=|>=|===|!==|==|!=|<|>)(?:$|[\s(])/.exec(between)?.[1];
    if (sign === undefined) continue;
    const shift = shifted[sign];
    const negation = negated[sign];
    const operator = shift === undefined ? "negate a comparison" : "shift a comparison by one";
    const replace = between.replace(sign, () => shift ?? negation!);
    yield { operator, function: name, start, end, replace };
  }
}

export function* negateConditions(source: Source): Generator<Change> {
  for (const { node, function: name } of source.places) {
    const { condition } = node;
    if (!condition || condition.kind === kinds.Binary) continue;
    if (node.kind !== kinds.If && node.kind !== kinds.Ternary) continue;
    const { start, end } = condition.range;
    const text = source.textOf(condition);
    const replace = /^!\w[\w.]*(<\w+>)?\(/.test(text) ? text.slice(1) : `!(${text})`;
    yield { operator: "negate a condition", function: name, start, end, replace };
  }
}
