// Plain progress: one line for what is worth a line, for logs and pipes. No control codes, nothing redrawn.

import { formatUsd } from "../../core/money.ts";
import type { ProgressEvent } from "../../core/progress.ts";
import { plainText } from "../../core/redaction.ts";
import { counted, formatBytes, formatDuration, priceEach } from "../reports/amounts.ts";

/** The line for an event, or `null` when it deserves none. `verbose` adds attempts. */
// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive, which TypeScript checks
export function plainLine(event: ProgressEvent, verbose: boolean): string | null {
  switch (event.type) {
    case "planned": {
      const { plan } = event;
      const { count } = plan.request;
      const sum = count === 1 ? "" : `, ${formatUsd(plan.cost.estimatedMicroUsd)} for ${count}`;
      const free = plan.rehearsal
        ? " - a rehearsal: nothing is paid"
        : " - list price; this route is not billed per image";
      return `Generating ${counted(count, "image")} with ${plainText(plan.route.model)}, ${priceEach(plan.cost.perImageMicroUsd)}${sum}${plan.cost.metered ? "" : free}`;
    }
    case "uploading":
      return event.bytes === 0
        ? `Image ${event.image + 1}: uploading reference pictures, ${formatBytes(event.totalBytes)}`
        : null;
    case "sending":
      return verbose ? `Image ${event.image + 1}: sending, attempt ${event.attempt}` : null;
    case "answering":
      return verbose ? `Image ${event.image + 1}: the answer has begun` : null;
    case "receiving":
      return null;
    case "waiting":
      return `Image ${event.image + 1}: next attempt in ${formatDuration(event.waitMs + 999)}: ${plainText(event.reason)}`;
    case "published": {
      const { bytes, width, height, mimeType } = event.report;
      return `Image ${event.image + 1}: saved, ${formatBytes(bytes)}, ${width} x ${height}, ${mimeType}`;
    }
    case "stored":
      return `Image ${event.image + 1}: left at ${plainText(event.report.uri)}`;
    case "failed":
      return `Image ${event.image + 1}: ${plainText(event.message)}`;
  }
}
