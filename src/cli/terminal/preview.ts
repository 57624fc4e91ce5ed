// Preview: the picture itself in terminals that can show one. kitty's graphics protocol and iTerm2's inline images.
// Sources: sw.kovidgoyal.net/kitty/graphics-protocol (2026-11), iterm2.com/documentation-images.html (2026-11).

export type PreviewProtocol = "kitty" | "iterm2";

/** The protocol that the terminal is known to speak; `null` inside tmux and screen, which swallow it. */
export function previewProtocol(environment: Readonly<Record<string, string | undefined>>): PreviewProtocol | null {
  const terminal = environment["TERM"] ?? "";
  const program = environment["TERM_PROGRAM"] ?? "";
  if (environment["TMUX"] || environment["STY"] || /^(screen|tmux|dumb)/.test(terminal)) return null;
  if (environment["KITTY_WINDOW_ID"] || terminal === "xterm-kitty" || program === "ghostty") return "kitty";
  if (program === "iTerm.app" || program === "WezTerm") return "iterm2";
  return null;
}

// Largest piece of one kitty escape sequence, as its protocol says.
const KITTY_PIECE = 4096;

/** The control codes that show a PNG at the cursor, ending with a line break. */
export function previewCodes(protocol: PreviewProtocol, png: Uint8Array): string {
  const base64 = Buffer.from(png.buffer, png.byteOffset, png.byteLength).toString("base64");
  if (protocol === "iterm2") {
    return `\u001b]1337;File=inline=1;size=${png.byteLength};preserveAspectRatio=1:${base64}\u0007\n`;
  }
  let codes = "";
  for (let at = 0; at < base64.length; at += KITTY_PIECE) {
    const more = at + KITTY_PIECE < base64.length ? 1 : 0;
    // q=2: the terminal answers nothing, for nobody here would read the answer.
    const keys = at === 0 ? `a=T,f=100,q=2,m=${more}` : `m=${more}`;
    codes += `\u001b_G${keys};${base64.slice(at, at + KITTY_PIECE)}\u001b\\`;
  }
  return `${codes}\n`;
}

/** Longest side of a preview in pixels. */
const PREVIEW_PIXELS = 480;

/** Reads a picture and makes it small. `null` when it cannot be read: a preview is never worth a failure. */
export async function shrinkForPreview(path: string): Promise<Uint8Array | null> {
  try {
    const { default: sharp } = await import("sharp");
    return await sharp(path)
      .resize(PREVIEW_PIXELS, PREVIEW_PIXELS, { fit: "inside", withoutEnlargement: true })
      .png()
      .toBuffer();
  } catch {
    return null;
  }
}
