import { createHash, timingSafeEqual } from "node:crypto";

/**
 * SHA-256 in hexadecimal. Enough for what is hashed here: secrets of 256 random bits, which no dictionary holds. Not by Web
 * Crypto, which hands each text to another thread: with ten thousand nodes that was a quarter of the controller's work.
 */
export function sha256Hex(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Whether two texts are equal, in a time that tells nothing about where they differ. */
export function equalInConstantTime(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
