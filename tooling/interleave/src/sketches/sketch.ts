// A small program as a line of text, so that one which was drawn can be written down, replayed and kept:
//
//   b d f -d: remove b, set c | scan up 2
//
// Before the colon are the steps that make the state that the program starts from, then the calls of each
// thread. What a step and a call mean, only the target's generator knows.

/** A program as texts. Steps have no spaces; calls have no `, `, ` | ` or `: `. */
export interface Sketch {
  readonly setup: readonly string[];
  readonly threads: readonly (readonly string[])[];
}

/** Stands for a setup without steps. */
const nothing = "nothing";

export function formatSketch({ setup, threads }: Sketch): string {
  const start = setup.length === 0 ? nothing : setup.join(" ");
  return `${start}: ${threads.map((calls) => calls.join(", ")).join(" | ")}`;
}

/** Reads what `formatSketch` wrote. Throws on anything else. */
export function parseSketch(text: string): Sketch {
  const parts = text.split(": ");
  const [start = "", calls = ""] = parts;
  if (parts.length !== 2 || start === "" || calls === "") {
    throw new Error(`'${text}' is no program: it has the form 'steps: calls | calls'`);
  }
  return {
    setup: start === nothing ? [] : start.split(" "),
    threads: calls.split(" | ").map((list) => list.split(", ")),
  };
}
