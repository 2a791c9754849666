/*
 * Serves the page: a few files, with the headers without which a page has no shared memory. The page
 * posts its report here.
 */
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Report } from "./report.ts";

const html = `<!doctype html>
<meta charset="utf-8">
<title>masstree</title>
<style>body { font: 15px/1.5 sans-serif; margin: 2em } .failed { color: #b00 } pre { margin: 0 2em }</style>
<h1>masstree in this browser</h1>
<ol></ol>
<script type="module" src="/page.js"></script>
`;

// The strictest policy under which the map works.
const policy =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'unsafe-inline'";

const headers = {
  "Content-Security-Policy": policy,
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cache-Control": "no-store",
};

export interface PageServer {
  readonly address: string;
  /** Called with each report that the page posts. */
  onReport: (report: Report) => void;
  close(): void;
}

/**
 * Starts the server on a free port. Only this machine can reach it.
 *
 * @param folder that contains page.js and worker.js
 */
export async function servePage(folder: URL): Promise<PageServer> {
  const server = createServer((request, response) => {
    answer(folder, request, response, (report) => page.onReport(report)).catch((error) => {
      response.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  const page: PageServer = {
    address: `http://127.0.0.1:${port}/`,
    onReport: () => {},
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
  return page;
}

async function answer(
  folder: URL,
  request: IncomingMessage,
  response: ServerResponse,
  arrived: (report: Report) => void,
): Promise<void> {
  const send = (type: string, body: string) =>
    response.writeHead(200, { ...headers, "Content-Type": type }).end(body);
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  if (request.method === "POST" && pathname === "/report") {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    send("text/plain", "");
    arrived(JSON.parse(body));
  } else if (pathname === "/") {
    send("text/html", html);
  } else if (/^\/[\w-]+\.js$/.test(pathname)) {
    send("text/javascript", await readFile(new URL(`.${pathname}`, folder), "utf8"));
  } else {
    response.writeHead(404, headers).end();
  }
}
