/** The longest key, in bytes, as stored: 64 KiB. */
export const MAX_KEY_BYTES = 65536;
