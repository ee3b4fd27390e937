import { SECURITY_HEADERS } from "./security_headers.ts";

/** A file of the dashboard, ready to be sent. */
export class Asset {
  readonly #type: string;
  readonly #text: string;
  #packed:
    | Promise<{ tag: string; plain: Uint8Array<ArrayBuffer>; gzip: Uint8Array<ArrayBuffer> }>
    | undefined;

  constructor(type: string, text: string) {
    this.#type = type;
    this.#text = text;
  }

  /** Answers a request for it; with 304 when the browser has it. */
  async answer(request: { header: (name: string) => string | undefined }): Promise<Response> {
    this.#packed ??= pack(this.#text);
    const { tag, plain, gzip } = await this.#packed;
    const headers: Record<string, string> = {
      ...SECURITY_HEADERS,
      "content-type": this.#type,
      "cache-control": "no-cache",
      "vary": "accept-encoding",
      "etag": tag,
    };
    if (request.header("if-none-match") === tag) {
      return new Response(null, { status: 304, headers });
    }
    const packed = /\bgzip\b/.test(request.header("accept-encoding") ?? "");
    if (packed) headers["content-encoding"] = "gzip";
    return new Response(packed ? gzip : plain, { headers });
  }
}

async function pack(text: string) {
  const plain = new TextEncoder().encode(text);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", plain)).toHex().slice(0, 16);
  const stream = new Blob([plain]).stream().pipeThrough(new CompressionStream("gzip"));
  const gzip = new Uint8Array(await new Response(stream).arrayBuffer());
  // Weak: the same for both encodings.
  return { tag: `W/"${hash}"`, plain, gzip };
}
