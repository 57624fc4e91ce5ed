import { expect, test } from "vitest";
import { isToolError } from "../core/tool-error.ts";
import { isLoopback, proxyFor } from "./proxy.ts";

const proxied = (url: string, noProxy: string): boolean =>
  proxyFor(new URL(url), { https: "http://proxy.invalid:3128", http: "http://proxy.invalid:3128", noProxy }) !== null;

test("https and http URLs go through the proxy of their own kind", () => {
  const settings = { https: "http://secure.invalid:1", http: "http://plain.invalid:2" };
  expect(proxyFor(new URL("https://a.example"), settings)?.url.host).toBe("secure.invalid:1");
  expect(proxyFor(new URL("http://a.example"), settings)?.url.host).toBe("plain.invalid:2");
  expect(proxyFor(new URL("https://a.example"), { http: "http://plain.invalid:2" })).toBeNull();
});

test.each([
  "localhost",
  "LOCALHOST",
  "a.localhost",
  "127.0.0.1",
  "127.9.9.9",
  "[::1]",
  "[::ffff:127.0.0.1]",
  "0.0.0.0",
])("%s is this machine and is never reached through a proxy", (host) => {
  expect(proxied(`http://${host}:8317/`, "")).toBe(false);
  expect(isLoopback(new URL(`http://${host}`).hostname)).toBe(true);
});

test.each(["localhost.example", "127.example", "128.0.0.1", "[::2]", "notlocalhost"])(
  "%s is not this machine",
  (host) => {
    expect(isLoopback(new URL(`http://${host}`).hostname)).toBe(false);
  },
);

test.each([
  ["https://a.example/", "*"],
  ["https://a.example/", "a.example"],
  ["https://A.Example/", "a.EXAMPLE"],
  ["https://a.example./", "a.example"],
  ["https://deep.a.example/", "a.example"],
  ["https://deep.a.example/", ".a.example"],
  ["https://a.example/", ".a.example"],
  ["https://deep.a.example/", "*.a.example"],
  ["https://a.example/", "x.example, a.example"],
  ["https://a.example/", "x.example a.example"],
  ["https://a.example/", "a.example:443"],
  ["https://a.example:8443/", "a.example:8443"],
  ["https://10.1.2.3/", "10.1.2.3"],
  ["https://10.1.2.3/", "10.0.0.0/8"],
  ["https://[fd00::1]/", "[fd00::1]"],
  ["https://[fd00::1]:8443/", "[fd00:0::1]:8443"],
  ["https://[fd00::1]/", "fd00::/8"],
])("%s is reached directly under NO_PROXY=%s", (url, noProxy) => {
  expect(proxied(url, noProxy)).toBe(false);
});

test.each([
  ["https://a.example/", ""],
  ["https://a.example/", ", ,"],
  ["https://a.example/", "."],
  ["https://ba.example/", "a.example"],
  ["https://a.example.org/", "a.example"],
  ["https://a.example/", "a.example:8443"],
  ["https://a.example:8443/", "a.example:443"],
  ["https://11.1.2.3/", "10.0.0.0/8"],
  ["https://10.1.2.3/", "10.0.0.0/99"],
  ["https://10.1.2.3/", "fd00::/8"],
  ["https://10.1.2.3/", "2.3"],
  ["https://a.example/", "10.0.0.0/8"],
  ["https://[fd00::2]/", "[fd00::1]"],
])("%s goes through the proxy under NO_PROXY=%s", (url, noProxy) => {
  expect(proxied(url, noProxy)).toBe(true);
});

test("user name and password leave the address and become a header", () => {
  const proxy = proxyFor(new URL("https://a.example"), { https: "http://us%40er:p%3Aass%@proxy.invalid:3128/x?y" });
  expect(proxy?.url.href).toBe("http://proxy.invalid:3128/");
  expect(proxy?.authorization).toBe(`Basic ${Buffer.from("us@er:p%3Aass%").toString("base64")}`);
});

test("an address without a scheme means http", () => {
  expect(proxyFor(new URL("https://a.example"), { https: "proxy.invalid:3128" })?.url.href).toBe(
    "http://proxy.invalid:3128/",
  );
});

test.each(["socks5://user:hush@proxy.invalid:1080", "http://user:hush@:x", "http://"])(
  "a proxy address that cannot be used is refused without being shown: %s",
  (https) => {
    let thrown: unknown;
    try {
      proxyFor(new URL("https://a.example"), { https });
    } catch (error) {
      thrown = error;
    }
    expect(isToolError(thrown) && thrown.code).toBe("config-invalid");
    expect(String(thrown)).toContain("HTTPS_PROXY");
    expect(String(thrown)).not.toContain("hush");
  },
);

test("an address that cannot be used does no harm where no proxy applies", () => {
  expect(proxyFor(new URL("http://localhost:8317"), { http: "socks5://x" })).toBeNull();
});
