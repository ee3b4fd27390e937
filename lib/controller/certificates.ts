import type * as X509 from "@peculiar/x509";
import { tryParseAddress } from "../model/address.ts";
import { CONTROLLER_NAME } from "../model/controller_name.ts";
import type { Authority } from "../store/authority.ts";

const DAY_MS = 86_400_000;
const KEY = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** The CA is pinned by every agent, so it must outlive them. */
const CA_DAYS = 20 * 365;

/** Machines whose clocks are behind must accept it too. */
const BACKDATE_DAYS = 7;

/** What a certificate is made for. */
export interface CertificateRequest {
  readonly authority: Authority;
  /** Names and addresses that it is good for, besides {@link CONTROLLER_NAME}. */
  readonly names: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly days: number;
}

/** The library is large: it is loaded only where a certificate is made. */
async function load(): Promise<typeof X509> {
  await import("reflect-metadata");
  return await import("@peculiar/x509");
}

/** Makes a CA for one mesh. `now` is in milliseconds since 1970. */
export async function makeAuthority(now: number): Promise<Authority> {
  const x509 = await load();
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: "CN=meshover CA",
    ...lifetime(now, CA_DAYS),
    keys,
    signingAlgorithm: KEY,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { cert: certificate.toString("pem"), key: await pemOf(x509, keys.privateKey) };
}

/** Makes a certificate for a controller; `cert` holds the CA's too, so that who knows its fingerprint can find it. */
export async function issueCertificate(request: CertificateRequest): Promise<Authority> {
  const x509 = await load();
  const { authority, names, now, days } = request;
  const ca = new x509.X509Certificate(authority.cert);
  const der = x509.PemConverter.decodeFirst(authority.key);
  const signingKey = await crypto.subtle.importKey("pkcs8", der, KEY, false, ["sign"]);
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: "CN=meshover controller",
    issuer: ca.subject,
    ...lifetime(now, days),
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: KEY,
    extensions: [
      new x509.SubjectAlternativeNameExtension([CONTROLLER_NAME, ...names].map(alternativeName)),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      await x509.AuthorityKeyIdentifierExtension.create(ca, false),
    ],
  });
  return {
    cert: `${certificate.toString("pem")}\n${authority.cert}\n`,
    key: await pemOf(x509, keys.privateKey),
  };
}

/** SHA-256 of the certificate, `sha256:` and 64 hexadecimal digits: what agents pin. */
export async function fingerprint(pem: string): Promise<string> {
  const base64 = pem.replace(/-----[A-Z ]+-----|\s/g, "");
  const digest = await crypto.subtle.digest("SHA-256", Uint8Array.fromBase64(base64));
  return `sha256:${new Uint8Array(digest).toHex()}`;
}

function newKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(KEY, true, ["sign", "verify"]) as Promise<CryptoKeyPair>;
}

async function pemOf(x509: typeof X509, key: CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await crypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
}

function lifetime(now: number, days: number): { notBefore: Date; notAfter: Date } {
  return {
    notBefore: new Date(now - BACKDATE_DAYS * DAY_MS),
    notAfter: new Date(now + days * DAY_MS),
  };
}

/** 127 random bits: positive, as RFC 5280 §4.1.2.2 wants it. */
function serial(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[0] = bytes[0]! & 0x7f | 0x40;
  return bytes.toHex();
}

function alternativeName(name: string): { type: "ip" | "dns"; value: string } {
  return { type: tryParseAddress(name) === undefined ? "dns" : "ip", value: name };
}
