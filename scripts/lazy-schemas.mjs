// Makes the protocol's schemas when they are first used: @modelcontextprotocol builds some five hundred of them at its start,
// which takes longer than all the rest of the answer to `initialize`, and that needs a few dozen.
// A plugin for esbuild. What was `const XSchema = z.object(…)` becomes `const XSchema = __whenUsed(() => z.object(…))`.

import { readFileSync } from "node:fs";

/** The schema itself is made by the first look at it. */
const whenUsed = `
function __whenUsed(make) {
  let schema;
  const made = () => (schema ??= make());
  return new Proxy({}, {
    get: (_, key) => Reflect.get(made(), key),
    set: (_, key, value) => Reflect.set(made(), key, value),
    has: (_, key) => Reflect.has(made(), key),
    getPrototypeOf: () => Reflect.getPrototypeOf(made()),
  });
}
`;

const declaration = /^(\t?const [A-Z]\w*Schema(?:\$1)? = )(.*)$/;
const member = /^(\t\t[A-Z]\w*Schema: )(z\..*)$/;

/**
 * The package's files are printed by one tool: a statement ends with the first line of its own depth that has a semicolon at its
 * end, a member of the object that is returned with a comma or before the object's end.
 */
export function deferSchemas(source) {
  const lines = source.split("\n");
  let count = 0;
  for (let index = 0; index < lines.length; index += 1) {
    const statement = declaration.exec(lines[index]);
    const found = statement ?? member.exec(lines[index]);
    if (!found) continue;
    const [, head, tail] = found;
    const depth = depthOf(lines[index]);
    const ends = (at) => depthOf(lines[at]) === depth && (/[;,]$/.test(lines[at]) || /^\t*\};$/.test(lines[at + 1]));
    let last = index;
    while (!ends(last)) last += 1;
    lines[index] = `${head}__whenUsed(() => ${tail}`;
    lines[last] = lines[last].replace(/[;,]?$/, (end) => `)${end}`);
    index = last;
    count += 1;
  }
  return { code: count === 0 ? source : `${lines.join("\n")}\n${whenUsed}`, count };
}

const depthOf = (line) => /^\t*/.exec(line)[0].length;

export const lazySchemas = {
  name: "lazy-schemas",
  setup(bundler) {
    bundler.onLoad(
      { filter: /node_modules\/@modelcontextprotocol\/(?:core|server)\/dist\/[\w-]+\.mjs$/ },
      ({ path }) => ({
        contents: deferSchemas(readFileSync(path, "utf8")).code,
        loader: "js",
      }),
    );
  },
};
