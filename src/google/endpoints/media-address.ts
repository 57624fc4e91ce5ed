// The address of a file's bytes. One of the Gemini API's without `alt=media` answers with what is known of the file, and a clip
// that is paid for would be taken for a broken one (bike4mind's provider sees to the same, 2026-09).

export function mediaAddress(url: URL): string {
  const isFile = /\/v1(?:beta|alpha)?\/files\/[^/]+$/.test(url.pathname);
  if (!isFile || url.searchParams.has("alt")) return url.href;
  const complete = new URL(url);
  complete.searchParams.set("alt", "media");
  return complete.href;
}
