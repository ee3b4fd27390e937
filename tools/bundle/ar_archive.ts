/** A member of an archive. */
export interface ArMember {
  readonly name: string;
  readonly content: Uint8Array<ArrayBuffer>;
}

/** What every archive starts with. */
const MAGIC = "!<arch>\n";
/** Bytes of the header in front of each member. */
const HEADER = 60;

/**
 * An archive in the common format of Unix's `ar`, as Debian packages are (deb(5)). Dates and owners are 0, so that the same
 * content gives the same bytes.
 */
export function arArchive(members: readonly ArMember[]): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const parts = [encoder.encode(MAGIC)];
  for (const { name, content } of members) {
    const fields = [
      name.padEnd(16),
      "0".padEnd(12),
      "0".padEnd(6),
      "0".padEnd(6),
      "100644".padEnd(8),
    ];
    parts.push(
      encoder.encode(`${fields.join("")}${String(content.length).padEnd(10)}\`\n`),
      content,
    );
    if (content.length % 2 === 1) parts.push(encoder.encode("\n"));
  }
  return joinBytes(parts);
}

/** Where the content of the member at `index` starts, counted from 0. */
export function offsetOf(members: readonly ArMember[], index: number): number {
  const before = members.slice(0, index).reduce(
    (sum, { content: { length } }) => sum + HEADER + length + length % 2,
    0,
  );
  return MAGIC.length + before + HEADER;
}

/** One array of all bytes. */
export function joinBytes(parts: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
