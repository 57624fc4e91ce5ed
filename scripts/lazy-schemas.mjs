// Makes the protocol's schemas when they are first used: @modelcontextprotocol would make some four hundred before it answers
// `initialize`, a fifth of the time to that answer (2.7 times an empty script became 2.15, Node 20, 2026-11); a few dozen are needed.
// A plugin for esbuild. What was `const XSchema = z.object(…)` becomes `const XSchema = __whenUsed(() => z.object(…))`.

import { readFileSync } from "node:fs";

/** The schema itself is made by the first look at it, and is what its getters and methods see as `this`. */
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
    const found = declaration.exec(lines[index]) ?? member.exec(lines[index]);
    if (!found) continue;
    const [, head, tail] = found;
    const depth = depthOf(lines[index]);
    const ends = (at) => depthOf(lines[at]) === depth && (/[;,]$/.test(lines[at]) || /^\t*\};$/.test(lines[at + 1]));
    let last = index;
    while (!ends(last)) {
      last += 1;
      if (last === lines.length) throw new Error(`This statement has no end that is understood: ${lines[index]}`);
    }
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
    bundler.onLoad({ filter: /@modelcontextprotocol[\\/](?:core|server)[\\/]dist[\\/][\w-]+\.mjs$/ }, ({ path }) => ({
      contents: deferSchemas(readFileSync(path, "utf8")).code,
      loader: "js",
    }));
  },
};
