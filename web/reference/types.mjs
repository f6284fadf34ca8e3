// Writes web/src/api/schema.ts: the TypeScript types of the API document's schemas.
//
//     node web/reference/types.mjs [--check] [http://127.0.0.1:8080/api/openapi.json]
//
// --check writes nothing, and fails where the file is not what it would write.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import openapiTypescript, { astToString } from "openapi-typescript";

const target = join(dirname(fileURLToPath(import.meta.url)), "..", "src", "api", "schema.ts");
const given = process.argv.slice(2);
const url = given.find((each) => !each.startsWith("-")) ?? "http://127.0.0.1:8080/api/openapi.json";

const answer = await fetch(url);
if (!answer.ok) {
  console.error(`${url} answered ${String(answer.status)}`);
  process.exit(1);
}
const document = await answer.json();
// What the page needs is what is sent and answered; which path takes it is in api/queries.ts.
const schemas = { openapi: document.openapi, info: document.info, paths: {}, components: { schemas: document.components.schemas } };
const types = astToString(await openapiTypescript(schemas, { rootTypes: true, rootTypesNoSchemaPrefix: true, alphabetize: true }));
const text = `// Written by web/reference/types.mjs from the server's API document; do not change it by hand.\n\n${types}`;
if (!given.includes("--check")) {
  writeFileSync(target, text);
} else if (readFileSync(target, "utf8") !== text) {
  console.error("web/src/api/schema.ts is not as the API document says. Start a server and run:\n  node web/reference/types.mjs http://127.0.0.1:8080/api/openapi.json");
  process.exit(1);
}
