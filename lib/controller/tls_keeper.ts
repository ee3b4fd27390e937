import { InputError, messageOf } from "../model/errors.ts";
import { keepAuthority, readAuthority } from "../store/authority.ts";
import type { Database } from "../store/database.ts";
import { fingerprint, issueCertificate, makeAuthority } from "./certificates.ts";
import type { TlsPair } from "./listener.ts";

/** Where a certificate comes from. */
export interface TlsSource {
  /** A certificate to serve with, fresh whenever it is asked. */
  readonly pair: () => Promise<TlsPair>;
  /** Fingerprint of the CA that agents pin; null when the operator brought the certificate. */
  readonly caFingerprint: string | null;
  /** Whether the certificate in use should be replaced now. */
  readonly isDue: (usedSinceMs: number) => Promise<boolean>;
}

/** Days that a certificate is good for, and after which it is replaced. */
const DAYS = 90;
const RENEW_AFTER_MS = 60 * 86_400_000;

/** Certificates from the mesh's own CA, which is made when there is none. @throws {DatabaseError} */
export async function ownTls(options: {
  database: Database;
  names: readonly string[];
  now: () => number;
  /** For tests: how long a certificate is used. */
  renewAfterMs?: number;
}): Promise<TlsSource> {
  const { database, names, now } = options;
  const authority = await database.read(readAuthority) ?? await establish(database, now());
  return {
    caFingerprint: await fingerprint(authority.cert),
    pair: () => issueCertificate({ authority, names, now: now(), days: DAYS }),
    isDue: (usedSinceMs) =>
      Promise.resolve(now() - usedSinceMs >= (options.renewAfterMs ?? RENEW_AFTER_MS)),
  };
}

/** Several controllers may start at once on an empty database: the first CA stands. */
async function establish(database: Database, now: number): Promise<{ cert: string; key: string }> {
  const fresh = await makeAuthority(now);
  return await database.write((tx) => keepAuthority(tx, fresh));
}

/** The operator's certificate, read again whenever a file changed. @throws {InputError} when a file cannot be read. */
export async function fileTls(files: { cert: string; key: string }): Promise<TlsSource> {
  let shown = "";
  const read = async (): Promise<TlsPair> => ({
    cert: await readPem(files.cert),
    key: await readPem(files.key),
  });
  const source = {
    caFingerprint: null,
    pair: async () => {
      const pair = await read();
      shown = pair.cert + pair.key;
      return pair;
    },
    isDue: async () => {
      const { cert, key } = await read();
      return cert + key !== shown;
    },
  };
  await source.pair();
  return source;
}

async function readPem(path: string): Promise<string> {
  try {
    const text = await Deno.readTextFile(path);
    if (text.includes("-----BEGIN ")) return text;
  } catch (error) {
    throw new InputError(`Cannot read "${path}": ${messageOf(error)}`);
  }
  throw new InputError(`"${path}" is not PEM; expected a file that begins with -----BEGIN`);
}
