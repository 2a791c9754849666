// OPFS as its specification has it (File System Standard), with Web Locks whose answers come in any order, for threads that
// a test makes and ends as it likes. Files and locks are the site's; each thread is a platform of its own.
import { Agent, Origin } from "@tooling/browsers/origin";
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
  /** Draws whose turn it is. Default: always the same one's. */
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
  readonly #origin: RunningOrigin;
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
    this.#origin = new RunningOrigin(random);
    this.hasModes = hasModes;
    this.takesShared = takesShared;
    this.quota = quota;
  }

  /** Another thread, of whichever tab. */
  thread(): FakeThread {
    return new FakeThread(this, this.#origin);
  }

  /** The names of the locks that are held. */
  get locks(): string[] {
    return (this.#origin.snapshot().held ?? []).map(({ name = "" }) => name);
  }

  /** A file's contents; undefined if there is none. */
  fileAt(path: string): Uint8Array | undefined {
    let entry: FakeFile | FakeFolder | undefined = this.root;
    for (const name of path.split("/"))
      entry = isFolder(entry!) ? entry.entries.get(name) : undefined;
    return entry === undefined || isFolder(entry) ? undefined : entry.bytes.slice(0, entry.size);
  }

  /** How many bytes all files have. */
  get used(): number {
    const sum = (entry: FakeFile | FakeFolder): number =>
      isFolder(entry)
        ? [...entry.entries.values()].reduce((n, one) => n + sum(one), 0)
        : entry.size;
    return sum(this.root);
  }
}

/** An origin that runs by itself. */
class RunningOrigin extends Origin {
  #isRunning = false;
  #hasMore = false;

  override queue(agent: Agent, run: () => void): void {
    super.queue(agent, run);
    this.#hasMore = true;
    if (!this.#isRunning) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#hasMore) {
      this.#hasMore = false;
      await this.settle();
    }
    this.#isRunning = false;
  }
}

/** What a thread sees of its site. */
export class FakeThread implements OpfsPlatform {
  readonly #site: FakeSite;
  readonly #agent: Agent;
  readonly accesses: Set<FakeAccess> = new Set();

  constructor(site: FakeSite, origin: Origin) {
    this.#site = site;
    this.#agent = new Agent(origin);
  }

  get locks(): WebLocks {
    return this.#agent.locks;
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
  end({ keepsHandlesFor = 0 }: { keepsHandlesFor?: number } = {}): void {
    this.#agent.die();
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
