import { describe, expect, test } from "vitest";
import type { ClipEvent, ClipPlan } from "../../core/clip.ts";
import { createFakeContext, type FakeOptions } from "../testing/fake-context.ts";
import { sampleClip, sampleClipFailure, sampleClipPlan, sampleClipSuccess } from "../testing/sample-clips.ts";
import { screenAfter } from "../testing/screen.ts";
import { type ClipDisplayChoice, openClipDisplay } from "./clip-display.ts";

const usualSeconds = () => ({ from: 11, to: 360 });
const utf8 = { TERM: "xterm-256color", LANG: "en_US.UTF-8" };

function open(options: FakeOptions = {}, choice: Partial<ClipDisplayChoice> = {}) {
  const context = createFakeContext({ stderrIsTerminal: true, environment: utf8, ...options });
  const display = openClipDisplay({ silent: false, still: false, usualSeconds, ...choice }, context);
  const tell = (...events: ClipEvent[]) => {
    for (const event of events) display.onProgress(event);
  };
  return { context, display, tell, screen: () => screenAfter(context.written.stderr, context.stderr.columns) };
}

function planned(changes: Partial<ClipPlan> = {}): ClipEvent {
  return { type: "planned", plan: sampleClipPlan(changes) };
}

const sending = { type: "sending", image: 0, attempt: 1 } as const;
const begun = { type: "begun", image: 0, handle: "operations/1" } as const;
const working = (elapsedMs: number): ClipEvent => ({ type: "working", image: 0, elapsedMs, waitMs: 8_000 });
const hint = "Ctrl-C stops the waiting and loses nothing: video-gen resume";

