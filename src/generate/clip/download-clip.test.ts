// Following the link to a clip: who gets the credential, where it may lead, and where nothing is asked at all.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { ClipPlan } from "../../core/clip.ts";
import type { HttpCall } from "../../core/http-call.ts";
import type { DownloadNetwork } from "../../references/download.ts";
import { systemNetwork } from "../../references/download.ts";
import { createTransport, type Transport } from "../../transport/send.ts";
import { systemClock } from "../../transport/system-clock.ts";
import { startRawServer } from "../../transport/testing/raw-server.ts";
import { type DownloadRun, downloadClip } from "./download-clip.ts";

const scratch = mkdtempSync(join(tmpdir(), "download-clip-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
let spoolDirectory: string;
beforeEach(() => {
  spoolDirectory = mkdtempSync(join(scratch, "spool-"));
});

const OWN = "https://api.example";
const STORAGE = "https://storage.googleapis.com/films/clip.mp4?sig=1";
const CLIP = "the bytes of a clip";

interface Answer {
  readonly status: number;
  readonly location?: string;
}

interface Asked {
  readonly url: string;
  readonly headers: HttpCall["headers"];
  /** `own`: over the run's own connection; else the addresses that it was bound to. */
  readonly by: string;
}

interface World {
  readonly run: DownloadRun;
  readonly asked: Asked[];
  readonly resolved: string[];
}

/** A network in which every address answers as `answers` say, in their order, and with the clip when there are no more. */
function world(answers: readonly Answer[], addresses: readonly string[] = ["142.250.1.1"], more = {}): World {
  const asked: Asked[] = [];
  const resolved: string[] = [];
  const by = (name: string): Pick<Transport, "send"> => ({
    async send({ url, headers }, options) {
      const { status, location } = answers[asked.length] ?? { status: 200 };
      asked.push({ url, headers, by: name });
      options.onHead({ status, headers: location === undefined ? {} : { location } })(Buffer.from(CLIP));
      return { bytes: CLIP.length };
    },
  });
  const network: DownloadNetwork = {
    async resolve(host) {
      resolved.push(host);
      return addresses;
    },
    open: (bound) => by(bound.join()),
  };
  return {
    run: runOf({ ...createTransport({ clock: systemClock }), ...by("own") }, network, OWN, more),
    asked,
    resolved,
  };
}

function runOf(transport: Transport, network: DownloadNetwork, baseUrl: string, more = {}): DownloadRun {
  const plan = {
    operation: "01OPERATION",
    rehearsal: false,
    route: { endpoint: "generativelanguage", auth: "api-key", model: "veo", baseUrl },
    deadlines: { connectMs: 5_000, totalMs: 5_000, idleMs: 5_000 },
    output: { directory: spoolDirectory },
    ...more,
  } as unknown as ClipPlan;
  const credential = { headers: async () => ({ "x-goog-api-key": "a key" }) } as unknown as DownloadRun["credential"];
  const others = { clock: systemClock, signal: undefined, tell: () => {}, clean: (text: string) => text };
  return { plan, credential, transport, network, spoolDirectory, ...others };
}

async function fetched({ run }: Pick<World, "run">, link: string): Promise<string> {
  const part = await downloadClip(run, link, 1);
  return readFileSync(part.finish().path, "utf8");
}

const hasKey = ({ asked }: World): boolean[] => asked.map(({ headers }) => "x-goog-api-key" in headers);

describe("the credential", () => {
  test("goes to the API's own origin", async () => {
    const there = world([]);
    expect(await fetched(there, `${OWN}/v1beta/files/x:download?alt=media`)).toBe(CLIP);
    expect([hasKey(there), there.asked[0]?.by, there.resolved]).toEqual([[true], "own", []]);
  });

  test("does not go with a redirect to Google's storage, which is asked at the address that was looked at", async () => {
    const there = world([{ status: 302, location: STORAGE }]);
    expect(await fetched(there, `${OWN}/v1beta/files/x:download`)).toBe(CLIP);
    expect(hasKey(there)).toEqual([true, false]);
    expect(there.asked[1]).toMatchObject({ url: STORAGE, by: "142.250.1.1" });
    expect(Object.keys(there.asked[1]?.headers ?? {})).toEqual(["accept"]);
  });

  test("goes to the API again when the storage leads back there", async () => {
    const there = world([{ status: 307, location: `${OWN}/again` }]);
    expect(await fetched(there, STORAGE)).toBe(CLIP);
    expect(hasKey(there)).toEqual([false, true]);
  });

  test("is not sent after a redirect over real sockets either", async () => {
    const elsewhere = await startRawServer();
    const own = await startRawServer({
      onRequest: (socket) =>
        socket.end(`HTTP/1.1 302 Found\r\nLocation: ${elsewhere.url}/clip\r\nContent-Length: 0\r\n\r\n`),
    });
    const baseUrl = new URL(own.url).origin;
    const run = runOf(createTransport({ clock: systemClock }), systemNetwork(systemClock), baseUrl);
    await expect(fetched({ run }, `${baseUrl}/clip`)).rejects.toMatchObject({ code: "link-refused" });
    expect(own.complete[0]?.head).toContain("a key");
    expect(elsewhere.connections()).toBe(0);
  });
});

describe("refused without asking is", () => {
  const elsewhere = [
    "https://films.example/clip.mp4",
    "https://storage.googleapis.com.films.example/clip.mp4",
    "https://evilstorage.googleapis.com/clip.mp4",
    "https://storage.googleapis.com:444/clip.mp4",
    "https://somebody@storage.googleapis.com/clip.mp4",
    "http://storage.googleapis.com/clip.mp4",
    "http://api.example/clip.mp4",
    "https://api.example:444/clip.mp4",
    "https://somebody@api.example/clip.mp4",
    "http://169.254.169.254/computeMetadata/v1/",
    "https://127.0.0.1/clip.mp4",
    "https://[::1]/clip.mp4",
    "file:///etc/passwd",
    "data:video/mp4;base64,AAAA",
    "gs://films/clip.mp4",
    "no address",
  ];

  test.each(elsewhere)("a link to %s", async (link) => {
    const there = world([]);
    await expect(fetched(there, link)).rejects.toMatchObject({ code: "link-refused" });
    expect([there.asked, there.resolved, readdirSync(spoolDirectory)]).toEqual([[], [], []]);
  });

  test.each(elsewhere.filter((link) => URL.canParse(link)))("a redirect to %s", async (location) => {
    for (const from of [`${OWN}/clip`, STORAGE]) {
      const there = world([{ status: 302, location }]);
      await expect(fetched(there, from)).rejects.toMatchObject({ code: "link-refused" });
      expect(there.asked).toHaveLength(1);
    }
  });

  test.each(["10.0.0.1", "127.0.0.1", "169.254.169.254", "::1", "fd00::1", "::ffff:192.168.0.1"])(
    "storage whose name leads to %s, alone or beside a public address",
    async (address) => {
      for (const addresses of [[address], ["142.250.1.1", address]]) {
        const there = world([{ status: 302, location: STORAGE }], addresses);
        await expect(fetched(there, `${OWN}/clip`)).rejects.toMatchObject({
          code: "link-refused",
          message: expect.stringMatching(/^The link to the clip leads to this machine/),
        });
        expect(there.asked).toHaveLength(1);
      }
    },
  );

  test("everything but the emulator in a rehearsal", async () => {
    const there = world([], undefined, { rehearsal: true });
    await expect(fetched(there, STORAGE)).rejects.toMatchObject({ code: "link-refused" });
    expect(there.resolved).toEqual([]);
  });
});

describe("redirects", () => {
  test.each([301, 302, 303, 307, 308])("of status %i are followed, relative ones too", async (status) => {
    const there = world([{ status, location: "../clips/y" }]);
    expect(await fetched(there, `${OWN}/v1/clips/x`)).toBe(CLIP);
    expect(there.asked[1]?.url).toBe(`${OWN}/v1/clips/y`);
  });

  test("in a circle are given up", async () => {
    const there = world(
      Array.from({ length: 50 }, (_, at) => ({ status: 302, location: at % 2 ? STORAGE : `${OWN}/x` })),
    );
    await expect(fetched(there, STORAGE)).rejects.toMatchObject({
      code: "link-refused",
      message: "The link to the clip leads on and on.",
    });
    expect(there.asked).toHaveLength(4);
  });

  test("to nowhere are an answer like any other", async () => {
    for (const answer of [{ status: 302 }, { status: 302, location: "https://" }]) {
      await expect(fetched(world([answer]), `${OWN}/x`)).rejects.toMatchObject({ name: "ToolError" });
    }
  });
});

test("a name that nobody knows is a connection that could not be made, so it is tried again", async () => {
  const there = world([], []);
  await expect(fetched(there, STORAGE)).rejects.toMatchObject({ code: "connect-failed" });
});

test.each([404, 410])("status %i means that the clip is lost", async (status) => {
  await expect(fetched(world([{ status }]), `${OWN}/x`)).rejects.toMatchObject({ code: "clip-lost" });
  expect(readdirSync(spoolDirectory)).toEqual([]);
});
