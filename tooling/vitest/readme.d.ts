/**
 * Registers a test for each example in a package's README. An example is a ```ts or ```js block. Node
 * runs it as a program, and each `expression; // => value` in it is an assertion. One more test checks
 * the types of all ```ts blocks.
 *
 * @param testFile `import.meta.url` of a file in the package's `test/`
 * @param document the Markdown file, relative to the test file; `../README.md` if absent
 */
export function testExamples(testFile: string, document?: string): void;

/**
 * Does the same for many documents, in less time: one test checks the types of all their blocks, and one
 * process runs the blocks of a document in turn.
 *
 * @param testFile `import.meta.url` of a file in the package's `test/`
 * @param documents the Markdown files, relative to the test file
 */
export function testDocuments(testFile: string, documents: readonly string[]): void;

/**
 * Registers a test for each ```js of FILE or ```ts of FILE block of a document: what it shows is in that
 * file, but for indentation. A line `// ...` stands for whatever is between two parts.
 *
 * @param testFile `import.meta.url` of a file in the package's `test/`
 * @param document the Markdown file, relative to the test file; `../README.md` if absent. Its files are
 *   relative to it
 */
export function testExcerpts(testFile: string, document?: string): void;

/**
 * Does what `testExamples` does for the examples in a source file's doc comments.
 *
 * @param testFile `import.meta.url` of a file in the package's `test/`
 * @param source the source file, relative to the test file
 * @param imports the import statements that the examples leave out, in one line
 */
export function testDocExamples(testFile: string, source: string, imports: string): void;

/**
 * Compiles an AssemblyScript example from a package's README, a ```ts assembly block, with the README's
 * own `npx asc` command. Also checks its types as an editor would.
 *
 * @param testFile `import.meta.url` of a file in the package's `test/`
 * @param index which example; 0, the first, if absent
 * @param imports what the module may import besides `env.memory`, as `module.name`; nothing if absent
 * @throws Error if asc or tsc reports anything, or if the build would refuse the module
 */
export function compileExample(
  testFile: string,
  index?: number,
  imports?: readonly string[],
): Promise<WebAssembly.Module>;
