// A rehearsal's emulator, in the process that sends.

import type { Emulator } from "../emulator/index.ts";
import { createCatalogue } from "../google/models/catalogue.ts";

/** What is rehearsed is the command, not the login of somebody's proxy: it offers every image model there is. */
export async function startRehearsal(): Promise<Emulator> {
  const { startEmulator } = await import("../emulator/index.ts");
  const proxyModels = createCatalogue()
    .models.filter(
      ({ kind, runnable, lifeCycle }) =>
        kind === "image" && runnable && lifeCycle.generativelanguage?.retiredOn === undefined,
    )
    .map(({ id }) => id);
  return await startEmulator({ rehearsal: true, proxyModels, servesRetired: true });
}
