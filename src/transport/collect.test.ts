import { expect, test } from "vitest";
import { createTextCollector } from "./collect.ts";

test("text is collected up to the bound and not a byte more", () => {
  const collector = createTextCollector(5);
  collector.write(Buffer.from("hel"));
  collector.write(Buffer.from("lo"));
  expect(() => collector.write(Buffer.from("!"))).toThrow(expect.objectContaining({ code: "answer-too-large" }));
  expect(collector.text()).toBe("hello");
});

test("bytes that are no UTF-8 become replacement characters", () => {
  const collector = createTextCollector();
  collector.write(Buffer.from([0x41, 0xff]));
  expect(collector.text()).toBe("A\uFFFD");
});
