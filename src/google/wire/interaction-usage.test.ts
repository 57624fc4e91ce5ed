import { expect, test } from "vitest";
import { readInteractionUsage } from "./interaction-usage.ts";

const video = [{ modality: "video", tokens: 46_336 }];
const read = (usage: object | undefined) => readInteractionUsage({ usage });

test("thoughts are within the output or beside it, as the total says", () => {
  const counts = { total_input_tokens: 10, total_output_tokens: 46_436, total_thought_tokens: 60 };
  const within = { ...counts, total_tokens: 46_446, output_tokens_by_modality: video };
  expect(read(within)).toMatchObject({ promptTokens: 10, textTokens: 40, thoughtTokens: 60, videoTokens: 46_336 });
  const beside = { ...counts, total_tokens: 46_506, output_tokens_by_modality: video };
  expect(read(beside)).toMatchObject({ textTokens: 100, thoughtTokens: 60 });
  const { total_tokens: _, ...untold } = beside;
  expect(read(untold)).toMatchObject({ textTokens: 100, thoughtTokens: 60 });
});

test("what counts nothing, or is no number, is no usage", () => {
  for (const usage of [undefined, {}, { total_tokens: 0 }, { total_input_tokens: "4" }, { total_output_tokens: -1 }]) {
    expect(read(usage)).toBeNull();
  }
});
