// A server with clips of 20 MB and no latency, in a process of its own: Vertex AI's answer with the clip in it, and the Gemini
// API with its Files API and a download. Takes what is uploaded and forgets it. Prints its address as one JSON line.
// With a folder as its argument it leaves a clip of 100 MB there, to be extended.

import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import h264 from "h264-mp4-encoder";

const [folder] = process.argv.slice(2);

/** Four pictures, a second each, and a box that players pass over. */
async function clipOf(bytes) {
  const encoder = await h264.createH264MP4Encoder();
  Object.assign(encoder, { width: 1280, height: 720, frameRate: 1, speed: 10, quantizationParameter: 40 });
  encoder.initialize();
  const frame = new Uint8Array((1280 * 720 * 3) / 2).fill(128);
  for (let second = 0; second < 4; second += 1) encoder.addFrameYuv(frame);
  encoder.finalize();
  const clip = Buffer.from(encoder.FS.readFile(encoder.outputFilename));
  encoder.delete();
  const box = Buffer.alloc(bytes - clip.length, 7);
  box.writeUInt32BE(box.length, 0);
  box.write("free", 4, "latin1");
  return Buffer.concat([clip, box]);
}

const clip = await clipOf(20_000_000);
const vertexAnswer = Buffer.from(
  JSON.stringify({
    name: "projects/p/locations/l/publishers/google/models/m/operations/1",
    done: true,
    response: { videos: [{ bytesBase64Encoded: clip.toString("base64"), mimeType: "video/mp4" }] },
  }),
);
if (folder !== undefined) writeFileSync(join(folder, "main.mp4"), await clipOf(100_000_000));

const server = createServer((request, response) => {
  const here = `http://127.0.0.1:${server.address().port}`;
  const say = (body, headers = {}, type = "application/json") => {
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
    response.writeHead(200, { "content-type": type, "content-length": bytes.length, ...headers });
    response.end(bytes);
  };
  const chunks = [];
  let bytes = 0;
  request.on("data", (chunk) => {
    bytes += chunk.length;
    if (bytes < 100_000) chunks.push(chunk);
  });
  request.on("end", () => {
    const { pathname, searchParams } = new URL(request.url, here);
    const command = request.headers["x-goog-upload-command"] ?? "";
    const length = searchParams.get("length") ?? String(request.headers["x-goog-upload-header-content-length"]);
    const name = searchParams.get("name") ?? "files/none";
    const file = { name, uri: `${here}/v1beta/${name}`, state: "ACTIVE", sizeBytes: length };
    if (command === "start") {
      const wanted = JSON.parse(Buffer.concat(chunks)).file.name;
      return say({}, { "x-goog-upload-url": `${here}/upload?name=${wanted}&length=${length}` });
    }
    if (command === "upload") return say({}, { "x-goog-upload-status": "active" });
    if (command !== "") return say({ file }, { "x-goog-upload-status": "final" });
    if (request.method === "DELETE") return say({});
    if (pathname.endsWith(":fetchPredictOperation")) return say(vertexAnswer);
    if (pathname.endsWith(":predictLongRunning")) {
      // Vertex AI's names begin with the model's place, the Gemini API's with the model.
      const [, resource] = /\/(projects\/.*|models\/[^/]*):predictLongRunning$/.exec(pathname) ?? [];
      const place = resource ?? pathname.replace(/^\/v1(?:beta1)?\//, "").replace(/:predictLongRunning$/, "");
      return say({ name: `${place}/operations/1` });
    }
    if (pathname.includes("/operations/")) {
      const generatedSamples = [{ video: { uri: `${here}/v1beta/files/clip:download?alt=media` } }];
      return say({ name: "x", done: true, response: { generateVideoResponse: { generatedSamples } } });
    }
    return say(clip, {}, "video/mp4");
  });
});
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${server.address().port}` })}\n`);
});
