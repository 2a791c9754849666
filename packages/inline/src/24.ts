/**
 * `@masstree/inline/24`: maps and sets with 24 entries in a leaf. Import it for its effect, in each thread that creates
 * one or attaches to one.
 */
import "@masstree/tree/24";
