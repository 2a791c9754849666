/**
 * Registers a test for each example, a block of ```ts, of a package's README: Node runs it as a
 * program, and each `expression; // => value` in it is an assertion.
 *
 * @param testFile `import.meta.url` of a file in the package's `test/`
 * @param document the Markdown file, relative to the test file; `../README.md` if absent
 */
export function testExamples(testFile: string, document?: string): void;
