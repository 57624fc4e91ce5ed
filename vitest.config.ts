import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Credentials and proxies of the person who runs the tests must not reach them.
    env: Object.fromEntries(
      [
        "GOOGLE_API_KEY",
        "GEMINI_API_KEY",
        "VERTEX_API_KEY",
        "GOOGLE_OAUTH_ACCESS_TOKEN",
        "GOOGLE_APPLICATION_CREDENTIALS",
        "GOOGLE_CLOUD_PROJECT",
        "GOOGLE_CLOUD_LOCATION",
        "CLIPROXYAPI_URL",
        "CLIPROXYAPI_KEY",
        "HTTPS_PROXY",
        "HTTP_PROXY",
        "https_proxy",
        "http_proxy",
      ].map((name) => [name, ""]),
    ),
  },
});
