import type { PermuterWidth } from "../src/index.ts";

export const widths: PermuterWidth[] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 24];
