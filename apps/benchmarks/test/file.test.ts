import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UsageError } from "../src/failure.ts";
import { KeyBuilder } from "../src/keys/builder.ts";
import { readKeyFile } from "../src/keys/file.ts";
import { textsOf } from "./packed-keys.ts";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "masstree-keys-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

function fileOf(content: string | Uint8Array): string {
  const path = join(directory, "keys.txt");
  writeFileSync(path, content);
  return path;
}

async function read(content: string | Uint8Array): Promise<{ keys: string[]; lines: number }> {
  const builder = new KeyBuilder();
  const { lines } = await readKeyFile(fileOf(content), builder, () => {});
  return { keys: textsOf(builder.finish()), lines };
}

async function problemOf(content: string | Uint8Array): Promise<string> {
  const error = await read(content).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  return (error as Error).message;
}

describe("a file of keys", () => {
  it("has one key per line; a line ends with LF or CRLF, and the last one may end with neither", async () => {
    expect(await read("b\na\r\nc")).toEqual({ keys: ["b", "a", "c"], lines: 3 });
    expect(await read("b\na\r\nc\n")).toEqual({ keys: ["b", "a", "c"], lines: 3 });
  });

  it("drops duplicates", async () => {
    expect(await read("a\nb\na\na\r\n")).toEqual({ keys: ["a", "b"], lines: 4 });
  });

  it("has the empty key if it has an empty line", async () => {
    expect(await read("a\n\nb\n")).toEqual({ keys: ["a", "", "b"], lines: 3 });
    expect(await read("\n")).toEqual({ keys: [""], lines: 1 });
  });

  it("may start with a byte order mark, which is skipped", async () => {
    expect((await read("\ufeffa\n\ufeffb\n")).keys).toEqual(["a", "\ufeffb"]);
  });

  it("is read correctly in chunks that cut lines and characters anywhere", async () => {
    // The chunks have 1 MiB; the lines and their characters have odd sizes.
    const lines = Array.from({ length: 60 }, (_, i) => `${i} ${"é😀x".repeat(8000 - i)}`);
    expect((await read(lines.join("\n"))).keys).toEqual(lines);
  });

  it("may have keys of up to 64 KiB, but not longer ones", async () => {
    const longest = "x".repeat(65_536);
    expect((await read(`${longest}\r\na`)).keys).toEqual([longest, "a"]);
    expect(await problemOf(`a\n${longest}y\nb`)).toMatch(/line 2 is longer than a key may be/);
  });

  it("without line breaks is refused, but not collected in memory", async () => {
    expect(await problemOf("x".repeat(5_000_000))).toMatch(/line 1 is longer than a key may be/);
  });

  it("is refused if it has lines that are not valid UTF-8, which the message names", async () => {
    const message = await problemOf(
      Buffer.concat([Buffer.from("good\nbad "), Buffer.from([0xff, 0x0a]), Buffer.from("good")]),
    );
    expect(message).toMatch(/line 2 is not valid UTF-8: "bad \\xff"/);
  });

  it("is refused with a message that shows five bad lines and counts the others", async () => {
    const message = await problemOf(Buffer.from("\xff\n".repeat(1234), "latin1"));
    expect(message).toMatch(/line 5 /);
    expect(message).not.toMatch(/line 6 /);
    expect(message).toMatch(/and 1,229 more/);
  });

  it("is refused if it is empty, binary or UTF-16", async () => {
    expect(await problemOf("")).toMatch(/is empty/);
    expect(await problemOf(new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 1]))).toMatch(/is not text/);
    expect(await problemOf(Buffer.from("\ufeffab\n", "utf16le"))).toMatch(/is UTF-16 text/);
  });

  it("is refused if it does not exist or is a directory", async () => {
    const nothing = readKeyFile(join(directory, "none"), new KeyBuilder(), () => {});
    await expect(nothing).rejects.toThrow(/there is no file '.*none'/);
    const folder = readKeyFile(directory, new KeyBuilder(), () => {});
    await expect(folder).rejects.toThrow(/is a directory/);
  });
});
