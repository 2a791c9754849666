// The report of a benchmark, as a page and as an image.
export { writeHtml } from "./page.ts";
export { writeSvg } from "./svg.ts";
