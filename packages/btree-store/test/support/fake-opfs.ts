// OPFS and Web Locks as their specifications have them (File System Standard, Web Locks API), for threads that a test
// makes and ends as it likes. Files and locks are the site's; each thread is a platform of its own.
import type {
  AccessHandle,
  AccessMode,
  OpfsDirectory,
  OpfsFileHandle,
  OpfsPlatform,
  WebLocks,
} from "../../src/opfs-platform.ts";

const failure = (name: string, message = name) => new DOMException(message, name);

/** How an engine differs from the specification, or is older. */
export interface EngineOptions {
  /** Whether access handles have modes. Default true. */
  readonly hasModes?: boolean;
  /** Whether access handles take shared memory. Default true. */
  readonly takesShared?: boolean;
  /** How many bytes the site may store. */
  readonly quota?: number;
  /** Draws how long the steps of Web Locks take. Default: all as long. */
  readonly random?: () => number;
}

interface FakeFile {
  bytes: Uint8Array;
  size: number;
  /** The access handles that are open. */
  readonly handles: Set<FakeAccess>;
}

interface FakeFolder {
  readonly entries: Map<string, FakeFile | FakeFolder>;
}

const isFolder = (entry: FakeFile | FakeFolder): entry is FakeFolder => "entries" in entry;

/** A site: its files, its locks, and the engine that has both. */
export class FakeSite {
  readonly root: FakeFolder = { entries: new Map() };
  readonly locks: FakeLockManager;
  readonly hasModes: boolean;
  readonly takesShared: boolean;
  quota: number;
  /** How often shared memory was passed to an access handle, and how often one was flushed. */
  sharedCalls = 0;
  flushes = 0;

  constructor({
    hasModes = true,
    takesShared = true,
    quota = Infinity,
    random = () => 0,
  }: EngineOptions = {}) {
    this.locks = new FakeLockManager(random);
    this.hasModes = hasModes;
    this.takesShared = takesShared;
    this.quota = quota;
  }

  /** Another thread, of whichever tab. */
  thread(): FakeThread {
    return new FakeThread(this);
  }

  /** A file's contents; undefined if there is none. */
  fileAt(path: string): Uint8Array | undefined {
    let entry: FakeFile | FakeFolder | undefined = this.root;
    for (const name of path.split("/")) entry = isFolder(entry!) ? entry.entries.get(name) : undefined;
    return entry === undefined || isFolder(entry) ? undefined : entry.bytes.slice(0, entry.size);
  }

  /** How many bytes all files have. */
  get used(): number {
    const sum = (entry: FakeFile | FakeFolder): number =>
      isFolder(entry) ? [...entry.entries.values()].reduce((n, one) => n + sum(one), 0) : entry.size;
    return sum(this.root);
  }
}

/** What a thread sees of its site. */
export class FakeThread implements OpfsPlatform {
  readonly #site: FakeSite;
  readonly locks: WebLocks;
  readonly accesses = new Set<FakeAccess>();

  constructor(site: FakeSite) {
    this.#site = site;
    this.locks = site.locks.clientOf(this);
  }

  get hasModes(): boolean {
    return this.#site.hasModes;
  }

  async getDirectory(): Promise<OpfsDirectory> {
    return directoryOf(this.#site, this, this.#site.root);
  }

  /** Its access handles that are open. */
  get open(): number {
    return this.accesses.size;
  }

  /** The thread ends: the browser frees its locks and closes its access handles. */
  end({ keepsHandlesFor = 0 } = {}): void {
    this.#site.locks.endClient(this);
    const close = () => {
      for (const access of this.accesses) access.close();
    };
    if (keepsHandlesFor === 0) close();
    else setTimeout(close, keepsHandlesFor);
  }
}

function checkName(name: string): void {
  if (name === "" || name === "." || name === ".." || /[/\\]/.test(name)) {
    throw new TypeError(`Name is not allowed: ${name}`);
  }
}

function directoryOf(site: FakeSite, thread: FakeThread, folder: FakeFolder): OpfsDirectory {
  const find = (name: string) => {
    checkName(name);
    return folder.entries.get(name);
  };
  return {
    async getDirectoryHandle(name, { create }) {
      let entry = find(name);
      if (entry === undefined && !create) throw failure("NotFoundError");
      entry ??= { entries: new Map() };
      if (!isFolder(entry)) throw failure("TypeMismatchError");
      folder.entries.set(name, entry);
      return directoryOf(site, thread, entry);
    },
    async getFileHandle(name, { create }) {
      let entry = find(name);
      if (entry === undefined && !create) throw failure("NotFoundError");
      entry ??= { bytes: new Uint8Array(0), size: 0, handles: new Set() };
      if (isFolder(entry)) throw failure("TypeMismatchError");
      folder.entries.set(name, entry);
      return fileHandleOf(site, thread, entry);
    },
  };
}

function fileHandleOf(site: FakeSite, thread: FakeThread, file: FakeFile): OpfsFileHandle {
  return {
    async createSyncAccessHandle(options) {
      // An engine without modes does not look at them.
      const mode = site.hasModes ? (options?.mode ?? "readwrite") : "readwrite";
      // The lock of the file: exclusive, or shared by those of one mode.
      const isTaken = [...file.handles].some((one) => mode === "readwrite" || one.mode !== mode);
      if (isTaken) throw failure("NoModificationAllowedError");
      const access = new FakeAccess(site, thread, file, mode);
      file.handles.add(access);
      thread.accesses.add(access);
      return access;
    },
  };
}

class FakeAccess implements AccessHandle {
  readonly mode: AccessMode | "readwrite";
  readonly #site: FakeSite;
  readonly #thread: FakeThread;
  readonly #file: FakeFile;
  #isClosed = false;

