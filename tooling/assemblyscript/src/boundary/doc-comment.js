// The doc comment of a declaration. The compiler keeps no comments, but knows where each declaration
// starts.

/** What may stand between a doc comment and the place where the compiler says a declaration starts. */
const between = /^(?:\s|\/\/.*\n|@\w+(?:\([^)]*\))?|(?:export|declare|const|let|var)\b)*$/;

/**
 * The lines of the doc comment right above a declaration, without its stars; undefined when there is
 * none, or nothing in it.
 *
 * @param {string} text of the source
 * @param {number} start where the declaration starts
 * @returns {string[] | undefined}
 */
export function docComment(text, start) {
  const close = text.lastIndexOf("*/", start);
  if (close < 0 || !between.test(text.slice(close + 2, start))) return undefined;
  const open = text.lastIndexOf("/**", close - 1);
  const content = open < 0 ? "*/" : text.slice(open + 3, close);
  // With another comment's end in it, the last comment was no doc comment.
  if (content.includes("*/")) return undefined;
  const lines = content.split("\n").map((line) => line.replace(/^\s*\*? ?/, "").trimEnd());
  while (lines.at(0) === "") lines.shift();
  while (lines.at(-1) === "") lines.pop();
  return lines.length === 0 ? undefined : lines;
}
