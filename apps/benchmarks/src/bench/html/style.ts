// The page's style sheet. There is no script: the switch of themes is three radio buttons that CSS can see.
import { colorVariables } from "./palette.ts";

export const style = `
:root { color-scheme: light dark; ${colorVariables(({ light, dark }) => `light-dark(${light}, ${dark})`)}
  --line: light-dark(#d5dae0, #363c45); --note: light-dark(#fff3d6, #3a3014); --link: light-dark(#0b57a4, #8ec1ff); }
:root:has(#light:checked) { color-scheme: light; }
:root:has(#dark:checked) { color-scheme: dark; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1120px; padding: 16px; background: var(--background); color: var(--foreground);
  font: 16px/1.5 system-ui, sans-serif; overflow-wrap: break-word; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 8px 0; }
h2 { font-size: 1.3rem; margin: 48px 0 4px; padding-top: 16px; border-top: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 20px 0 4px; }
p, ul { max-width: 46rem; margin: 8px 0; }
ul { padding-left: 1.2rem; }
li { margin: 4px 0; }
a { color: var(--link); }
code { font: 0.9em ui-monospace, monospace; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.about, .caption, footer { color: var(--muted); }
.about { font-size: 0.9em; }
.note { background: var(--note); padding: 8px 12px; border-radius: 6px; }
header { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 8px 24px; align-items: start; }
fieldset { border: 1px solid var(--line); border-radius: 6px; padding: 0 10px 4px; margin: 0; font-size: 0.85rem; }
fieldset label { margin-right: 10px; white-space: nowrap; }
nav ul { display: flex; flex-wrap: wrap; gap: 4px 16px; padding: 0; max-width: none; list-style: none; }
nav li { margin: 0; }
.panels { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(340px, 100%), 1fr)); gap: 20px 16px; margin: 12px 0; }
figure { margin: 0; min-width: 0; break-inside: avoid; }
figcaption { font-weight: 600; font-size: 0.9rem; }
figcaption small { display: block; font-weight: 400; font-size: 0.85em; color: var(--muted); line-height: 1.3; }
svg { display: block; max-width: 100%; height: auto; }
.narrow { display: none; }
@media (max-width: 780px) { .narrow { display: block; } .wide { display: none; } }
details { margin: 8px 0; }
summary { cursor: pointer; color: var(--link); }
.scroll { overflow-x: auto; max-width: 100%; max-height: 70vh; overflow-y: auto; }
table { border-collapse: collapse; font-size: 0.82rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: 4px 0; color: var(--muted); }
th, td { padding: 3px 10px 3px 0; text-align: left; border-bottom: 1px solid var(--line); vertical-align: top; }
tbody th { font-weight: 400; min-width: 7rem; }
thead th { position: sticky; top: 0; background: var(--background); }
.number { text-align: right; white-space: nowrap; }
thead th:nth-child(n + 3) { text-align: right; }
.cannot { color: var(--muted); font-style: italic; }
dt { font-weight: 600; margin-top: 6px; }
dd { margin: 0 0 0 1rem; }
@media print { :root { color-scheme: light; } fieldset, nav { display: none; } body { max-width: none; font-size: 11pt; padding: 0; }
  .scroll { max-height: none; overflow: visible; } thead th { position: static; } h2, h3 { break-after: avoid; } }
`;
