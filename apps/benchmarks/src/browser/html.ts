// The page of the benchmark in a browser: a form, and below it the report, which grows while the benchmark runs.
import { html, trusted } from "../bench/html/escape.ts";
import { style } from "../bench/html/style.ts";

const formStyle = `
form { display: grid; gap: 12px; margin: 12px 0; }
form fieldset { padding: 6px 10px 8px; }
form .choices { display: flex; flex-wrap: wrap; gap: 2px 16px; }
form label { white-space: normal; }
form input[type="number"] { width: 8rem; }
form select, form input, form button { font: inherit; }
.row { display: flex; flex-wrap: wrap; gap: 8px 20px; align-items: end; }
.row label { display: grid; gap: 2px; }
button { padding: 6px 18px; border-radius: 6px; border: 1px solid var(--link); background: var(--background); color: var(--link); cursor: pointer; }
button.main { background: var(--link); color: var(--background); font-weight: 600; }
button:disabled { opacity: 0.5; cursor: default; }
progress { width: 100%; height: 14px; accent-color: var(--link); }
.error { background: light-dark(#fde4e1, #46201d); padding: 8px 12px; border-radius: 6px; white-space: pre-wrap; }
[hidden] { display: none !important; }
`;

export const page: string = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>masstree: benchmark in this browser</title>
<style>${trusted(style + formStyle)}</style>
</head>
<body>
<header><h1>masstree benchmark in this browser</h1></header>
<p>The same workloads and maps as in Node, in this page's workers. Plots appear below and grow round by round. For
figures that mean something, close other programs and tabs, keep this one in front, and keep the device plugged in.</p>
<noscript><p class="error">This page measures JavaScript, so it needs JavaScript.</p></noscript>
<p class="error" id="unable" role="alert" hidden></p>
<form id="settings" hidden>
<fieldset><legend>Workloads</legend><div class="choices" id="workloads"></div></fieldset>
<fieldset><legend>Maps</legend><div class="choices" id="peers"></div></fieldset>
<fieldset><legend>Kinds of keys</legend><div class="choices" id="keys"></div></fieldset>
<fieldset><legend>Entries</legend><div class="choices" id="sizes"></div></fieldset>
<fieldset><legend>Threads</legend><div class="choices" id="threads"></div></fieldset>
<div class="row">
<label>Rounds<input type="number" id="rounds" min="1" max="100" value="5" required></label>
<label>Milliseconds for each sample<input type="number" id="interval" min="5" max="10000" value="100" required></label>
<label>Baseline of ratios<select id="baseline"></select></label>
</div>
<div class="row">
<button class="main" id="start">Start</button>
<button type="button" id="stop" disabled>Stop</button>
<button type="button" id="save-json" disabled>Save the result as JSON</button>
<button type="button" id="save-html" disabled>Save the report</button>
</div>
</form>
<p class="error" id="failure" role="alert" hidden></p>
<div id="running" hidden><p id="status" role="status"></p><progress id="progress" aria-labelledby="status" max="1" value="0"></progress></div>
<div id="report"></div>
<script type="module" src="/page.js"></script>
</body>
</html>
`.text;
