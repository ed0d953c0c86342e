// Called by vendor.py inside the folder npm filled: purges Bootstrap to the classes in use, puts our own sheets
// behind it and minifies the whole. Reads one JSON object on stdin, writes the stylesheet on stdout.
import { readFileSync } from "node:fs";
import { PurgeCSS } from "purgecss";
import { transform } from "lightningcss";

// Bootstrap's resets hang on elements and their attributes, which templates need not name to have.
const ELEMENTS = `html body a abbr address article aside b blockquote button canvas caption code col colgroup dd details dfn
  dialog div dl dt em fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr iframe img input kbd label legend li main
  mark nav ol optgroup option output p picture pre progress s samp section select small span strong sub summary sup svg
  table tbody td textarea tfoot th thead time tr u ul var video type checkbox radio button reset submit search file
  date time number role list disabled hidden href title lang open root before after data-bs-theme dark light`;

const job = JSON.parse(readFileSync(0, "utf8"));
const words = { defaultExtractor: (text) => text.match(/[\w-]+/g) ?? [] };
const [bootstrap] = await new PurgeCSS().purge({
  ...words,
  css: [{ raw: readFileSync("node_modules/bootstrap/dist/css/bootstrap.css", "utf8") }],
  content: [{ raw: `${ELEMENTS} ${job.content}`, extension: "html" }],
  safelist: { standard: job.safelist.map((rule) => new RegExp(rule)) },
  keyframes: true,
});
// Then custom properties that neither Bootstrap's rest nor our sheets read; every selector of these stays.
const [purged] = await new PurgeCSS().purge({
  ...words,
  css: [{ raw: [bootstrap.css, ...job.sheets].join("\n") }],
  content: [{ raw: "", extension: "html" }],
  safelist: { standard: [/./] },
  variables: true,
});
const { code } = transform({
  filename: "waymark.css",
  code: Buffer.from(purged.css),
  minify: true,
  // Browsers of the last three years: nothing is rewritten that they understand.
  targets: { chrome: 111 << 16, firefox: 121 << 16, safari: (16 << 16) | (4 << 8) },
});
process.stdout.write(code);
