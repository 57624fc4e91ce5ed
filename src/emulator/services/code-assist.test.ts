import { expect, test } from "vitest";
import { ask, eventsOf, messageOf, pictureRequest, picturesIn, useEmulator } from "../testing/asking.ts";

const emulator = useEmulator();
const token = { authorization: "Bearer ya29.any" };
const at = (method: string): string => `${emulator().url}/daily-cloudcode-pa.googleapis.com/v1internal:${method}`;
const envelope = { model: "gemini-3-pro-image", project: "p", user_prompt_id: "1", request: pictureRequest("A cat") };

test("an answer comes in the envelope, plain and streamed", async () => {
  const plain = await ask(at("generateContent"), envelope, token);
  expect(Object.keys(plain.json)).toEqual(["response", "traceId"]);
  expect(picturesIn(plain)).toHaveLength(1);
  const streamed = await ask(at("streamGenerateContent?alt=sse"), envelope, token);
  expect(eventsOf(streamed).every((event) => "response" in event)).toBe(true);
});

test("the request without its envelope is refused", async () => {
  const answer = await ask(at("generateContent"), pictureRequest("A cat"), token);
  expect(messageOf(answer)).toContain('Unknown name "contents": Cannot find field.');
});

test.each(["model", "project", "request"])("the envelope must have its %s", async (name) => {
  const answer = await ask(at("generateContent"), { ...envelope, [name]: undefined }, token);
  expect(answer.status).toBe(400);
  expect(messageOf(answer)).toContain(`${name} is required`);
});

test("the three fields that CLIProxyAPI adds are known", async () => {
  const body = { ...envelope, requestType: "image_gen", userAgent: "antigravity", requestId: "image_gen/1/x/12" };
  expect((await ask(at("generateContent"), body, token)).status).toBe(200);
});

test("a model that Code Assist lacks is 404", async () => {
  const answer = await ask(at("generateContent"), { ...envelope, model: "gemini-2.5-flash-image" }, token);
  expect([answer.status, messageOf(answer)]).toEqual([404, "Requested entity was not found."]);
});

test("the project is found by loadCodeAssist", async () => {
  const answer = await ask(at("loadCodeAssist"), { metadata: { ideType: "IDE_UNSPECIFIED" } }, token);
  expect(answer.json["cloudaicompanionProject"]).toBe(emulator().credentials.projectId);
});

test("a new user has no project until onboarding is done, at the second asking", async () => {
  const fresh = { authorization: "Bearer ya29.new-user" };
  const load = { metadata: { ideType: "IDE_UNSPECIFIED" } };
  expect(Object.keys((await ask(at("loadCodeAssist"), load, fresh)).json)).toEqual(["allowedTiers"]);
  expect((await ask(at("onboardUser"), { tierId: "free-tier" }, fresh)).json["done"]).toBe(false);
  const done = await ask(at("onboardUser"), { tierId: "free-tier" }, fresh);
  expect(done.json).toMatchObject({ done: true, response: { cloudaicompanionProject: { id: "emulator-project" } } });
  expect((await ask(at("loadCodeAssist"), load, fresh)).json["cloudaicompanionProject"]).toBe("emulator-project");
});

test("it is at the root too", async () => {
  expect((await ask(`${emulator().url}/v1internal:generateContent`, envelope, token)).status).toBe(200);
});
