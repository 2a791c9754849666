/**
 * Compares a package's reports with its declarations, or writes them anew.
 *
 * @param directory the package's, with its `package.json` and a built `dist/`
 * @returns what is wrong and, where a report differs, the difference; empty if all is well
 */
export function checkApi(directory: string, options?: { update?: boolean }): string[];