describe("on a terminal", () => {
  test("a provider that does not answer is not said to be at work", async () => {
    const { context, tell, screen } = open();
    tell(planned(), sending, begun, { type: "working", image: 0, elapsedMs: 0, waitMs: 8_000, trouble: "HTTP 500" });
    context.pass(20_000);
    expect((await screen()).join("\n")).toContain("Nothing known, 20 s, asking again: HTTP 500");
    tell(working(20_000));
    expect((await screen()).join("\n")).toContain("Making the clip, 20 s");
  });

  test("a clip that is uploaded first is counted", async () => {
    const { context, tell, screen } = open();
    tell(planned(), { type: "sending", image: 0, attempt: 1 });
    tell({ type: "uploading", image: 0, bytes: 8_000_000, totalBytes: 90_000_000 });
    context.pass(3_000);
    expect((await screen()).at(-1)).toBe("└─ ⏳ Uploading the clip, 7.6 MB of 85.8 MB, 3 s");
  });

  test("elapsed time stands beside the usual range and moves in place, with what Ctrl-C does", async () => {
    const { context, tell, screen } = open();
    tell(planned(), sending, begun);
    context.pass(83_000);
    expect(await screen()).toEqual([
      "🎬 Making clip...",
      "├─ Model: sample-video-model",
      "├─ Clip: 7 s, 720p (1280 x 720)",
      "├─ 💰 Cost: $0.70 ($0.10 a second)",
      "│",
      "├─ ⏳ Making the clip, 1 min 23 s (usually 11 s to 6 min)",
      `└─ ${hint}`,
    ]);
    context.pass(400_000);
    expect((await screen()).slice(-2)).toEqual([
      "├─ ⏳ Making the clip, 8 min 3 s (longer than the usual 11 s to 6 min)",
      `└─ ${hint}`,
    ]);
  });

  test("an end has path, size, length, sound, price before and after, and the total", async () => {
    const { display, tell, screen } = open();
    tell(planned({ request: { ...sampleClipPlan().request, audio: true } }), begun, working(1_000));
    display.finish(sampleClipSuccess(), "Total: $0.834 with closing.png ($0.134)");
    expect(await screen()).toEqual([
      "🎬 Making clip...",
      "├─ Model: sample-video-model",
      "├─ Clip: 7 s, 720p (1280 x 720), with sound",
      "├─ 💰 Cost: $0.70 ($0.10 a second)",
      "│",
      "├─ ✅ Clip made successfully!",
      "├─ 💰 Paid: $0.70",
      "├─ 💰 Total: $0.834 with closing.png ($0.134)",
      "├─ Output: /videos/video_0.mp4",
      "├─ Size: 1.2 MB",
      "└─ Length: 7 s, 720p (1280 x 720), with sound",
    ]);
  });

  test("a clip in a bucket is named there, with nothing that is not known", async () => {
    const { display, tell, screen } = open();
    tell(planned());
    const unseen = { path: null, seconds: null, width: null, height: null, bytes: null, hasAudio: null };
    display.finish(sampleClipSuccess({ videos: [sampleClip({ ...unseen, uri: "gs://films/1.mp4" })] }), null);
    expect((await screen()).at(-1)).toBe("└─ Left at: gs://films/1.mp4");
  });

  test("an operation that somebody else began is asked for", async () => {
    const { context, tell, screen } = open();
    tell(planned(), working(2_000));
    context.pass(3_000);
    expect(await screen()).toContain("├─ ⏳ Asking for the clip, 5 s");
  });

  test("a wait counts down, or up where nobody knows how long", async () => {
    const { context, tell, screen } = open();
    tell(planned(), { type: "waiting", image: 0, attempt: 2, waitMs: 12_000, reason: "Too many requests." });
    context.pass(2_000);
    expect((await screen()).at(-1)).toBe("└─ ⏳ Next attempt in 10 s: Too many requests.");
    tell({ type: "waiting", image: 0, attempt: 1, waitMs: 0, reason: "the same request is running already" });
    context.pass(4_000);
    expect((await screen()).at(-1)).toBe("└─ ⏳ Waiting, 4 s: the same request is running already");
  });

  test("a rehearsal is called one, and has neither a usual time nor anything to come back for", async () => {
    const { tell, screen } = open({}, { usualSeconds: () => null });
    tell(planned({ rehearsal: true, cost: { ...sampleClipPlan().cost, metered: false } }), begun);
    const rows = (await screen()).join("\n");
    expect(rows).toMatch(/REHEARSAL[\s\S]*nothing is paid/);
    expect(rows).not.toMatch(/usually|Ctrl-C/);
  });

  test("a clip that is still being made is no failure, one that was refused is", async () => {
    const pending = open();
    pending.tell(planned());
    pending.display.finish(sampleClipFailure("clip-pending"), null);
    expect((await pending.screen()).at(-1)).toBe("└─ ⏳ Not there yet.");
    const refused = open();
    refused.tell(planned());
    refused.display.finish(sampleClipFailure("refused-safety"), null);
    expect((await refused.screen()).at(-1)).toBe("└─ ❌ No clip.");
  });

  test("LANG=C and NO_COLOR get ASCII without colours", async () => {
    const { context, display, tell } = open({ environment: { TERM: "vt100", LANG: "C", NO_COLOR: "1" } });
    tell(planned(), begun);
    display.finish(sampleClipSuccess(), null);
    // oxlint-disable-next-line no-control-regex -- nothing but ASCII, and no colour, is what is asked
    expect(context.written.stderr).toMatch(/^[\u0000-\u007f]*$/);
    // oxlint-disable-next-line no-control-regex -- a colour begins with an escape
    expect(context.written.stderr).not.toMatch(/\u001b\[\d+m/);
  });

  test("escape sequences from outside do not reach the terminal", () => {
    const { context, display, tell } = open();
    tell(planned({ warnings: ["evil \u001b]0;title\u0007 \u001b[2J warning"] }));
    display.finish(sampleClipSuccess({ warnings: ["\u001b[31mred"] }), "\u001b]0;total\u0007");
    expect(context.written.stderr).not.toContain("\u001b]0;");
    expect(context.written.stderr).not.toContain("\u001b[2J");
  });

  test("an error that was thrown leaves nothing behind, and the timer stops", async () => {
    const { context, display, screen } = open();
    display.finish(null, null);
    context.pass(5_000);
    expect(await screen()).toEqual([]);
  });
});

describe("without a terminal", () => {
  test("plain lines, at most one every fifteen seconds while it is waited for", () => {
    const { context, display, tell } = open({ stderrIsTerminal: false });
    tell(planned({ warnings: ["An \u001b[1mold\u001b[0m name."] }), sending, begun);
    for (let seconds = 1; seconds <= 40; seconds += 1) {
      context.pass(1_000);
      tell(working(seconds * 1_000));
    }
    tell({ type: "receiving", image: 0, bytes: 5 }, { type: "published", image: 0, report: sampleClip() });
    display.finish(sampleClipSuccess(), null);
    expect(context.written.stderr.split("\n")).toEqual([
      "Making a clip with sample-video-model: 7 s, 720p (1280 x 720); $0.70 ($0.10 a second)",
      "Warning: An old name.",
      "The provider has begun the clip; it usually takes 11 s to 6 min. Whoever stops waiting loses nothing: video-gen resume",
      "Still at work after 15 s",
      "Still at work after 30 s",
      "",
    ]);
    expect([...display.saidWarnings]).toHaveLength(1);
  });

  test("a long download is told of too", () => {
    const { context, tell } = open({ stderrIsTerminal: false });
    context.pass(16_000);
    tell({ type: "receiving", image: 0, bytes: 5 }, { type: "receiving", image: 0, bytes: 6 });
    expect(context.written.stderr).toBe("Receiving, 5 bytes\n");
  });

  test("TERM=dumb is treated like a pipe", () => {
    const { context, tell } = open({ environment: { TERM: "dumb" } });
    tell(planned(), begun);
    expect(context.written.stderr).not.toContain("\u001b");
  });

  test("silence is silence", () => {
    const { context, display, tell } = open({}, { silent: true });
    tell(planned({ warnings: ["w"] }), begun);
    display.finish(sampleClipSuccess(), "Total");
    expect(context.written.stderr).toBe("");
  });

  test("--no-progress says what is planned and nothing on the way", () => {
    const { context, tell } = open({}, { still: true });
    tell(planned(), sending, begun, working(60_000));
    expect(context.written.stderr.trim().split("\n")).toHaveLength(1);
  });
});
