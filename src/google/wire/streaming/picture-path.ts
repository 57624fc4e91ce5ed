// Where in an answer a picture's base64 stands: candidates[].content.parts[].inlineData.data of generateContent,
// predictions[].bytesBase64Encoded of predict, response.videos[].bytesBase64Encoded for clips, steps[].content[].data and
// output_video.data of an interaction, and nowhere else.
// A small table that the scanner walks down while it reads; a `data` anywhere else is ordinary text.

/** The place of a container (object or array); `elsewhere` and everything below it holds no picture. */
export const places = {
  elsewhere: 0,
  root: 1,
  rootList: 2,
  envelope: 3,
  answer: 4,
  candidates: 5,
  candidate: 6,
  content: 7,
  parts: 8,
  part: 9,
  inlineData: 10,
  predictions: 11,
  prediction: 12,
  operation: 13,
  videos: 14,
  video: 15,
  steps: 16,
  step: 17,
  stepContents: 18,
  stepContent: 19,
} as const;
export type Place = (typeof places)[keyof typeof places];

interface Step {
  readonly from: Place;
  /** `null`: any element of an array, or the root. */
  readonly key: string | null;
  readonly opens: "{" | "[";
  readonly to: Place;
}

// `inline_data` is the spelling of proto field names, which Google's JSON accepts and some gateways send.
const steps: readonly Step[] = [
  { from: places.root, key: null, opens: "[", to: places.rootList },
  { from: places.root, key: null, opens: "{", to: places.answer },
  { from: places.rootList, key: null, opens: "{", to: places.answer },
  { from: places.envelope, key: "response", opens: "{", to: places.answer },
  { from: places.answer, key: "candidates", opens: "[", to: places.candidates },
  { from: places.candidates, key: null, opens: "{", to: places.candidate },
  { from: places.candidate, key: "content", opens: "{", to: places.content },
  { from: places.content, key: "parts", opens: "[", to: places.parts },
  { from: places.parts, key: null, opens: "{", to: places.part },
  { from: places.part, key: "inlineData", opens: "{", to: places.inlineData },
  { from: places.part, key: "inline_data", opens: "{", to: places.inlineData },
  { from: places.answer, key: "predictions", opens: "[", to: places.predictions },
  { from: places.predictions, key: null, opens: "{", to: places.prediction },
  // A finished operation of Vertex AI: response.videos[].bytesBase64Encoded.
  { from: places.answer, key: "response", opens: "{", to: places.operation },
  { from: places.operation, key: "videos", opens: "[", to: places.videos },
  { from: places.videos, key: null, opens: "{", to: places.video },
  // A finished interaction.
  { from: places.answer, key: "steps", opens: "[", to: places.steps },
  { from: places.steps, key: null, opens: "{", to: places.step },
  { from: places.step, key: "content", opens: "[", to: places.stepContents },
  { from: places.stepContents, key: null, opens: "{", to: places.stepContent },
  { from: places.answer, key: "output_video", opens: "{", to: places.stepContent },
];

/** The place of a container that opens inside `from` under `key` (`null` in an array or at the root). */
export function placeInside(from: Place, key: string | null, opens: "{" | "[", enveloped: boolean): Place {
  if (from === places.elsewhere) return places.elsewhere;
  const step = steps.find((each) => each.from === from && each.key === key && each.opens === opens);
  if (!step) return places.elsewhere;
  const isRoot = from === places.root || from === places.rootList;
  return enveloped && isRoot && step.to === places.answer ? places.envelope : step.to;
}

/** Whether a string under this key is the base64 of a picture or a clip. */
export function isPictureText(place: Place, key: string | null): boolean {
  if (key === "data") return place === places.inlineData || place === places.stepContent;
  return key === "bytesBase64Encoded" && (place === places.prediction || place === places.video);
}
