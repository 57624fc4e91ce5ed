// Loopback: the names that mean this machine, and the look-alikes that do not.

import { expect, test } from "vitest";
import { isLoopbackHost } from "./loopback.ts";

test.each(["localhost", "LOCALHOST", "localhost.", "api.localhost", "127.0.0.1", "127.8.9.10", "[::1]", "::1"])(
  "%s is this machine",
  (host) => expect(isLoopbackHost(host)).toBe(true),
);

test.each(["0.0.0.0", "localhost.example.com", "127.0.0.1.example.com", "notlocalhost", "10.0.0.1", "[::2]", ""])(
  "%j is not this machine",
  (host) => expect(isLoopbackHost(host)).toBe(false),
);
