// What a dead sender has left in the caller's bucket: recovery finds it done, and loses neither its address nor its price.

import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { createCatalogue } from "../google/models/catalogue.ts";
import {
  answer,
  clearAway,
  newFolder,
  newLedger,
  OWNER,
  reserveCall,
  setClock,
} from "../spend/ledger/testing/fixture.ts";
import { recoverOperations } from "./recover.ts";

afterEach(clearAway);

test("a clip whose address was recorded is captured, and told by its address", async () => {
  const directory = join(newFolder(), "ledger");
  const clock = setClock();
  const ledger = await newLedger({ directory, clock });
  const uri = "gs://my-bucket/clips/1/sample_0.mp4";
  const call = reserveCall(ledger);
  ledger.markSent(call, OWNER);
  ledger.markAnswered(call, { ...answer, spoolPath: null, responseId: uri });
  const input = {
    ledger,
    ledgerDirectory: directory,
    spoolDirectory: newFolder(),
    catalogue: createCatalogue(),
    clock,
  };
  const recovery = await recoverOperations({ ...input, random: () => 0.5 });
  expect(recovery).toMatchObject({
    published: [{ path: uri }],
    unpublished: [],
    unknown: [],
  });
  expect(ledger.history({ limit: 1 })).toMatchObject([
    { state: "captured", images: [{ state: "captured", path: null, uri, error: null }] },
  ]);
});
