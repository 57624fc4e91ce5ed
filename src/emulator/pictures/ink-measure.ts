// How wide a shaped stretch of text is when drawn, asked of the renderer itself, for the scripts where the sum of the
// letters' widths says nothing. Leaves everything else to the font's own table.

/** Extent of drawn ink in thousandths of an em. */
export interface Ink {
  /** Distance from the drawing position to the ink's left edge; may be negative. */
  readonly left: number;
  readonly width: number;
}

/** Measures a text in one font. */
export type InkMeasure = (text: string, family: string, file: string) => Ink;

/** The part of resvg that is needed here. */
export interface InkRenderer {
  new (
    svg: string,
    options: { font: { loadSystemFonts: boolean; fontFiles: string[]; defaultFontFamily: string }; logLevel: "off" },
  ): { getBBox(): { readonly x: number; readonly width: number } | undefined };
}

const scale = 100;

/** A measure with a memory of its own. */
export function createInkMeasure(Renderer: InkRenderer): InkMeasure {
  const memory = new Map<string, Ink>();
  return (text, family, file) => {
    const key = `${family}\u0000${text}`;
    const known = memory.get(key);
    if (known !== undefined) return known;
    const escaped = text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="9000" height="400"><text x="${scale}" y="200" font-size="${scale}" font-family="${family}" xml:space="preserve">${escaped}</text></svg>`;
    const box = new Renderer(svg, {
      font: { loadSystemFonts: false, fontFiles: [file], defaultFontFamily: family },
      logLevel: "off",
    }).getBBox();
    const ink =
      box === undefined
        ? { left: 0, width: 0 }
        : { left: ((box.x - scale) * 1000) / scale, width: (box.width * 1000) / scale };
    memory.set(key, ink);
    return ink;
  };
}
