// The door of the room: what the library, the command line and later rooms use.

export { createImageGen, type ImageGen } from "./create-image-gen.ts";
export type { Credentials, GenerateContext, ImageGenOptions, RehearsalEmulator } from "./options.ts";
export type { Recovery } from "./recover.ts";
export { createVideoGen } from "./clip/create-video-gen.ts";
