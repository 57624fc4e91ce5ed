// The pixel tables of the fact sheet (google-apis facts §2.2, official page copy of 2026-02-28), typed out.

import { expect, test } from "vitest";
import { createCatalogue } from "./catalogue.ts";
import type { Model, Size } from "./model.ts";
import { pixelsFor } from "./pixels.ts";

const catalogue = createCatalogue();

function model(id: string): Model {
  const found = catalogue.find(id);
  if (!found) throw new Error(`There is no ${id}.`);
  return found.model;
}

// 21:9 at 512 is 792×168 on the page, which is no 21:9: 792×336 is meant.
const gemini3 = `
1:1  512×512   1024×1024 2048×2048 4096×4096
2:3  424×632   848×1264  1696×2528 3392×5056
3:2  632×424   1264×848  2528×1696 5056×3392
3:4  448×600   896×1200  1792×2400 3584×4800
4:3  600×448   1200×896  2400×1792 4800×3584
4:5  464×576   928×1152  1856×2304 3712×4608
5:4  576×464   1152×928  2304×1856 4608×3712
9:16 384×688   768×1376  1536×2752 3072×5504
16:9 688×384   1376×768  2752×1536 5504×3072
21:9 792×336   1584×672  3168×1344 6336×2688
1:4  256×1024  512×2048  1024×4096 2048×8192
4:1  1024×256  2048×512  4096×1024 8192×2048
1:8  192×1536  384×3072  768×6144  1536×12288
8:1  1536×192  3072×384  6144×768  12288×1536`;

const gemini25 = `
1:1 1024×1024
2:3 832×1248
3:2 1248×832
3:4 864×1184
4:3 1184×864
4:5 896×1152
5:4 1152×896
9:16 768×1344
16:9 1344×768
21:9 1536×672`;

const imagen4 = `
1:1  1024×1024 2048×2048
3:4  896×1280  1792×2560
4:3  1280×896  2560×1792
9:16 768×1408  1536×2816
16:9 1408×768  2816×1536`;

interface Cell {
  readonly ratio: string;
  readonly size: string;
}

/** One row for each cell: ratio, size, what stands there. */
function cells(table: string, sizes: readonly Size[]) {
  return table
    .trim()
    .split("\n")
    .flatMap((line) => {
      const [ratio = "", ...entries] = line.split(/ +/);
      return sizes.map((size, column) => ({ ratio, size, pixels: entries[column] ?? "" }));
    });
}

const all = cells(gemini3, ["512", "1K", "2K", "4K"]);
const isUsual = ({ ratio }: Cell) => !/^1:[48]$|^[48]:1$/.test(ratio);

const drawn = (id: string, ratio: string, size: Size): string => {
  const found = pixelsFor(model(id), ratio, size);
  return found ? `${found.width}×${found.height}` : "none";
};

test.each(all)("gemini-3.1-flash-image $ratio $size is $pixels", ({ ratio, size, pixels }) => {
  expect(drawn("gemini-3.1-flash-image", ratio, size)).toBe(pixels);
});

const byName = (a: Cell, b: Cell): number => `${a.size} ${a.ratio}`.localeCompare(`${b.size} ${b.ratio}`);

test.each([
  ["gemini-3-pro-image", all.filter((cell) => cell.size !== "512" && isUsual(cell))],
  ["gemini-nano-banana-2.1", all.filter(({ size }) => size !== "512")],
  ["gemini-3.1-flash-lite-image", all.filter(({ size }) => size === "1K")],
  ["gemini-2.5-flash-image", cells(gemini25, ["1K"])],
  ["imagen-4.0-ultra-generate-001", cells(imagen4, ["1K", "2K"])],
])("%s draws exactly its cells of the table", (id, wanted) => {
  const { ratios, sizes } = model(id);
  const own = sizes.flatMap((size) => ratios.map((ratio) => ({ ratio, size, pixels: drawn(id, ratio, size) })));
  expect(own.toSorted(byName)).toEqual(wanted.toSorted(byName));
});
