import { Refusal } from "../model/refusal.ts";

/** Limits of a request body. */
export interface BodyLimits {
  readonly maxBytes: number;
  /** Longest time from the first to the last byte, milliseconds. */
  readonly maxMs: number;
}

/**
 * Reads a JSON body.
 * @throws {Refusal} 400, 408, 413 or 415 for a body that cannot be taken.
 */
export async function readJson(request: Request, limits: BodyLimits): Promise<unknown> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw refusal(415, "body_type", "this call takes a body of type application/json");
  }
  if (Number(request.headers.get("content-length") ?? 0) > limits.maxBytes) throw tooLarge(limits);
  const bytes = await readBytes(request, limits);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw refusal(400, "body_invalid", "the body is not JSON in UTF-8");
  }
}

async function readBytes(request: Request, limits: BodyLimits): Promise<Uint8Array> {
  if (request.body === null) return new Uint8Array();
  const reader = request.body.getReader();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () =>
      late.reject(
        refusal(408, "body_slow", `the body did not arrive within ${limits.maxMs / 1000} s`),
      ),
    limits.maxMs,
  );
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    while (true) {
      const { done, value } = await Promise.race([reader.read(), late.promise]);
      if (done) return joined(chunks, size);
      size += value.length;
      if (size > limits.maxBytes) throw tooLarge(limits);
      chunks.push(value);
    }
  } catch (error) {
    await reader.cancel().catch(() => {});
    throw error instanceof Refusal ? error : refusal(400, "body_broken", "the body broke off");
  } finally {
    clearTimeout(timer);
  }
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const all = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

function tooLarge(limits: BodyLimits): Refusal {
  return refusal(413, "body_too_large", `the body is larger than ${limits.maxBytes} bytes`);
}

function refusal(status: number, code: string, detail: string): Refusal {
  return new Refusal({ status, code, detail });
}
