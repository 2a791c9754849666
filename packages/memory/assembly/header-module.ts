/*
 * The module that reads the header of a region, and does nothing else: small, because whoever attaches to a structure
 * downloads it, while only `Region` needs the allocator as a module of its own.
 */

export { checkRegion, config, isRegion, layoutVersion, maxPages } from "./header";
