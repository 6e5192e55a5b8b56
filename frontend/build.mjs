/* Builds styles, scripts and fonts into the folder named on the command line, with hashed names and a manifest.

   Entry points: src/app.scss, src/app.ts, src/theme.ts and every src/pages/*.ts, and the service worker apart. The manifest maps the name a
   template asks for ("app.css", "pages/line.js") to the hashed name. Colours come from the design room's tokens.json. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { brotliCompressSync, gzipSync } from "node:zlib";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import * as sass from "sass";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.resolve(process.argv[2] ?? path.join(here, "../src/daybreak/design/static/dist"));
const modules = path.join(here, "node_modules");
const publicSans = path.join(modules, "@uswds/uswds/dist/fonts/public-sans");
const tokens = JSON.parse(readFileSync(path.join(here, "../src/daybreak/design/tokens.json"), "utf8"));

const properties = (colours) => Object.entries(colours).map(([name, colour]) => `--${name}: ${colour};`).join(" ");
const mixin = (name, colours) => `@mixin ${name} { ${properties(colours)} }`;

/* `@use "tokens:colours"` in Sass gives one mixin for each set of colours. */
const tokenImporter = {
  canonicalize: (name) => (name === "tokens:colours" ? new URL(name) : null),
  load: () => ({
    syntax: "scss",
    contents: [
      mixin("light", tokens.light),
      mixin("dark", tokens.dark),
      mixin("contrast-light", tokens.contrast.light),
      mixin("contrast-dark", tokens.contrast.dark),
      mixin("print", { ...tokens.light, ...tokens.print }),
    ].join("\n"),
  }),
};

const sassPlugin = {
  name: "sass",
  setup(build) {
    build.onLoad({ filter: /\.scss$/ }, (file) => ({
      loader: "css",
      resolveDir: path.dirname(file.path),
      contents: sass.compile(file.path, {
        importers: [tokenImporter],
        loadPaths: [path.join(modules, "@uswds/uswds/packages"), modules],
        quietDeps: true,
      }).css,
    }));
  },
};

/* The patient's phone may be old: small classic scripts of its own, in a form that such phones read. */
const PHONE = ["phone.ts", "phone_tasks.ts", "phone_passkey.ts"];
const OLD_PHONES = ["es2019", "chrome80", "firefox78", "safari14.1"];
const pages = readdirSync(path.join(here, "src/pages")).filter((name) => name.endsWith(".ts") && !PHONE.includes(name));

rmSync(out, { recursive: true, force: true });
mkdirSync(path.join(out, "fonts"), { recursive: true });

const result = await esbuild.build({
  absWorkingDir: here,
  entryPoints: ["src/app.scss", "src/app.ts", "src/theme.ts", ...pages.map((name) => `src/pages/${name}`)],
  outbase: "src",
  outdir: out,
  entryNames: "[dir]/[name]-[hash]",
  chunkNames: "chunks/[name]-[hash]",
  assetNames: "fonts/[name]-[hash]",
  bundle: true,
  splitting: true,
  minify: true,
  sourcemap: "linked",
  format: "esm",
  target: ["es2022", "chrome111", "firefox114", "safari16.4"],
  loader: { ".woff2": "file" },
  legalComments: "linked",
  metafile: true,
  plugins: [sassPlugin],
});

const phone = await esbuild.build({
  absWorkingDir: here,
  entryPoints: PHONE.map((name) => `src/pages/${name}`),
  outbase: "src",
  outdir: out,
  entryNames: "[dir]/[name]-[hash]",
  bundle: true,
  minify: true,
  sourcemap: "linked",
  format: "iife",
  target: OLD_PHONES,
  metafile: true,
});
Object.assign(result.metafile.outputs, phone.metafile.outputs);

const manifest = {};
for (const [file, output] of Object.entries(result.metafile.outputs)) {
  if (!output.entryPoint || file.endsWith(".map")) continue;
  const built = path.relative(out, path.join(here, file)).split(path.sep).join("/");
  const asked = output.entryPoint.replace(/^src\//, "").replace(/\.ts$/, ".js").replace(/\.scss$/, ".css");
  manifest[asked] = built;
}

/* The figures are drawn on the server with the same typeface, which needs the outline files. */
for (const weight of ["Regular", "Italic", "SemiBold", "SemiBoldItalic"]) {
  const name = `PublicSans-${weight}.ttf`;
  copyFileSync(path.join(publicSans, name), path.join(out, "fonts", name));
}

/* What the service worker keeps: the shell, the bedside page and whatever they load, named by a hash of it all. */
const outputs = new Map(Object.entries(result.metafile.outputs).map(([file, output]) => [path.relative(out, path.join(here, file)).split(path.sep).join("/"), output]));
const needed = new Set();
const need = (file) => {
  if (needed.has(file)) return;
  needed.add(file);
  const output = outputs.get(file);
  for (const each of output.imports) if (!each.external) need(path.relative(out, path.join(here, each.path)).split(path.sep).join("/"));
};
for (const name of ["app.css", "app.js", "theme.js", "pages/shell.js", "pages/bedside.js"]) need(manifest[name]);
const shell = [...needed].filter((name) => !/italic/i.test(name)).sort();
await esbuild.build({
  absWorkingDir: here,
  entryPoints: ["src/offline/worker.ts"],
  outfile: path.join(out, "worker.js"),
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022", "chrome111", "firefox114", "safari16.4"],
  define: {
    SHELL_VERSION: JSON.stringify(createHash("sha256").update(shell.join("\n")).digest("hex").slice(0, 16)),
    SHELL_FILES: JSON.stringify(shell.map((name) => `/static/dist/${name}`)),
  },
});

await esbuild.build({
  absWorkingDir: here,
  entryPoints: ["src/phone/worker.ts"],
  outfile: path.join(out, "phone-worker.js"),
  bundle: true,
  minify: true,
  format: "iife",
  target: OLD_PHONES,
});

/* Styles and scripts also as the server gives them to whoever reads them compressed: a slow phone waits a quarter of the time. */
for (const name of outputs.keys()) {
  if (!/\.(css|js)$/.test(name)) continue;
  const plain = readFileSync(path.join(out, name));
  writeFileSync(path.join(out, `${name}.br`), brotliCompressSync(plain));
  writeFileSync(path.join(out, `${name}.gz`), gzipSync(plain, { level: 9 }));
}

const sorted = Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(path.join(out, "manifest.json"), `${JSON.stringify(sorted, null, 2)}\n`);
