import { describe, expect, test } from "vitest";
import { typedName } from "./command-definition.ts";
import { definitions } from "../definitions/index.ts";
import { helpText } from "./help-text.ts";

describe("help", () => {
  test("of everything lists each command and the options of generate by groups", () => {
    const text = helpText(null, 80);
    for (const { name } of definitions) expect(text).toContain(`  ${name}`);
    expect(text).toMatch(/Picture:[\s\S]*--ar, --aspect-ratio <w:h>[\s\S]*Connection:[\s\S]*--auth <method>/);
    expect(text).toMatch(/Examples:\n {2}# .+\n {2}image-gen "/);
  });

  test.each(definitions.map(({ name }) => name))("of %s has usage, options and an example", (name) => {
    const text = helpText(name, 80);
    expect(text).toContain(`Usage: ${typedName(name)}`);
    expect(text).toContain("Examples:\n");
  });

  test("of a first word lists what it can be followed by", () => {
    expect(helpText("cost", 80)).toMatch(/cost estimate[\s\S]*cost compare[\s\S]*cost recommend/);
  });

  test("of video-gen speaks of clips, as they are typed", () => {
    const text = helpText("video", 80);
    expect(text).toMatch(/^Clip:\n[\s\S]*--ar, --aspect-ratio <w:h> +16:9 or 9:16/m);
    expect(text).toMatch(/--auth <method> +adc \(default\)/);
    expect(text).toMatch(/^Commands:\n {2}video-gen resume /m);
    expect(text).not.toMatch(/one picture would cost|\.png \.jpg/);
  });
});
