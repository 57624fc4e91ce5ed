// Path segments: ids made safe to stand in a URL's path.

/** The model's id for a path, without the `models/` that lists put before it: CLIProxyAPI does not strip it on POST. */
export function modelSegment(model: string): string {
  return encode(model.replace(/^models\//, ""));
}

/** The id of a file (`files/abc`) for a path. */
export function fileSegment(name: string): string {
  return encode(name.replace(/^files\//, ""));
}

/** A project id for a path. The colon of domain-scoped ids (`example.com:shop`) stays readable; Google takes both. */
export function projectSegment(projectId: string): string {
  return encode(projectId).replaceAll("%3A", ":");
}

/** Half a surrogate pair has no encoding and would throw: it becomes the replacement character. */
function encode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd"));
}
