// Called by vendor.py inside the folder npm filled: purges Bootstrap to the classes in use, puts our own sheets
// behind it and minifies the whole. Reads one JSON object on stdin, writes the stylesheet on stdout.
import { readFileSync } from "node:fs";
import { PurgeCSS } from "purgecss";
import { transform } from "lightningcss";

const job = JSON.parse(readFileSync(0, "utf8"));
const [bootstrap] = await new PurgeCSS().purge({
  css: [{ raw: readFileSync("node_modules/bootstrap/dist/css/bootstrap.css", "utf8") }],
  content: [{ raw: job.content, extension: "html" }],
  defaultExtractor: (text) => text.match(/[\w-]+/g) ?? [],
  safelist: { standard: job.safelist.map((rule) => new RegExp(rule)) },
  keyframes: true,
});
const { code } = transform({
  filename: "waymark.css",
  code: Buffer.from([bootstrap.css, ...job.sheets].join("\n")),
  minify: true,
  // Browsers of the last three years: nothing is rewritten that they understand.
  targets: { chrome: 111 << 16, firefox: 121 << 16, safari: (16 << 16) | (4 << 8) },
});
process.stdout.write(code);
