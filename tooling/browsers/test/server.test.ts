import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type PageServer, servePage } from "../src/index.ts";

let folder: string;
let server: PageServer<unknown>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "masstree-page-"));
  await writeFile(join(folder, "page.js"), "export {};\n");
  await writeFile(join(folder, "secret.txt"), "secret");
  server = await servePage({ folder: pathToFileURL(`${folder}/`), html: "<!doctype html><p>page" });
});

afterEach(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

const get = (path: string) => fetch(new URL(path, server.address));

test("the page and its scripts come with the headers that give them shared memory", async () => {
  for (const [path, type, text] of [
    ["/?deaths=3", "text/html", "<!doctype html><p>page"],
    ["/page.js", "text/javascript", "export {};\n"],
  ] as const) {
    const response = await get(path);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe(type);
    expect(response.headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(response.headers.get("cross-origin-embedder-policy")).toBe("require-corp");
    expect(await response.text()).toBe(text);
  }
});

test("nothing but scripts of the folder itself is served", async () => {
  for (const path of ["/secret.txt", "/missing.js", "/../page.js/", "/..%2fpage.js", "/sub/x.js"]) {
    expect((await get(path)).status, path).toBe(404);
  }
});

test("a report that is posted arrives as its value, and what is no JSON is refused", async () => {
  const reports: unknown[] = [];
  server.onReport = (report) => reports.push(report);
  const post = (body: string) =>
    fetch(new URL("/report", server.address), { method: "POST", body });
  expect((await post('{"checks":[1,"é"]}')).status).toBe(200);
  expect((await post("{")).status).toBe(400);
  expect(reports).toEqual([{ checks: [1, "é"] }]);
});

test("a port that is taken is an error of its own", async () => {
  const port = Number(new URL(server.address).port);
  const second = servePage({ folder: pathToFileURL(`${folder}/`), html: "", port });
  await expect(second).rejects.toMatchObject({ code: "EADDRINUSE" });
});
