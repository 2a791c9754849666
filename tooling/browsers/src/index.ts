/* Serves pages that have shared memory, and opens them in the browsers of this machine. */
export { type Browser, endAll, findBrowsers, noBrowser } from "./browsers.ts";
export { type PageOptions, type PageServer, servePage } from "./server.ts";
