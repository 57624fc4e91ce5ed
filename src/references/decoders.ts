// Which of libvips' decoders may be used at all. What reaches the decoder was recognised before; this is the second lock.

/** PNG, JPEG, WebP, GIF, and HEIF for AVIF. */
const USED = ["Png", "Jpeg", "Webp", "Nsgif", "Heif"];

/**
 * Closes every other decoder for the whole process, also for whoever else uses sharp in it. For programs that own their process.
 */
export async function closeOtherDecoders(): Promise<void> {
  const { default: sharp } = await import("sharp");
  sharp.block({ operation: ["VipsForeignLoad"] });
  sharp.unblock({ operation: USED.map((name) => `VipsForeignLoad${name}`) });
}
