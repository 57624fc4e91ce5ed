import { describe, expect, test } from "vitest";
import type { Outcome } from "../../core/outcome.ts";
import type { Plan } from "../../core/plan.ts";
import type { ProgressEvent } from "../../core/progress.ts";
import { createFakeContext, type FakeOptions } from "../testing/fake-context.ts";
import { sampleFailure, sampleImage, samplePlan, sampleSuccess } from "../testing/samples.ts";
import { screenAfter } from "../testing/screen.ts";
import { openProgressDisplay, type ProgressChoice } from "./progress-display.ts";

const utf8 = { TERM: "xterm-256color", LANG: "en_US.UTF-8" };

function open(options: FakeOptions = {}, choice: Partial<ProgressChoice> = {}) {
  const context = createFakeContext({ stderrIsTerminal: true, environment: utf8, ...options });
  const display = openProgressDisplay(
    { silent: false, still: false, verbose: false, usualSeconds: () => ({ from: 20, to: 60 }), ...choice },
    context,
  );
  const tell = (...events: ProgressEvent[]) => {
    for (const event of events) display.onProgress(event);
  };
  const screen = () => screenAfter(context.written.stderr, context.stderr.columns);
  return { context, display, tell, screen };
}

function planned(changes: Partial<Plan> = {}): ProgressEvent {
  return { type: "planned", plan: samplePlan(changes) };
}

const sending = { type: "sending", image: 0, attempt: 1 } as const;
const fox: Outcome = sampleSuccess({ images: [sampleImage({ path: "/รูปภาพ/แมวน้ำ 🦊.jpg" })] });

describe("on a terminal", () => {
  test("ends with the tree of the original design", async () => {
    const { display, tell, screen } = open();
    tell(planned(), sending, { type: "receiving", image: 0, bytes: 5 });
    display.finish(fox);
    expect(await screen()).toEqual([
      "🖼️ Generating image...",
      `├─ Model: ${samplePlan().route.model}`,
      "├─ 💰 Cost: $0.134/image",
      "│",
      "├─ ✅ Image generated successfully!",
      "├─ 💰 Paid: $0.1344",
      "├─ Output: /รูปภาพ/แมวน้ำ 🦊.jpg",
      "└─ Size: 1.2 MB, 1376 x 768",
    ]);
  });

  test("elapsed time stands beside the usual range and moves in place", async () => {
    const { context, tell, screen } = open();
    tell(planned(), sending);
    context.pass(12_300);
    expect((await screen()).at(-1)).toBe("└─ ⏳ Drawing, 12 s (usually 20 to 60 s)");
    context.pass(70_000);
    const rows = await screen();
    expect(rows.at(-1)).toBe("└─ ⏳ Drawing, 1 min 22 s (usually 20 to 60 s)");
    expect(rows).toHaveLength(5);
  });

  test("pictures that are uploaded first are counted, and drawing is timed from when they are there", async () => {
    const { context, tell, screen } = open();
    tell(planned(), { type: "uploading", image: 0, bytes: 0, totalBytes: 90_000_000 });
    context.pass(3_000);
    tell({ type: "uploading", image: 0, bytes: 45_000_000, totalBytes: 90_000_000 });
    expect((await screen()).at(-1)).toBe("└─ ⏳ Uploading reference pictures, 42.9 MB of 85.8 MB, 3 s");
    tell(sending);
    context.pass(1_000);
    expect((await screen()).at(-1)).toBe("└─ ⏳ Drawing, 1 s (usually 20 to 60 s)");
  });

  test("a wait says why, and counts down", async () => {
    const { context, tell, screen } = open();
    tell(planned(), sending, { type: "waiting", image: 0, attempt: 2, waitMs: 12_000, reason: "Too many requests." });
    context.pass(2_500);
    expect((await screen()).at(-1)).toBe("└─ ⏳ Next attempt in 10 s: Too many requests.");
  });

  test.each([80, 20, 7])("at %i columns each line stays one row, whatever the script", async (columns) => {
    const { context, tell, screen } = open({ columns });
    tell(
      planned({
        warnings: [
          "แมวน้ำแมวน้ำแมวน้ำแมวน้ำแมวน้ำแมวน้ำ 🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊 👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦 ❤️❤️❤️❤️❤️❤️❤️❤️❤️❤️❤️❤️❤️❤️❤️❤️",
        ],
      }),
      sending,
    );
    for (let second = 0; second < 5; second += 1) context.pass(1_000);
    const rows = await screen();
    expect(rows).toHaveLength(6);
    expect(rows[0]).toMatch(/^🖼/u);
  });

  test("the path is whole at the end, however narrow the terminal", async () => {
    const path = `/pictures/${"long-".repeat(8)}name.jpg`;
    const { display, tell, screen } = open({ columns: 20 });
    tell(planned(), sending);
    display.finish(sampleSuccess({ images: [sampleImage({ path })] }));
    expect((await screen()).join("")).toContain(path);
  });

  test("several pictures each have a line while they run, and what is finished is counted", async () => {
    const { tell, screen } = open();
    tell(planned({ request: { ...samplePlan().request, count: 3 } }), sending, { ...sending, image: 1 });
    tell({ type: "published", image: 0, report: sampleImage() }, { type: "receiving", image: 1, bytes: 2048 });
    tell({ ...sending, image: 2 });
    expect((await screen()).slice(-3)).toEqual([
      "├─ ⏳ 2: Receiving, 2.0 kB, 0 s",
      "├─ ⏳ 3: Drawing, 0 s (usually 20 to 60 s)",
      "└─ 1 of 3 finished",
    ]);
  });

  test("a hundred running pictures do not flood the screen", async () => {
    const { tell, screen } = open();
    tell(planned({ request: { ...samplePlan().request, count: 100 } }));
    for (let image = 0; image < 100; image += 1) tell({ ...sending, image });
    expect((await screen()).length).toBeLessThan(15);
  });

  test("a rehearsal is called one", async () => {
    const { tell, screen } = open();
    tell(planned({ rehearsal: true, cost: { ...samplePlan().cost, metered: false } }));
    expect((await screen()).join("\n")).toMatch(/REHEARSAL[\s\S]*nothing is paid/);
  });

  test("escape sequences from outside do not reach the terminal", async () => {
    const { context, display, tell } = open();
    tell(planned({ warnings: ["evil \u001b]0;title\u0007 \u001b[2J warning"] }), sending);
    display.finish(sampleSuccess({ warnings: ["\u001b[31mred"] }));
    expect(context.written.stderr).not.toContain("\u001b]0;");
    expect(context.written.stderr).not.toContain("\u001b[2J");
  });

  test("LANG=C gets the same tree in ASCII", async () => {
    const { context, display, tell, screen } = open({ environment: { TERM: "vt100", LANG: "C", NO_COLOR: "1" } });
    tell(planned(), sending);
    display.finish(sampleSuccess());
    expect((await screen())[4]).toBe("|- OK: Image generated successfully!");
    // oxlint-disable-next-line no-control-regex -- nothing but ASCII is what is asked
    expect(context.written.stderr).toMatch(/^[\u0000-\u007f]*$/);
  });

  test("a failure leaves the plan and says that there is no image", async () => {
    const { display, tell, screen } = open();
    tell(planned(), sending);
    display.finish(sampleFailure("refused-safety"));
    expect((await screen()).at(-1)).toBe("└─ ❌ No image.");
  });

  test("an error that was thrown leaves nothing behind", async () => {
    const { display, screen } = open();
    display.finish(null);
    expect(await screen()).toEqual([]);
  });

  test("the timer stops at the end", () => {
    const { context, display } = open();
    display.finish(fox);
    const before = context.written.stderr;
    context.pass(5_000);
    expect(context.written.stderr).toBe(before);
  });
});

