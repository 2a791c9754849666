/**
 * `@masstree/local/24`: maps with 24 entries in a leaf. Import it for its effect before one is created.
 */
import "@masstree/inline/24";
