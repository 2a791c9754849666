// HTML from templates. Every value is escaped, unless it is HTML that such a template made: names in a report come
// from a file, and a file can come from anywhere.

/** Text that is HTML already. Only `html` and `trusted` make it. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

type Piece = Html | string | number | undefined | false | readonly Piece[];

/** A template whose values are escaped. Lists are joined; `undefined` and `false` are nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly Piece[]): Html {
  return new Html(parts.reduce((text, part, n) => text + written(values[n - 1]) + part));
}

/** Marks text as HTML: what a library drew, and the style sheet. */
export function trusted(text: string): Html {
  return new Html(text);
}

/** Text for use between tags and in quoted attributes. Control characters, which no page may have, are replaced. */
export function escaped(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The text without characters that XML forbids, or that turn the direction of what follows. */
export function visible(text: string): string {
  return text.replace(FORBIDDEN, "\u{FFFD}");
}

const FORBIDDEN =
  /[^\t\n\r\x20-\x7e\xa0-\u{10ffff}]|[\p{Cs}\u{202a}-\u{202e}\u{2066}-\u{2069}\u{fffe}\u{ffff}]/gu;

function written(piece: Piece): string {
  if (piece === undefined || piece === false) return "";
  if (piece instanceof Html) return piece.text;
  if (typeof piece === "object") return piece.map(written).join("");
  return escaped(String(piece));
}