describe("without a terminal", () => {
  test("plain lines without control codes, one for what matters", () => {
    const { context, display, tell } = open({ stderrIsTerminal: false });
    tell(planned({ warnings: ["An \u001b[1mold\u001b[0m name."] }), sending);
    tell({ type: "receiving", image: 0, bytes: 5 });
    tell({ type: "waiting", image: 0, attempt: 2, waitMs: 11_000, reason: "Too many\nrequests." });
    tell({ type: "published", image: 0, report: sampleImage() });
    context.pass(10_000);
    display.finish(fox);
    expect(context.written.stderr.split("\n")).toEqual([
      `Generating 1 image with ${samplePlan().route.model}, $0.134/image`,
      "Warning: An old name.",
      "Image 1: next attempt in 11 s: Too many requests.",
      "Image 1: saved, 1.2 MB, 1376 x 768, image/jpeg",
      "",
    ]);
  });

  test("one picture's failure is left to the report at the end, one of several is told", () => {
    const failed = { type: "failed", image: 0, message: "Refused." } as const;
    const single = open({ stderrIsTerminal: false });
    single.tell(planned(), failed);
    expect(single.context.written.stderr).not.toContain("Refused.");
    const several = open({ stderrIsTerminal: false });
    several.tell(planned({ request: { ...samplePlan().request, count: 2 } }), failed);
    expect(several.context.written.stderr).toContain("Image 1: Refused.");
  });

  test("TERM=dumb is treated like a pipe", () => {
    const { context, tell } = open({ environment: { TERM: "dumb" } });
    tell(planned(), sending);
    expect(context.written.stderr).not.toContain("\u001b");
  });

  test("--verbose adds the attempts", () => {
    const { context, tell } = open({ stderrIsTerminal: false }, { verbose: true });
    tell(sending, { ...sending, attempt: 2 });
    expect(context.written.stderr).toContain("Image 1: sending, attempt 2");
  });

  test("silence is silence", () => {
    const { context, display, tell } = open({}, { silent: true });
    tell(planned({ warnings: ["w"] }), sending);
    display.finish(fox);
    expect(context.written.stderr).toBe("");
  });

  test("--no-progress says what is planned and nothing on the way", () => {
    const { context, tell } = open({}, { still: true });
    tell(planned(), sending, { type: "published", image: 0, report: sampleImage() });
    expect(context.written.stderr.trim().split("\n")).toHaveLength(1);
  });
});
