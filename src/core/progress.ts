// Progress: what the library tells while it works. Events, never text on a stream.

import type { ImageReport, StoredImageReport } from "./outcome.ts";
import type { Plan } from "./plan.ts";

export type ProgressEvent =
  | { readonly type: "planned"; readonly plan: Plan }
  /** Reference pictures go to the provider before the calls that show them: free, once for all pictures of the request. */
  | { readonly type: "uploading"; readonly image: number; readonly bytes: number; readonly totalBytes: number }
  /** A call goes out. `image` counts from 0, `attempt` from 1. */
  | { readonly type: "sending"; readonly image: number; readonly attempt: number }
  /** The answer's first byte is here. */
  | { readonly type: "answering"; readonly image: number }
  /** Picture bytes written so far for one image. */
  | { readonly type: "receiving"; readonly image: number; readonly bytes: number }
  /** Waiting before another attempt: why, and for how long. */
  | {
      readonly type: "waiting";
      readonly image: number;
      readonly attempt: number;
      readonly waitMs: number;
      readonly reason: string;
    }
  | { readonly type: "published"; readonly image: number; readonly report: ImageReport }
  /** Instead of `published`, where the provider leaves the picture in the caller's bucket. */
  | { readonly type: "stored"; readonly image: number; readonly report: StoredImageReport }
  | { readonly type: "failed"; readonly image: number; readonly message: string };

export type OnProgress = (event: ProgressEvent) => void;
