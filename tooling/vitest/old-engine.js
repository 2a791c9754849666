// Runs programs as in an engine from before `using`, which has no `Symbol.dispose`.
import { spawnSync } from "node:child_process";

const withoutDispose = `
  const { dispose, ...others } = Object.getOwnPropertyDescriptors(Symbol);
  const symbol = Symbol;
  globalThis.Symbol = Object.defineProperties((description) => symbol(description), others);
  if (Symbol.dispose !== undefined) throw new Error("Symbol.dispose is still there");
`;

export function oldEngine(program) {
  const args = ["--input-type=module", "--eval", withoutDispose + program];
  const { status, stderr, stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
  return { status, stderr, stdout };
}
