// The meta pages of a file, read from docs/design.md, not by the code that is tested.

export interface FoundMeta {
  readonly slot: number;
  readonly pageBytes: number;
  readonly commit: number;
  readonly pages: number;
  readonly catalog: number;
  readonly map: number;
}

/** The states that the meta pages of a file describe, the newest first. Checksums are not checked. */
export function metasOf(file: Uint8Array): FoundMeta[] {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const found: FoundMeta[] = [];
  for (const pageBytes of [4096, 8192, 16384, 32768, 65536]) {
    for (const slot of [0, 1]) {
      const record = [slot * pageBytes, slot * pageBytes + pageBytes / 2].map((at) => {
        if (at + 128 > file.length) return undefined;
        const magic = String.fromCharCode(...file.subarray(at, at + 8));
        if (magic !== "mtstore1" || view.getUint32(at + 12, true) !== pageBytes) return undefined;
        return {
          slot,
          pageBytes,
          commit: Number(view.getBigUint64(at + 24, true)),
          pages: view.getUint32(at + 32, true),
          catalog: view.getUint32(at + 36, true),
          map: view.getUint32(at + 40, true),
        };
      });
      const newest = record
        .filter((one) => one !== undefined)
        .sort((a, b) => b.commit - a.commit)[0];
      if (newest !== undefined) found.push(newest);
    }
  }
  return found.sort((a, b) => b.commit - a.commit);
}
