// Opens a store, says so, and keeps it open until it is killed.
//
//   holder.mjs PACKAGE FILE [readOnly]
const [, , url, file, mode] = process.argv;
const { BTreeStore } = await import(url);
try {
  BTreeStore.open(file, { readOnly: mode === "readOnly" });
  process.stdout.write("open\n");
  setInterval(() => {}, 1000);
} catch (error) {
  process.stdout.write(`${error.code}\n`);
}
