// How large a reference picture is of use, for all models.

/**
 * Longer sides are scaled down by Google itself before the model sees the picture: 3072 pixels. Source: ai.google.dev,
 * "Explore vision capabilities", technical details, 2025; the pages of Gemini 3 give tokens and no pixels.
 */
export const REFERENCE_LONGEST_SIDE = 3072;

/**
 * Largest picture inside a request on Vertex AI, 7 MB for each. Source: docs.cloud.google.com, "Image understanding",
 * row Gemini 3 Pro Image, 2026. The Gemini API gives no limit of its own.
 */
export const REFERENCE_MOST_BYTES = 7_000_000;
