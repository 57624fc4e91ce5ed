// The import rules of ARCHITECTURE.md. Each has a case in test/architecture/import-rules.test.ts that plants a violation.

/** A room and what it may import beside itself. Tests and folders named `testing` may import more. */
const rooms = {
  core: [],
  "google/models": ["core"],
  "google/endpoints": ["core"],
  "google/auth": ["core"],
  "google/wire": ["core", "google/models"],
  transport: ["core"],
  references: ["core", "transport"],
  outputs: ["core"],
  styles: ["core"],
  sessions: ["core"],
  spend: ["core", "google/models"],
  settings: ["core"],
  generate: [
    "core",
    "google/models",
    "google/endpoints",
    "google/auth",
    "google/wire",
    "transport",
    "references",
    "outputs",
    "styles",
    "sessions",
    "spend",
  ],
  doctor: [
    "core",
    "google/models",
    "google/endpoints",
    "google/auth",
    "google/wire",
    "transport",
    "outputs",
    "generate",
  ],
  emulator: [],
  sender: ["core", "google/models", "google/auth", "generate", "emulator"],
  mcp: ["core", "google/models", "spend", "settings", "generate", "doctor", "references"],
  cli: [
    "core",
    "google/models",
    "google/auth",
    "spend",
    "settings",
    "generate",
    "doctor",
    "emulator",
    "outputs",
    "styles",
    "sessions",
    "transport",
    "sender",
    "mcp",
  ],
};

const tests = "(\\.test\\.ts|/testing/)";

const roomRules = Object.entries(rooms).map(([room, allowed]) => ({
  name: `${room.replace("/", "-")}-imports-only-${allowed.length === 0 ? "itself" : "what-it-may"}`,
  comment: `src/${room} may import ${allowed.length === 0 ? "nothing of ours but itself" : [room, ...allowed].join(", ")}.`,
  severity: "error",
  from: { path: `^src/${room}/`, pathNot: tests },
  to: { path: "^src/", pathNot: `^src/(${[room, ...allowed].join("|")})/` },
}));

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    ...roomRules,
    {
      name: "no-cycle",
      comment: "No file may reach itself, type imports included.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "core-does-no-io",
      comment: "core imports no Node built-in.",
      severity: "error",
      from: { path: "^src/core/", pathNot: tests },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "no-second-http-stack",
      comment:
        "transport owns node:http; the emulator is the other side of the wire, and agents may be served over it.",
      severity: "error",
      from: { path: "^src/", pathNot: `^src/(transport|emulator)/|^src/mcp/(serve-http|http-guard)\\.ts$|${tests}` },
      to: { path: "^(node:)?https?2?$", dependencyTypes: ["core"] },
    },
    {
      name: "main-starts-light",
      comment: "What the command line loads before it knows the command must stay small (bench: --help).",
      severity: "error",
      from: { path: "^src/cli/(main|program)\\.ts$" },
      to: {
        path: "^src/(generate|doctor|emulator|google|transport|references|outputs|styles|sessions|spend|sender|mcp)/",
        dependencyTypesNot: ["dynamic-import", "type-only"],
      },
    },
    {
      name: "heavy-packages-are-lazy",
      comment:
        "sharp, google-auth-library, resvg and the proxy agents are loaded when needed (facts: 57 to 190 ms each).",
      severity: "error",
      from: { path: "^src/", pathNot: tests },
      to: {
        path: "node_modules/(sharp|libheif-js|mediabunny|h264-mp4-encoder|google-auth-library|@resvg/resvg-js|@photostructure/sqlite|https-proxy-agent|http-proxy-agent)/",
        dependencyTypesNot: ["dynamic-import", "type-only"],
      },
    },
    {
      name: "no-development-package",
      comment: "What only the tests need must not be in the product.",
      severity: "error",
      from: { path: "^src/", pathNot: tests },
      to: {
        path: "node_modules/(@google/genai|@modelcontextprotocol/(client|sdk)|vitest|fast-check|tinyh264|@xterm/headless)/",
      },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      extensions: [".ts", ".js", ".mjs", ".cjs", ".json"],
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};
