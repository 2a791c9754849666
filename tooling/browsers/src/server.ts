/*
 * Serves a page: its HTML and its scripts, with the headers without which a page has no shared memory. The
 * page may post reports here.
 */
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

// The strictest policy under which the map works.
const policy =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'unsafe-inline'";

const headers = {
  "Content-Security-Policy": policy,
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cache-Control": "no-store",
};

export interface PageOptions {
  /** The folder of the page's scripts. Only `NAME.js` in this folder itself is served. */
  readonly folder: URL;
  readonly html: string;
  /** 0, the default, takes a free port. */
  readonly port?: number;
}

export interface PageServer<Report> {
  readonly address: string;
  /** Called with each report that the page posts. */
  onReport: (report: Report) => void;
  close(): void;
}

/**
 * Starts the server. Only this machine can reach it.
 *
 * @throws an Error with code `EADDRINUSE` or `EACCES` if the port cannot be used
 */
export async function servePage<Report>({
  folder,
  html,
  port = 0,
}: PageOptions): Promise<PageServer<Report>> {
  const server = createServer((request, response) => {
    answer({ folder, html }, request, response, (report) => page.onReport(report as Report)).catch(
      (error) => {
        if (response.headersSent) response.destroy();
        else response.writeHead(500, headers).end(String(error));
      },
    );
  });
  await new Promise<void>((listening, failed) => {
    server.once("error", failed);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", failed);
      listening();
    });
  });
  const page: PageServer<Report> = {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    onReport: () => {},
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
  return page;
}

async function answer(
  { folder, html }: PageOptions,
  request: IncomingMessage,
  response: ServerResponse,
  arrived: (report: unknown) => void,
): Promise<void> {
  const send = (type: string, body: string) =>
    response.writeHead(200, { ...headers, "Content-Type": type }).end(body);
  const refuse = (status: number) => response.writeHead(status, headers).end();
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  if (request.method === "POST" && pathname === "/report") {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const report = parsed(body);
    if (report === undefined) return void refuse(400);
    send("text/plain", "");
    arrived(report.value);
  } else if (pathname === "/") {
    send("text/html", html);
  } else if (/^\/[\w-]+\.js$/.test(pathname)) {
    const script = await scriptAt(new URL(`.${pathname}`, folder));
    if (script === undefined) return void refuse(404);
    send("text/javascript", script);
  } else if (pathname === "/favicon.ico") {
    // Browsers ask for it unasked. An error would be the page's only one.
    response.writeHead(204, headers).end();
  } else {
    refuse(404);
  }
}

function parsed(body: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(body) };
  } catch {
    // Not JSON, so not from the page. The answer says so.
    return undefined;
  }
}

async function scriptAt(file: URL): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
