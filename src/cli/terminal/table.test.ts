import { expect, test } from "vitest";
import { formatTable } from "./table.ts";

test("columns line up in cells, cells stay on one line, and nothing trails", () => {
  const text = formatTable(
    ["name", "n"],
    [
      ["แมวน้ำ", "1"],
      ["fox\u001b[31m\n2", ""],
    ],
  );
  expect(text).toBe("name   n\nแมวน้ำ  1\nfox 2\n");
});
