/** SHA-256 in hexadecimal. Enough for what is hashed here: secrets of 256 random bits, which no dictionary holds. */
export async function sha256Hex(text: string): Promise<string> {
  return new Uint8Array(await digest(text)).toHex();
}

/** Whether two texts are equal, in a time that tells nothing about where they differ. */
export async function equalInConstantTime(a: string, b: string): Promise<boolean> {
  const [x, y] = [new Uint8Array(await digest(a)), new Uint8Array(await digest(b))];
  let difference = 0;
  for (let i = 0; i < x.length; i++) difference |= x[i]! ^ y[i]!;
  return difference === 0;
}

function digest(text: string): Promise<ArrayBuffer> {
  return crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
}
