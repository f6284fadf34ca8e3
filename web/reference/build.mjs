// Copies what /api/docs and /api/redoc load to the page's dist: the viewers' bundles, and the few lines that start them.
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const target = join(here, "..", "dist", "reference");

if (!existsSync(join(modules, "swagger-ui-dist"))) {
  console.error("The API reference is not built: its packages are missing. Run: npm --prefix web/reference install");
  process.exit(1);
}
mkdirSync(target, { recursive: true });
for (const file of ["swagger-ui.css", "swagger-ui-bundle.js"]) {
  copyFileSync(join(modules, "swagger-ui-dist", file), join(target, file));
}
copyFileSync(join(modules, "swagger-ui-dist", "LICENSE"), join(target, "swagger-ui.LICENSE.txt"));
for (const file of ["swagger.js", "redoc.js", "reference.css"]) copyFileSync(join(here, file), join(target, file));

// Redoc shows its maker's logo from the maker's site; a server that is its owner's alone asks nobody else for anything.
const nothing = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E";
const redoc = readFileSync(join(modules, "redoc", "bundles", "redoc.standalone.js"), "utf8");
const local = redoc.replace(/https:\/\/cdn\.redoc\.ly\/[\w./-]+\.svg/g, nothing);
if (local === redoc) {
  console.error("redoc.standalone.js has no logo any more: look at what it loads, and change web/reference/build.mjs");
  process.exit(1);
}
writeFileSync(join(target, "redoc.standalone.js"), local);
copyFileSync(join(modules, "redoc", "LICENSE"), join(target, "redoc.LICENSE.txt"));
