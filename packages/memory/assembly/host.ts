// What the region asks of its host, in modules that are compiled with `--use HOST=1`.

/** 1 when it is certain that the thread of the participant with this number has ended, 0 when it runs or nobody knows. */
export declare function isGone(number: u32): u32;
