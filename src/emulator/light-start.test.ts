import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const folder = fileURLToPath(new URL(".", import.meta.url));
const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
  (name) => name.endsWith(".ts") && !name.endsWith(".test.ts") && !name.includes("testing"),
);

/** Modules that a file imports when it is loaded; `import()` and type imports do not count. */
function loadedBy(name: string): string[] {
  const text = readFileSync(`${folder}/${name}`, "utf8");
  return [...text.matchAll(/^(?:import|export)\s(?!type\s)[^;]*?from "([^"]+)";/gms)].map(([, module = ""]) => module);
}

test("starting an emulator loads nothing but Node's own modules and the emulator itself", () => {
  const loaded = sources.flatMap(loadedBy);
  expect(loaded).toContain("node:http");
  expect(loaded.filter((module) => !module.startsWith("node:") && !module.startsWith("."))).toEqual([]);
});

test("the emulator shares no code with the rest of the product", () => {
  const outside = sources.flatMap((name) => {
    const depth = name.split(/[/\\]/).length;
    return loadedBy(name).filter((module) => module.startsWith("../".repeat(depth)));
  });
  expect(outside).toEqual([]);
});
