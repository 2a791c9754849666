// Draws plots without a browser: Observable Plot on linkedom's document.
import { plot } from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { escaped, type Html, trusted, visible } from "../escape.ts";
import type { Figure } from "./frame.ts";

const { document } = parseHTML("<!doctype html><html><body></body></html>");

/** A plot as SVG for use within HTML. A screen reader reads the label; the numbers are in the table below. */
export function draw(options: Figure, label: string): Html {
  const svg = plot({ ...options, document: document as unknown as Document });
  if (svg.tagName.toLowerCase() !== "svg")
    throw new Error(`the plot '${label}' is no single image`);
  svg.setAttribute("role", "img");
  // The library's own title and labels would repeat every bar.
  const text = svg.outerHTML.replace(/^<svg /, `<svg aria-label="${escaped(label)}" `);
  return trusted(slim(visible(text)));
}

/** Plot writes coordinates with up to 17 digits; a tenth of a pixel is fine enough. */
function slim(svg: string): string {
  return svg.replace(/(?<=[ ",(MLHVC-])(\d+\.\d{2,})(?=[ ",)MLHVCZ])/g, (digits) =>
    String(Math.round(Number(digits) * 10) / 10),
  );
}
