/*
 * What the region needs from its host, in modules that are compiled with `--use HOST=1`.
 */

/**
 * 1 if the thread of the participant with this number has certainly ended; 0 if it runs or nobody knows, or if the
 * number is another thread's by now.
 *
 * @param ticket of the number, as the caller saw it: which thread is meant
 */
export declare function isGone(number: u32, ticket: u32): u32;
