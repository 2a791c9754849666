// Formats numbers, times and keys for people.

const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** `1234567` becomes `1,234,567`. */
export function count(value: number): string {
  return grouped.format(value);
}

/** Operations per second, with three significant digits: `2.31 M/s`. */
export function rate(perSecond: number | undefined): string {
  if (perSecond === undefined || !Number.isFinite(perSecond)) return "-";
  if (perSecond < 1000) return `${perSecond.toPrecision(3)} /s`;
  const [value, unit] = perSecond < 100_000 ? [perSecond / 1e3, "K/s"] : [perSecond / 1e6, "M/s"];
  return `${significant(value)} ${unit}`;
}

/** Three significant digits without an exponent. */
export function significant(value: number): string {
  if (!Number.isFinite(value)) return "-";
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toFixed(digits);
}

/** A byte count in the largest binary unit that leaves at least one: `1.50 MiB`. */
export function bytes(value: number): string {
  let unit = 0;
  const units = ["bytes", "KiB", "MiB", "GiB"];
  let scaled = value;
  while (Math.abs(scaled) >= 1024 && unit < units.length - 1) {
    scaled /= 1024;
    unit++;
  }
  return `${unit === 0 ? count(value) : scaled.toFixed(2)} ${units[unit]}`;
}

/** Milliseconds as `812 ms`, `4.2 s` or `2 min 5 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** A key or value as it would look in a program. Long ones are shortened in the middle. */
export function excerpt(value: unknown): string {
  const text = typeof value === "bigint" ? `${value}n` : (JSON.stringify(value) ?? String(value));
  return text.length <= 200 ? text : `${text.slice(0, 120)}…${text.slice(-60)}`;
}
