/*
 * What the module asks of JavaScript. It makes no guarded call (GUARD1 of @masstree/wasm).
 */

/**
 * Reads a page of the file into memory.
 *
 * @param number of the page
 * @param address where its bytes go
 * @returns 1 if they are there; 0 if they could not be read: JavaScript knows why
 */
export declare function load(number: u32, address: usize): u32;

/** Takes a page that no state uses: its number; 0 if there is none. */
export declare function take(): u32;