  constructor(site: FakeSite, thread: FakeThread, file: FakeFile, mode: AccessMode | "readwrite") {
    this.#site = site;
    this.#thread = thread;
    this.#file = file;
    this.mode = mode;
  }

  getSize(): number {
    this.#check();
    return this.#file.size;
  }

  read(target: Uint8Array, { at }: { at: number }): number {
    this.#checkBuffer(target);
    this.#check();
    const { bytes, size } = this.#file;
    const count = Math.max(0, Math.min(target.length, size - at));
    target.set(bytes.subarray(at, at + count));
    return count;
  }

  write(source: Uint8Array, { at }: { at: number }): number {
    this.#checkBuffer(source);
    this.#checkWritable();
    this.#resize(Math.max(this.#file.size, at + source.length));
    this.#file.bytes.set(source, at);
    return source.length;
  }

  truncate(size: number): void {
    this.#checkWritable();
    this.#resize(size);
  }

  flush(): void {
    this.#check();
    this.#site.flushes++;
  }

  close(): void {
    this.#isClosed = true;
    this.#file.handles.delete(this);
    this.#thread.accesses.delete(this);
  }

  #check(): void {
    if (this.#isClosed) throw failure("InvalidStateError");
  }

  #checkWritable(): void {
    this.#check();
    if (this.mode === "read-only") throw failure("NoModificationAllowedError");
  }

  /** As the conversion of the arguments does, before anything else. */
  #checkBuffer({ buffer }: Uint8Array): void {
    if (!(buffer instanceof SharedArrayBuffer)) return;
    this.#site.sharedCalls++;
    if (!this.#site.takesShared) throw new TypeError("The provided ArrayBufferView is shared.");
  }

  #resize(size: number): void {
    const file = this.#file;
    if (this.#site.used + size - file.size > this.#site.quota && size > file.size) {
      throw failure("QuotaExceededError");
    }
    if (size > file.bytes.length) {
      const larger = new Uint8Array(Math.max(size, 2 * file.bytes.length));
      larger.set(file.bytes.subarray(0, file.size));
      file.bytes = larger;
    }
    if (size < file.size) file.bytes.fill(0, size, file.size);
    file.size = size;
  }
}

interface FakeRequest {
  readonly client: object;
  readonly name: string;
  readonly mode: "exclusive" | "shared";
  grant(): void;
}

/** Each step of a client, and each answer, takes a while: so steps of several clients come in any order. */
class FakeLockManager {
  readonly #random: () => number;
  #queue: FakeRequest[] = [];
  #held: FakeRequest[] = [];

  constructor(random: () => number) {
    this.#random = random;
  }

  #later(run: () => void, turns: number = Math.floor(3 * this.#random())): void {
    setImmediate(() => (turns === 0 ? run() : this.#later(run, turns - 1)));
  }

  clientOf(client: object): WebLocks {
    return {
      request: (name, { mode = "exclusive", signal }, whileHeld) =>
        new Promise((resolve, reject) => {
          if (name.startsWith("-")) return reject(failure("NotSupportedError"));
          if (signal?.aborted) return reject(signal.reason);
          const request: FakeRequest = {
            client,
            name,
            mode,
            grant: () => {
              this.#held.push(request);
              signal?.removeEventListener("abort", abort);
              // The callback runs in a task of the client; what it returns is awaited, then the lock is released.
              this.#later(() => {
                if (!this.#held.includes(request)) return; // The client has ended.
                const result = (async () => whileHeld())();
                const settle = (after: () => void) =>
                  this.#later(() => {
                    this.#release(request);
                    after();
                  });
                result.then(
                  (value) => settle(() => resolve(value)),
                  (error) => settle(() => reject(error)),
                );
              });
            },
          };
          const abort = () => {
            this.#queue = this.#queue.filter((one) => one !== request);
            reject(signal!.reason);
            this.#look();
          };
          signal?.addEventListener("abort", abort);
          this.#later(() => {
            if (signal?.aborted) return;
            this.#queue.push(request);
            this.#look();
          });
        }),
      query: () =>
        new Promise((resolve) => {
          this.#later(() => {
            const held = this.#held.map(({ name, mode }) => ({ name, mode }));
            this.#later(() => resolve({ held }));
          });
        }),
    };
  }

  /** The names of the locks that are held. */
  get names(): string[] {
    return this.#held.map(({ name }) => name);
  }

  endClient(client: object): void {
    this.#held = this.#held.filter((one) => one.client !== client);
    this.#queue = this.#queue.filter((one) => one.client !== client);
    this.#look();
  }

  #release(request: FakeRequest): void {
    this.#held = this.#held.filter((one) => one !== request);
    this.#look();
  }

  /** Grants what can be granted: the first request of each name, and those behind it that share it. */
  #look(): void {
    const waits = new Set<string>();
    for (const request of [...this.#queue]) {
      const { name, mode } = request;
      const isFree = this.#held.every(
        (one) => one.name !== name || (mode === "shared" && one.mode === "shared"),
      );
      if (waits.has(name) || !isFree) {
        waits.add(name);
        continue;
      }
      this.#queue = this.#queue.filter((one) => one !== request);
      request.grant();
    }
  }
}
