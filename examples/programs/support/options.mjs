// The command line of these programs: options that are whole numbers, text or switches, and --help.
import { parseArgs } from "node:util";

/**
 * Reads the command line. Prints `usage` and ends the program if it asks for help; says what is wrong
 * and ends the program with status 2 if it cannot be used.
 *
 * @template {Record<string, number | string | boolean>} T
 * @param {string} usage what `--help` shows
 * @param {T} defaults every option with its default; its type says what the option takes
 * @param {{ least?: { [name in keyof T]?: number }, takesPaths?: boolean }} [limits] the least value of a
 *   number, 1 if absent; whether the program takes arguments besides options
 * @returns {T & { paths: string[] }}
 */
export function readOptions(usage, defaults, { least = {}, takesPaths = false } = {}) {
  const options = Object.fromEntries(
    Object.entries(defaults).map(([name, value]) => [
      name,
      {
        type:
          typeof value === "boolean"
            ? /** @type {const} */ ("boolean")
            : /** @type {const} */ ("string"),
      },
    ]),
  );
  let given;
  try {
    given = parseArgs({
      options: { ...options, help: { type: "boolean", short: "h" } },
      allowPositionals: takesPaths,
    });
  } catch (error) {
    refuse(/** @type {Error} */ (error).message);
  }
  if (given.values.help) {
    process.stdout.write(`${usage.trim()}\n`);
    process.exit(0);
  }
  const read = Object.entries(defaults).map(([name, value]) => {
    const text = given.values[name];
    if (text === undefined) return [name, value];
    return [
      name,
      typeof value === "number" ? wholeNumber(name, String(text), least[name] ?? 1) : text,
    ];
  });
  return { ...Object.fromEntries(read), paths: given.positionals };
}

function wholeNumber(name, text, least) {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= 1_000_000_000) return number;
  return refuse(`--${name} takes a whole number from ${least} on, not '${text}'.`);
}

/**
 * Says what is wrong with the command line, and ends the program with status 2.
 *
 * @param {string} message
 * @returns {never}
 */
export function refuse(message) {
  process.stderr.write(`${message}\nTry --help.\n`);
  process.exit(2);
}
