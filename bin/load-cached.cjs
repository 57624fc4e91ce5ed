// Loads a built file with the code cache that the build left beside it, so that Node 20 need not compile it at every start.
// Without a cache, or with one of another V8, it is an ordinary load. Node 22 does this by itself (module.enableCompileCache).
"use strict";

const { existsSync, readFileSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const { Script } = require("node:vm");

const cacheOf = (file) => `${file}.${process.versions.v8}-${process.arch}.cache`;

/** With `record`, `writeCaches` stores what V8 has compiled by then. */
function createLoader({ record = false } = {}) {
  const scripts = new Map();
  // As require does: a file that is asked for again, or while it runs, is the same module.
  const modules = new Map();

  function load(file) {
    const known = modules.get(file);
    if (known) return known.exports;
    const cache = cacheOf(file);
    if (!record && !existsSync(cache)) return require(file);
    const cachedData = record ? undefined : readFileSync(cache);
    const script = new Script(Module.wrap(readFileSync(file, "utf8")), { filename: file, cachedData });
    if (record) scripts.set(file, script);
    const requireHere = Module.createRequire(file);
    const module = { exports: {} };
    modules.set(file, module);
    const loadHere = (id) =>
      /^\.{1,2}\/.*\.cjs$/.test(id) ? load(path.resolve(path.dirname(file), id)) : requireHere(id);
    script.runInThisContext().call(module.exports, module.exports, loadHere, module, file, path.dirname(file));
    return module.exports;
  }

  return {
    load,
    writeCaches() {
      for (const [file, script] of scripts) writeFileSync(cacheOf(file), script.createCachedData());
    },
  };
}

module.exports = { createLoader };
