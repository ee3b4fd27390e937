/** A whole number from 0 to `below` - 1 from the system's randomness, all equally likely. */
export function draw(below: bigint): bigint {
  // 192 bits for numbers of at most 128: what the division favours is less than one in 2^64.
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return BigInt(`0x${bytes.toHex()}`) % below;
}

/** 32 random bytes in hexadecimal. */
export function randomHex(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toHex();
}
