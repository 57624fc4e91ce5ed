// The scope that tokens are asked for.

/** The one scope that all four endpoints take. Source: google-apis facts §9.1, 2026-11-22. */
export const CLOUD_PLATFORM_SCOPE = "https://www.googleapis.com/auth/cloud-platform";
