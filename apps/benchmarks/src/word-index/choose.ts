// Chooses as many files as a limit allows: always the same ones, and of every directory its share.

/**
 * Takes one of every so many files, in the order of the list, whatever their sizes: so large and small
 * ones, and all directories, are there in proportion. One that would exceed the limit is left out.
 *
 * @param limit in bytes
 */
export function chooseEvenly<File extends { readonly size: number }>(
  files: readonly File[],
  limit: number,
): File[] {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  if (total <= limit) return [...files];
  let turn = 0;
  let bytes = 0;
  const chosen = files.filter(({ size }) => {
    turn += limit / total;
    if (turn < 1) return false;
    turn -= 1;
    if (bytes + size > limit) return false;
    bytes += size;
    return true;
  });
  return chosen.length > 0 ? chosen : files.filter(({ size }) => size <= limit).slice(0, 1);
}
