import { createHash, X509Certificate } from "node:crypto";
import { connect, type DetailedPeerCertificate, type TLSSocket } from "node:tls";
import { CONTROLLER_NAME } from "../model/controller_name.ts";
import type { ControllerCa } from "./controller_ca.ts";

/** Longest wait for the other side to hang up, milliseconds. */
const HANG_UP_MS = 1_000;

/** Where to connect. */
export interface SocketTarget {
  readonly hostname: string;
  readonly port: number;
}

/** Longest handshake, milliseconds. */
const HANDSHAKE_MS = 10_000;

/**
 * A TLS connection to a controller whose certificate was signed by one CA and no other.
 *
 * Deno adds `ca` to the roots that it trusts anyway, so after the ordinary verification the signature of the certificate
 * is checked against the pinned CA alone. Nothing is sent before that.
 */
export async function pinnedSocket(target: SocketTarget, pem: string): Promise<TLSSocket> {
  const socket = await handshake(target, { ca: [pem], rejectUnauthorized: true });
  const leaf = new X509Certificate(socket.getPeerCertificate(true).raw);
  if (leaf.verify(new X509Certificate(pem).publicKey)) return socket;
  await hangUp(socket);
  throw new Error("its certificate does not come from the pinned CA");
}

/**
 * The pinned CA's certificate in PEM. One of which only the fingerprint is known is asked from whoever answers: what
 * matches the fingerprint is it, whoever sent it; nothing else of this connection is believed.
 */
export async function findCa(target: SocketTarget, ca: ControllerCa): Promise<string> {
  if (ca.kind === "certificate") return ca.pem;
  const { sha256 } = ca;
  const socket = await handshake(target, { rejectUnauthorized: false });
  const chain = certificatesOf(socket.getPeerCertificate(true));
  await hangUp(socket);
  const found = chain.find((certificate) => sha256Of(certificate.raw) === sha256);
  if (found !== undefined) return new X509Certificate(found.raw).toString();
  throw new Error(
    "its certificate does not come from the pinned CA; if the CA was changed on purpose, pin the new one",
  );
}

function sha256Of(der: Uint8Array): string {
  return createHash("sha256").update(der).digest("hex");
}

/** Ends a connection in order, so that the other side does not see it break off. */
function hangUp(socket: TLSSocket): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(() => socket.destroy(), HANG_UP_MS);
  socket.once("close", () => {
    clearTimeout(timer);
    resolve();
  });
  // Nothing is read from it, but without a reader the other side's end is never noticed.
  socket.resume();
  socket.end();
  return promise;
}

function certificatesOf(first: DetailedPeerCertificate): DetailedPeerCertificate[] {
  const chain: DetailedPeerCertificate[] = [];
  for (
    let next = first;
    next?.raw !== undefined && !chain.includes(next);
    next = next.issuerCertificate
  ) {
    chain.push(next);
  }
  return chain;
}

function handshake(
  target: SocketTarget,
  options: { ca?: string[]; rejectUnauthorized: boolean },
): Promise<TLSSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
  const socket = connect({
    host: target.hostname,
    port: target.port,
    servername: CONTROLLER_NAME,
    ...options,
  });
  const timer = setTimeout(() => {
    socket.destroy();
    reject(new Error(`no TLS handshake in ${HANDSHAKE_MS / 1000} s`));
  }, HANDSHAKE_MS);
  socket.once("secureConnect", () => {
    clearTimeout(timer);
    resolve(socket);
  });
  // Kept for good: a socket that fails after it was given up must not end the program.
  socket.on("error", (error) => {
    clearTimeout(timer);
    reject(error);
  });
  return promise;
}
