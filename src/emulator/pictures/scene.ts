// A pleasant landscape whose colours and hills follow from the prompt, with the prompt written on it and the rehearsal band.
// Pure: text in, SVG out. Leaves pixels to raster.ts.

import { createHash } from "node:crypto";
import type { FontShelf } from "./font-shelf.ts";
import { drawThumbnailStrip } from "./thumbnail-strip.ts";
import type { Thumbnail } from "./thumbnails.ts";
import { layOutText, type TextLayout } from "./text-layout.ts";

/** What is to be drawn. */
export interface SceneSpec {
  readonly prompt: string;
  /** Small line under the prompt: model, ratio, size. */
  readonly caption: string;
  readonly width: number;
  readonly height: number;
  /** Reference pictures, shown at the foot of the scene. Default: none. */
  readonly thumbnails?: readonly Thumbnail[];
  /** What the scene is shown in. Default: a picture. */
  readonly medium?: "picture" | "clip";
}

/** The words that no rehearsal is without. */
const rehearsalNotice = { picture: "REHEARSAL — not a paid picture", clip: "REHEARSAL — not a paid clip" };

/** The SVG of a scene. The same spec gives the same text. */
export function drawScene(spec: SceneSpec, shelf: FontShelf): string {
  const { width, height } = spec;
  const backdrop = flatBackdrop(spec.prompt);
  const scene = drawWholeScene(spec, shelf);
  if (backdrop === null) return scene;
  // The scene stands free before the colour that was asked for, as a subject would.
  const [x, y] = [width * FREE_MARGIN, height * FREE_MARGIN].map(Math.round);
  const placed = scene.replace(
    / width="\d+" height="\d+"/,
    ` x="${x}" y="${y}" width="${width - 2 * (x ?? 0)}" height="${height - 2 * (y ?? 0)}"`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="${width}" height="${height}" fill="${backdrop}"/>`,
    placed,
    "</svg>",
  ].join("\n");
}

/** Of each side, around a scene on a flat backdrop. */
const FREE_MARGIN = 0.12;

/** The colour of a backdrop that the prompt calls flat: `flat, solid pure green (#00FF00)`. */
function flatBackdrop(prompt: string): string | null {
  return /\bflat\b[^.]*?(#[0-9a-f]{6})\b/i.exec(prompt)?.[1] ?? null;
}

function drawWholeScene(spec: SceneSpec, shelf: FontShelf): string {
  const { width, height } = spec;
  const random = seededRandom(`${spec.prompt}\u0000${spec.caption}`);
  const bandHeight = Math.max(Math.min(width, height) * 0.075, Math.sqrt(width * height) * 0.035);
  const sceneHeight = height - bandHeight;
  const strip = drawThumbnailStrip(spec.thumbnails ?? [], { width, height: sceneHeight }, (text, x, top, size) =>
    lines(
      layOutText(text, { widthPx: width, heightPx: size * 1.5, largestPx: size, smallestPx: size }, shelf),
      x,
      top,
      "#fff",
    ),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    landscape(width, sceneHeight, random),
    promptPanel(spec, sceneHeight - strip.heightPx, shelf),
    strip.svg,
    band(rehearsalNotice[spec.medium ?? "picture"], width, sceneHeight, bandHeight, shelf),
    "</svg>",
  ].join("\n");
}

type Random = () => number;

/** Numbers from 0 to 1 that follow from a text (mulberry32 over its hash). */
function seededRandom(text: string): Random {
  let state = createHash("sha256").update(text).digest().readUInt32LE(0);
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function landscape(width: number, height: number, random: Random): string {
  // Evening skies: blue to magenta above, orange to gold at the horizon.
  const hue = 205 + random() * 115;
  const glow = 8 + random() * 44;
  const horizon = height * (0.52 + random() * 0.12);
  const sunX = width * (0.18 + random() * 0.64);
  const sunRadius = Math.min(width, height) * (0.07 + random() * 0.06);
  // High enough to stand clear of the prompt in the middle.
  const sunY = Math.max(sunRadius * 1.2, height * (0.12 + random() * 0.1));
  const sky = `<linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${hsl(hue, 55, 22)}"/><stop offset="0.55" stop-color="${hsl(((hue + glow + 360) / 2) % 360, 50, 48)}"/><stop offset="1" stop-color="${hsl(glow, 80, 70)}"/></linearGradient>`;
  const halo = `<radialGradient id="halo"><stop offset="0" stop-color="${hsl(glow, 95, 88)}" stop-opacity="0.95"/><stop offset="0.25" stop-color="${hsl(glow, 95, 80)}" stop-opacity="0.45"/><stop offset="1" stop-color="${hsl(glow, 95, 75)}" stop-opacity="0"/></radialGradient>`;
  const layers = 5;
  const hills = Array.from({ length: layers }, (_, layer) => {
    const depth = layer / (layers - 1);
    const top = horizon + (height - horizon) * depth * 0.75;
    const swing = height * (0.05 + 0.05 * random()) * (1 + depth * 0.4);
    const colour = hsl((hue + 40 * (1 - depth)) % 360, 35 + 15 * depth, 42 - 32 * depth);
    return `<path d="${ridge(width, height, top, swing, random)}" fill="${colour}"/>`;
  });
  return [
    `<defs>${sky}${halo}</defs>`,
    `<rect width="${width}" height="${height}" fill="url(#sky)"/>`,
    stars(width, horizon, random),
    `<circle cx="${fixed(sunX)}" cy="${fixed(sunY)}" r="${fixed(sunRadius * 5)}" fill="url(#halo)"/>`,
    `<circle cx="${fixed(sunX)}" cy="${fixed(sunY)}" r="${fixed(sunRadius)}" fill="${hsl(glow, 100, 92)}"/>`,
    ...hills,
  ].join("\n");
}

/** A closed hill line made of a few sine waves. */
function ridge(width: number, height: number, top: number, swing: number, random: Random): string {
  const waves = [1, 2.3, 5.1].map((step) => ({
    step: step * (0.7 + random() * 0.9),
    phase: random() * 6.28,
    weight: 1 / step,
  }));
  const aspect = Math.min(6, Math.max(0.6, width / height));
  const steps = 48;
  const points = Array.from({ length: steps + 1 }, (_, index) => {
    const x = index / steps;
    const y = waves.reduce((sum, wave) => sum + Math.sin(x * wave.step * aspect * 4 + wave.phase) * wave.weight, 0);
    return `${fixed(x * width)} ${fixed(top - y * swing)}`;
  });
  return `M0 ${height} L${points.join(" L")} L${width} ${height} Z`;
}

function stars(width: number, horizon: number, random: Random): string {
  const radius = Math.sqrt(width * horizon) * 0.0014;
  return Array.from({ length: 60 }, () => {
    const y = random() * random() * horizon * 0.8;
    return `<circle cx="${fixed(random() * width)}" cy="${fixed(y)}" r="${fixed(radius * (0.5 + random()))}" fill="#fff" fill-opacity="${fixed(0.25 + random() * 0.5)}"/>`;
  }).join("");
}

function promptPanel(spec: SceneSpec, sceneHeight: number, shelf: FontShelf): string {
  const { width } = spec;
  const base = Math.sqrt(width * sceneHeight);
  const padding = Math.min(width, sceneHeight) * 0.05;
  const captionSize = Math.max(base * 0.018, 7);
  const box = {
    widthPx: Math.min(width * 0.88, base * 2.2) - padding * 2,
    heightPx: Math.min(sceneHeight * 0.86, base * 1.1) - padding * 2 - captionSize * 2,
    largestPx: Math.min(base * 0.072, sceneHeight * 0.2, width * 0.11),
    smallestPx: Math.max(base * 0.018, 8),
  };
  const layout = layOutText(spec.prompt, box, shelf);
  const captionBox = {
    widthPx: box.widthPx,
    heightPx: captionSize * 1.5,
    largestPx: captionSize,
    smallestPx: captionSize,
  };
  const caption = layOutText(spec.caption, captionBox, shelf);
  const textHeight = layout.lines.length * layout.lineHeightPx;
  const panelHeight = textHeight + captionSize * 2 + padding * 2;
  const panelWidth = Math.max(layout.widthPx, caption.widthPx) + padding * 2.4;
  const top = (sceneHeight - panelHeight) / 2;
  return [
    `<rect x="${fixed((width - panelWidth) / 2)}" y="${fixed(top)}" width="${fixed(panelWidth)}" height="${fixed(panelHeight)}" rx="${fixed(padding * 0.6)}" fill="#0b1020" fill-opacity="0.62"/>`,
    lines(layout, width / 2, top + padding, "#ffffff"),
    lines(caption, width / 2, top + padding + textHeight + captionSize * 0.6, "#d8deee"),
  ].join("\n");
}

/** Centred lines whose first line's box begins at `top`. Every run is placed by itself: see scripts.ts for the reason. */
function lines(layout: TextLayout, centreX: number, top: number, colour: string): string {
  const em = layout.fontSizePx / 1000;
  const texts = layout.lines.map((runs, index) => {
    const baseline = top + index * layout.lineHeightPx + layout.fontSizePx * 1.05;
    let x = centreX - (runs.reduce((sum, run) => sum + run.width, 0) * em) / 2;
    return runs
      .map((run) => {
        const at = x + run.offset * em;
        x += run.width * em;
        if (run.text.trim() === "") return "";
        return `<text x="${fixed(at)}" y="${fixed(baseline)}" font-family="${run.family}" xml:space="preserve">${escapeXml(run.text)}</text>`;
      })
      .join("");
  });
  return `<g font-size="${fixed(layout.fontSizePx)}" fill="${colour}">${texts.join("\n")}</g>`;
}

function band(notice: string, width: number, top: number, height: number, shelf: FontShelf): string {
  const box = { widthPx: width * 0.94, heightPx: height, largestPx: height * 0.56, smallestPx: 4 };
  const layout = layOutText(notice, box, shelf);
  const stripes = Array.from({ length: Math.ceil(width / height) + 2 }, (_, index) => {
    const x = (index - 1) * height;
    return `<path d="M${fixed(x)} ${fixed(top + height)} l${fixed(height)} ${fixed(-height)} h${fixed(height / 2)} l${fixed(-height)} ${fixed(height)} Z"/>`;
  }).join("");
  const plate = Math.min(width, layout.widthPx + height * 0.9);
  return [
    `<rect x="0" y="${fixed(top)}" width="${width}" height="${fixed(height)}" fill="#ffc400"/>`,
    `<g fill="#1a1a1a">${stripes}</g>`,
    `<rect x="${fixed((width - plate) / 2)}" y="${fixed(top)}" width="${fixed(plate)}" height="${fixed(height)}" fill="#ffc400"/>`,
    lines(layout, width / 2, top + (height - layout.fontSizePx * 1.4) / 2, "#1a1a1a"),
  ].join("\n");
}

/** A colour as #rrggbb: the renderer does not read fractions in hsl(). */
function hsl(hue: number, saturation: number, lightness: number): string {
  const light = lightness / 100;
  const reach = (saturation / 100) * Math.min(light, 1 - light);
  const channel = (shift: number): string => {
    const step = (shift + hue / 30) % 12;
    const value = light - reach * Math.max(-1, Math.min(step - 3, 9 - step, 1));
    return Math.round(255 * value)
      .toString(16)
      .padStart(2, "0");
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}

function fixed(number: number): string {
  return String(Math.round(number * 100) / 100);
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
