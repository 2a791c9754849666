// Which examples of a document are programs, and what they assert.
//
// Every ```ts and ```js block is a program. In it,
//
//   expression; // => value                asserts that the two are deeply equal
//   const name = expression; // => value   asserts the same of the constant
//
// A ```js block whose first line is `// name.js` is saved under that name in the same folder, so that
// `new URL("./name.js", import.meta.url)` finds it. Of such blocks, only `// main.js` is run.
//
// A fence with a second word, such as ```js browser, is not for Node.

/** The programs of a document. */
export function blocks(markdown) {
  return [...markdown.matchAll(/^```(ts|js)\n(.*?)^```$/gms)].map(
    ({ index, 1: language, 2: code }) => {
      const line = markdown.slice(0, index).split("\n").length;
      const name = language === "js" ? /^\/\/ ([\w-]+\.js)\n/.exec(code)?.[1] : undefined;
      const isRun = name === undefined || name === "main.js";
      return { line, language, code, file: name ?? `line-${line}.js`, isRun };
    },
  );
}

/** The JavaScript of a block, which throws if something is not as its comments say. */
export function toProgram(language, start, code, { transpileModule, ModuleKind, ScriptTarget }) {
  const body = code
    .replace(/^(\s*const (\w+)\b.*;) \/\/ => (.*)$/gm, "$1 __assert.deepEqual($2, $3);")
    .replace(/^(\s*)(\S.*); \/\/ => (.*)$/gm, "$1__assert.deepEqual($2, $3);");
  const asserted = start + body;
  const compilerOptions = { module: ModuleKind.ESNext, target: ScriptTarget.ES2022 };
  const program =
    language === "ts" ? transpileModule(asserted, { compilerOptions }).outputText : asserted;
  return `import __assert from "node:assert/strict";\n${program}`;
}
