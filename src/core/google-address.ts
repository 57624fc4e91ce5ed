// Whether an address that came in an answer is really Google's. Only such a one is handed on as advice: whoever answers in
// Google's place must not be able to send a user to a login page of its own.

export function isGoogleAddress(text: string): boolean {
  if (!text.startsWith("https://") || !URL.canParse(text)) return false;
  const { hostname, username, port } = new URL(text);
  return /^(?:[a-z0-9-]+\.)*google\.com$/.test(hostname) && username === "" && port === "";
}
