/**
 * Bundles a program for `new Worker`, once per process.
 *
 * @param source a TypeScript file
 * @param folder where the bundle goes, within the package whose dependencies it imports
 * @returns where it is
 */
export function workerProgram(source: URL, folder: URL): URL;
