/** The longest value: 1 GiB. */
export const MAX_VALUE_BYTES: number = 2 ** 30;
