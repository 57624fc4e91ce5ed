// A clip behind a link, streamed into the spool. The credential goes to the provider's API alone; a link or a redirect to the
// provider's public storage is followed without one, and every other host is refused.

import { isToolError, ToolError } from "../../core/tool-error.ts";
import type { HttpHead } from "../../core/http-call.ts";
import { mediaAddress } from "../../google/endpoints/media-address.ts";
import { isProviderStorage } from "../../google/endpoints/provider-storage.ts";
import { readFailure } from "../../google/wire/failures/read-failure.ts";
import { openPart, type PartFile } from "../../outputs/part-file.ts";
import { addressesOf } from "../../references/download.ts";
import { createTextCollector } from "../../transport/collect.ts";
import { lettingGo } from "../../transport/young-garbage.ts";
import type { Transport } from "../../transport/send.ts";
import { errorOfFailure } from "../draw/errors.ts";
import { telling } from "./ask-clip.ts";
import type { ClipRun } from "./clip-run.ts";

/** What of a run a download needs. */
export type DownloadRun = Pick<
  ClipRun,
  "plan" | "credential" | "transport" | "network" | "clock" | "spoolDirectory" | "signal" | "tell" | "clean"
>;

const MOST_REDIRECTS = 3;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * @throws ToolError `link-refused`, and whatever the network or the provider says. No part file is left then.
 */
export async function downloadClip(run: DownloadRun, link: string, look: number): Promise<PartFile> {
  let url = link;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const way = await wayTo(run, url);
    const fetched = await fetchOnce(run, way, look);
    if (fetched.part !== null) return fetched.part;
    const { status, headers } = fetched.head;
    const location = headers["location"] ?? "";
    if (!REDIRECTS.has(status) || location === "" || !URL.canParse(location, url)) throw refused(run, fetched);
    url = new URL(location, url).href;
  }
  throw new ToolError("link-refused", { message: "The link to the clip leads on and on." });
}

interface Way {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly transport: Pick<Transport, "send">;
}

async function wayTo(run: DownloadRun, link: string): Promise<Way> {
  const url = URL.canParse(link) ? new URL(link) : null;
  const own = new URL(run.plan.route.baseUrl);
  if (url?.origin === own.origin && url.username === "") {
    return { url: mediaAddress(url), headers: await run.credential.headers(), transport: run.transport };
  }
  if (url === null || run.plan.rehearsal || !isProviderStorage(url)) {
    const where = url === null ? "nowhere" : run.clean(`${url.protocol}//${url.host}`);
    throw new ToolError("link-refused", {
      message: `The provider says that the clip is at ${where}; only ${own.host} and Google's storage are asked for it.`,
    });
  }
  return { url: url.href, headers: {}, transport: run.network.open(await publicAddresses(run, url)) };
}

/** A name that leads inwards is refused; one that nobody knows may be known in a moment. */
async function publicAddresses({ network, clock, plan }: DownloadRun, url: URL): Promise<readonly string[]> {
  try {
    return await addressesOf(url, network, clock, clock.monotonic() + plan.deadlines.totalMs);
  } catch (error) {
    if (!isToolError(error)) throw error;
    const code = error.code === "reference-forbidden" ? "link-refused" : "connect-failed";
    throw new ToolError(code, { message: `The link to the clip ${error.message}` });
  }
}

interface Fetched {
  readonly head: HttpHead;
  readonly body: string;
  readonly part: PartFile | null;
}

async function fetchOnce(run: DownloadRun, { url, headers, transport }: Way, look: number): Promise<Fetched> {
  const { plan, signal, spoolDirectory } = run;
  const errorBody = createTextCollector();
  const seen: { head: HttpHead; part: PartFile | null } = { head: { status: 0, headers: {} }, part: null };
  try {
    await transport.send(
      { method: "GET", url, headers: { accept: "video/*, */*;q=0.5", ...headers }, body: null },
      {
        deadlines: plan.deadlines,
        paid: false,
        ...(signal ? { signal } : {}),
        onHead(head) {
          seen.head = head;
          if (head.status !== 200) return (chunk) => errorBody.write(chunk);
          const part = openPart(spoolDirectory, `${plan.operation}-0-${look}-0`, {
            fallbackDirectory: plan.output.directory,
          });
          seen.part = part;
          return lettingGo(
            telling(run, (chunk) => {
              part.write(chunk);
              return part.bytes;
            }),
          );
        },
      },
    );
  } catch (error) {
    seen.part?.discard();
    throw isToolError(error) ? error : new ToolError("answer-incomplete", { message: String(error) });
  }
  return { ...seen, body: errorBody.text() };
}

function refused(run: DownloadRun, { head, body }: Fetched): ToolError {
  const { endpoint, auth, model } = run.plan.route;
  if (head.status === 404 || head.status === 410) {
    return new ToolError("clip-lost", {
      message: "The clip is no longer where the provider put it.",
      httpStatus: head.status,
    });
  }
  return errorOfFailure(readFailure({ ...head, body, endpoint, auth, model }), run.clean);
}
