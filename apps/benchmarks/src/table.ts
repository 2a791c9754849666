// Draws tables for people: aligned, and without colours, so that they can be copied and compared.
import CliTable, { type HorizontalAlignment } from "cli-table3";

/** Draws a table whose first column is text and whose other columns are figures. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const align = (_: string, column: number): HorizontalAlignment =>
    column === 0 ? "left" : "right";
  const drawn = new CliTable({
    head: [...head],
    colAligns: head.map(align),
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) drawn.push([...row]);
  return drawn.toString();
}
