// The emulator's own pages under /emulator: planned faults, the log, the bill, the issued credentials.
// Not part of any Google service; nothing here is logged or billed.

import { parseBody } from "../call.ts";
import type { FaultPlan } from "../faults/fault-plan.ts";
import { readPlannedFaults } from "../faults/fault-reading.ts";
import type { EmulatorCredentials } from "../issued-credentials.ts";
import { asJson } from "../json.ts";
import { jsonReply, type Reply } from "../reply.ts";
import type { RequestLog } from "../request-log.ts";

/** What the pages show and change. */
export interface ControlContext {
  readonly plan: FaultPlan;
  readonly log: RequestLog;
  readonly credentials: EmulatorCredentials;
}

/** Answers a request to the emulator's own pages. */
export function answerControl(httpMethod: string, path: string, body: Buffer, context: ControlContext): Reply {
  const page = path.replace(/\/$/, "");
  switch (`${httpMethod} ${page}`) {
    case "GET ":
      return jsonReply(200, {
        emulator: "image-gen",
        pages: [
          "/emulator/faults",
          "/emulator/requests",
          "/emulator/bill",
          "/emulator/credentials",
          "/emulator/credentials/service-account",
        ],
      });
    case "GET /faults":
      return jsonReply(200, asJson(context.plan.report()));
    case "POST /faults":
      return planFaults(body, context);
    case "DELETE /faults":
      context.plan.clear();
      return jsonReply(200, asJson(context.plan.report()));
    case "GET /requests":
      return jsonReply(200, asJson({ requests: context.log.requests() }));
    case "DELETE /requests":
      context.log.clear();
      return jsonReply(200, asJson({ requests: [] }));
    case "GET /bill":
      return jsonReply(200, asJson(context.log.bill()));
    case "GET /credentials": {
      const {
        proxyKey,
        apiKey,
        authKey,
        vertexKey,
        accessToken,
        narrowToken,
        expiredToken,
        projectId,
        authorizedUser,
      } = context.credentials;
      return jsonReply(
        200,
        asJson({
          proxyKey,
          apiKey,
          authKey,
          vertexKey,
          accessToken,
          narrowToken,
          expiredToken,
          projectId,
          authorizedUser,
        }),
      );
    }
    case "GET /credentials/service-account":
      return jsonReply(200, asJson(context.credentials.serviceAccountKey));
    default:
      return jsonReply(404, { error: `the emulator has no page ${httpMethod} /emulator${page}` });
  }
}

function planFaults(body: Buffer, context: ControlContext): Reply {
  const document = parseBody(body);
  if (document === undefined) return jsonReply(400, { error: "the body is not JSON" });
  const { faults, problems } = readPlannedFaults(document);
  if (problems.length > 0) return jsonReply(400, { error: "the plan was not taken", problems: [...problems] });
  context.plan.add(faults);
  return jsonReply(200, asJson(context.plan.report()));
}
