import { describe, expect, test } from "vitest";
import { pretendInternet, PUBLIC, tryDownload } from "./testing/pretended-internet.ts";

/** Spellings of this machine, of inner networks and of clouds' metadata. */
const forbidden = [
  // loopback, in every way that IPv4 can be written
  "https://127.0.0.1/",
  "https://127.1/",
  "https://127.0.1/",
  "https://127.255.255.254/",
  "https://2130706433/",
  "https://0x7f000001/",
  "https://0x7f.1/",
  "https://0177.0.0.1/",
  "https://017700000001/",
  "https://127.0.0.1./",
  "https://%31%32%37.0.0.1/",
  "https://１２７.０.０.１/",
  "https://①②⑦.⓪.⓪.①/",
  "https://127。0。0。1/",
  "https://0/",
  "https://0.0.0.0/",
  "https:127.0.0.1/",
  "https:\\\\127.0.0.1\\",
  // loopback in IPv6, and IPv4 inside it
  "https://[::1]/",
  "https://[::]/",
  "https://[0:0:0:0:0:0:0:1]/",
  "https://[::ffff:127.0.0.1]/",
  "https://[::ffff:7f00:1]/",
  "https://[::127.0.0.1]/",
  "https://[::7f00:1]/",
  "https://[::ffff:0:127.0.0.1]/",
  "https://[64:ff9b::7f00:1]/",
  "https://[64:ff9b:1::7f00:1]/",
  "https://[2002:7f00:1::]/",
  "https://[2001:0:7f00:1::]/",
  // private, shared, link-local, multicast and reserved networks
  "https://10.0.0.1/",
  "https://172.16.0.1/",
  "https://172.31.255.255/",
  "https://192.168.1.1/",
  "https://100.64.0.1/",
  "https://169.254.1.1/",
  "https://192.0.0.8/",
  "https://192.0.2.1/",
  "https://198.18.0.1/",
  "https://224.0.0.1/",
  "https://240.0.0.1/",
  "https://255.255.255.255/",
  "https://[fe80::1]/",
  "https://[fc00::1]/",
  "https://[fec0::1]/",
  "https://[ff02::1]/",
  "https://[2001:db8::1]/",
  "https://[3fff::1]/",
  "https://[100::1]/",
  // metadata of clouds
  "https://169.254.169.254/latest/meta-data/",
  "https://0xa9fea9fe/",
  "https://2852039166/",
  "https://[::ffff:a9fe:a9fe]/",
  "https://[fd00:ec2::254]/",
  "https://168.63.129.16/",
  "https://100.100.100.200/",
  "https://192.0.0.192/",
  "https://metadata.google.internal/",
  // names of the inside
  "https://localhost/",
  "https://LOCALHOST./",
  "https://a.localhost/",
  "https://printer.local/",
  "https://router.lan/",
  "https://nas.home.arpa/",
  "https://metadata/",
  // what is not https on its usual port, or carries credentials
  "http://example.com/a.png",
  "ftp://example.com/a.png",
  "gopher://example.com/a.png",
  "ws://example.com/a.png",
  "https://example.com:22/",
  "https://example.com:25/",
  "https://example.com:2375/",
  "https://example.com:6379/",
  "https://example.com:8443/",
  "https://user@example.com/",
  "https://user:secret@example.com/",
];

describe("forbidden addresses", () => {
  test.each(forbidden)("%s is refused before any name is looked up or anything is connected to", async (address) => {
    const internet = await pretendInternet();
    expect(await tryDownload(address, internet)).toMatch(/^reference-forbidden: /);
    expect([internet.resolved, internet.opened]).toEqual([[], []]);
  });

  test("there are more than forty of them", () => {
    expect(new Set(forbidden).size).toBeGreaterThan(40);
  });

  test.each([
    ["one that is this machine's", ["127.0.0.1"]],
    ["a public one and this machine's", [PUBLIC, "::1"]],
    ["this machine's and a public one", ["127.0.0.1", PUBLIC]],
    ["one of a private network", ["10.1.2.3"]],
    ["a metadata server's", ["169.254.169.254"]],
    ["one in the IPv6 form of IPv4", ["::ffff:127.0.0.1"]],
    ["a link's, with its zone", ["fe80::1%eth0"]],
    ["none that can be read", ["localhost"]],
  ])("a name with %s is not connected to", async (_, addresses) => {
    const internet = await pretendInternet({}, { "pictures.example": addresses });
    expect(await tryDownload("https://pictures.example/a.png", internet)).toMatch(
      /^reference-forbidden: .*inner network/,
    );
    expect(internet.opened).toEqual([]);
  });

  test("a name that nobody knows is said to be unknown", async () => {
    const internet = { ...(await pretendInternet()), resolve: () => Promise.reject(new Error("ENOTFOUND")) };
    expect(await tryDownload("https://pictures.example/a.png", internet)).toBe(
      "reference-download-failed: cannot be downloaded: the name pictures.example is not known.",
    );
  });

  test("hosts that are not on the list are refused where there is one", async () => {
    const internet = await pretendInternet();
    const policy = { urls: "https", hosts: ["pictures.example"] } as const;
    expect(await tryDownload("https://pictures.example.evil.example/", internet, { policy })).toContain(
      "allowed hosts",
    );
    expect(await tryDownload("https://pictures.example/", internet, { policy })).toBe(
      "reference-unreadable: is empty.",
    );
  });

  test("nothing at all is downloaded where downloads are not allowed", async () => {
    const internet = await pretendInternet();
    expect(await tryDownload("https://example.com/", internet, { policy: { urls: "none" } })).toContain("not allowed");
    expect(internet.resolved).toEqual([]);
  });
});
