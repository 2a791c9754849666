/**
 * Registers a test for each example of a package's README, a block of ```ts or ```js: Node runs it as a
 * program, and each `expression; // => value` in it is an assertion. Another test checks the types of
 * all of ```ts.
 *
 * @param testFile `import.meta.url` of a file in the package's `test/`
 * @param document the Markdown file, relative to the test file; `../README.md` if absent
 */
export function testExamples(testFile: string, document?: string): void;

/**
 * The same for the examples in the doc comments of a source file.
 *
 * @param testFile `import.meta.url` of a file in the package's `test/`
 * @param source the source file, relative to the test file
 * @param imports what the examples leave out: their import statements, in one line
 */
export function testDocExamples(testFile: string, source: string, imports: string): void;

/**
 * Compiles an AssemblyScript example of a package's README, a block of ```ts assembly, with the
 * `npx asc` command that the README gives, and checks its types as an editor would.
 *
 * @param testFile `import.meta.url` of a file in the package's `test/`
 * @param index which of them; 0, the first, if absent
 * @throws when asc or tsc has anything to say, or the build would refuse such a module
 */
export function compileExample(testFile: string, index?: number): Promise<WebAssembly.Module>;
