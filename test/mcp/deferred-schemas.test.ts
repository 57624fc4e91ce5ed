// Deferred schemas: the build makes the protocol's schemas when they are first used. They must be the very schemas of the package.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type * as Protocol from "@modelcontextprotocol/server";
import { build, type Plugin } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

interface Deferring {
  readonly lazySchemas: Plugin;
  readonly deferSchemas: (source: string) => { readonly code: string; readonly count: number };
}

type Schemas = typeof Protocol.specTypeSchemas;
type Name = keyof Schemas;

const folder = mkdtempSync(join(tmpdir(), "image-gen-schemas-"));
const icons = [{ src: "https://example.com/a.png", sizes: ["48x48"], theme: "dark" }];
const text = { type: "text", text: "hello", annotations: { audience: ["user"], priority: 0.5 } };

/** What travels, what nearly does, and what does not. */
const values: readonly unknown[] = [
  {
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: {
      protocolVersion: "2025-11-25",
      capabilities: { roots: { listChanged: true }, elicitation: {} },
      clientInfo: { name: "host", version: "1", icons },
    },
  },
  { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "host", version: 1 } },
  { method: "tools/call", params: { name: "draw", arguments: { prompt: "a" }, _meta: { progressToken: 7 } } },
  { name: "draw", arguments: ["not an object"] },
  { name: "draw", inputSchema: { type: "object", properties: {} }, annotations: { readOnlyHint: true }, icons },
  { content: [text, { type: "image", data: "AAAA", mimeType: "image/png" }], structuredContent: { a: 1 } },
  { content: [{ type: "image", data: "not base64!", mimeType: "image/png" }], isError: "no" },
  { uri: "file:///a.png", name: "a", mimeType: "image/png", size: 3, type: "resource_link" },
  { uri: "file:///a.png", blob: "AAAA" },
  { roots: [{ uri: "file:///home", name: "home" }, { uri: "https://example.com" }] },
  { action: "accept", content: { agreed: true, many: ["a", "b"] } },
  { mode: "form", message: "Pay?", requestedSchema: { type: "object", properties: { agreed: { type: "boolean" } } } },
  { role: "user", content: text },
  { progressToken: "p", progress: 1, total: 2, message: "sent" },
  { requestId: 4, reason: "enough" },
  { code: -32_602, message: "No." },
  { issuer: "https://example.com", authorization_endpoint: "javascript:alert(1)", token_endpoint: "https://a.example" },
  { type: "string", format: "email", minLength: 1, default: "a@example.com" },
  { taskId: "t", status: "working", ttl: null, createdAt: "now", lastUpdatedAt: "now" },
  {},
  [],
  null,
  "text",
  -1.5,
];

let deferred: Schemas;
let original: Schemas;
let deferring: Deferring;

async function schemasOf(name: string, plugins: Plugin[]): Promise<Schemas> {
  const outfile = join(folder, `${name}.mjs`);
  await build({
    stdin: { contents: 'export { specTypeSchemas } from "@modelcontextprotocol/server";', resolveDir: resolve(".") },
    bundle: true,
    platform: "node",
    format: "esm",
    banner: { js: 'import{createRequire as __r}from"node:module";const require=__r(import.meta.url);' },
    plugins,
    outfile,
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the file was written just now, with this one export
  return ((await import(pathToFileURL(outfile).href)) as typeof Protocol).specTypeSchemas;
}

beforeAll(async () => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a script of the build, which has no types
  deferring = (await import(pathToFileURL(resolve("scripts/lazy-schemas.mjs")).href)) as Deferring;
  original = await schemasOf("original", []);
  deferred = await schemasOf("deferred", [deferring.lazySchemas]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("deferred schemas", () => {
  it("answer each value as the package's own do", () => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its own keys
    const names = Object.keys(original) as Name[];
    expect(Object.keys(deferred)).toEqual(names);
    expect(names.length).toBeGreaterThan(100);
    let accepted = 0;
    for (const name of names) {
      for (const value of values) {
        const told = original[name]["~standard"].validate(value);
        if (!told.issues) accepted += 1;
        expect(deferred[name]["~standard"].validate(value), name).toEqual(told);
      }
    }
    expect(accepted).toBeGreaterThan(100);
  });

  it("are nearly all that the package has, so that a new release does not slow the start unseen", () => {
    const files = ["core", "server"].flatMap((one) => {
      const dist = resolve("node_modules/@modelcontextprotocol", one, "dist");
      return readdirSync(dist)
        .filter((name) => name.endsWith(".mjs"))
        .map((name) => readFileSync(join(dist, name), "utf8"));
    });
    const counts = files.map((source) => deferring.deferSchemas(source).count);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(400);
  });

  it("take a statement to its end, also where its depth comes back in between", () => {
    const source = [
      "const FirstSchema = z.string();",
      "const SecondSchema = z.preprocess((raw) => {",
      "\treturn raw;",
      "}, z.object({",
      "\tfirst: FirstSchema",
      "}));",
      "function build() {",
      "\treturn {",
      "\t\tThirdSchema: z.union([",
      "\t\t\tFirstSchema",
      "\t\t])",
      "\t};",
      "}",
    ].join("\n");
    const { code, count } = deferring.deferSchemas(source);
    expect(count).toBe(3);
    expect(code).toContain("const FirstSchema = __whenUsed(() => z.string());");
    expect(code).toContain("\n}, z.object({\n\tfirst: FirstSchema\n})));");
    expect(code).toContain("\n\t\t]))\n\t};");
  });
});
