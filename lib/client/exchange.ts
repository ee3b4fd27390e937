import type { z } from "zod";
import { problemSchema } from "../model/problem.ts";
import { messageOf } from "../model/errors.ts";
import type { CredentialKind, Route } from "../model/routes.ts";
import type { ControllerUrl } from "./controller_url.ts";
import { ProblemError } from "./problem_error.ts";

/** The part of `fetch` that the client uses. */
export type FetchLike = (input: string, init: RequestInit) => Promise<Response>;

/** Who calls. */
export type Credential =
  | { readonly kind: "none" }
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "node"; readonly secret: string }
  | { readonly kind: "admin"; readonly password: string };

/** What one call sends. */
export interface CallSpec {
  /** Completes "Cannot …" in errors. */
  readonly action: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** Time that the controller may take on purpose, milliseconds. */
  readonly extraMs?: number;
}

interface ExchangeOptions extends CallSpec {
  readonly url: ControllerUrl;
  readonly credential: Credential;
  readonly fetcher: FetchLike;
  readonly timeoutMs: number;
  /** Aborts when the connections are given up. */
  readonly lost?: AbortSignal | undefined;
}

/** An answer, or why there is none from this controller; `lost` when the connections were given up meanwhile. */
export type Exchanged<T> =
  | { readonly kind: "answer"; readonly answer: T }
  | { readonly kind: "unreachable"; readonly reason: string }
  | { readonly kind: "lost" };

/** Largest answer that is read, bytes: a full feed of the largest mesh is about half of it. */
const MAX_ANSWER = 256 * 1024 * 1024;

/**
 * One call to one controller.
 * @throws {ProblemError} when it refuses; the reason of `signal` when that aborted.
 */
export async function exchange<R extends Route>(
  route: R,
  options: ExchangeOptions,
): Promise<Exchanged<z.output<R["answer"]>>> {
  const timeout = AbortSignal.timeout(options.timeoutMs + (options.extraMs ?? 0));
  const signal = AbortSignal.any(
    [options.signal, options.lost, timeout].filter((one) => one !== undefined),
  );
  try {
    const response = await options.fetcher(urlOf(route, options), {
      ...initOf(route, options),
      signal,
    });
    const text = await readText(response);
    return interpret(route, { response, text, action: options.action });
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    options.signal?.throwIfAborted();
    if (options.lost?.aborted) return { kind: "lost" };
    if (timeout.aborted) {
      return { kind: "unreachable", reason: `no answer in ${options.timeoutMs / 1000} s` };
    }
    return { kind: "unreachable", reason: reasonOf(error) };
  }
}

function urlOf(route: Route, options: ExchangeOptions): string {
  const path = route.path.replace(
    /\{(\w+)\}/g,
    (_, key: string) => encodeURIComponent(options.params?.[key] ?? ""),
  );
  const query = options.query === undefined ? "" : `?${new URLSearchParams(options.query)}`;
  return `${options.url}${path}${query}`;
}

function initOf(route: Route, options: ExchangeOptions): RequestInit {
  const headers: Record<string, string> = {
    accept: "application/json",
    ...authorization(route.credential, options),
  };
  // A redirect would carry the credential to whoever it names.
  const init: RequestInit = { method: route.method, headers, redirect: "manual" };
  if (options.body === undefined) return init;
  return {
    ...init,
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify(options.body),
  };
}

function authorization(
  wanted: CredentialKind,
  { credential }: ExchangeOptions,
): Record<string, string> {
  if (wanted === "none") return {};
  switch (credential.kind) {
    case "none":
      return {};
    case "token":
      return { authorization: `Bearer ${credential.token}` };
    case "node":
      return { authorization: `Bearer ${credential.secret}` };
    case "admin":
      return { authorization: `Basic ${basic(`admin:${credential.password}`)}` };
    default:
      return credential satisfies never;
  }
}

function basic(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

async function readText(response: Response): Promise<string> {
  if (response.body === null) return "";
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > MAX_ANSWER) throw new Error("its answer is too large for a controller's");
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

interface Received {
  readonly response: Response;
  readonly text: string;
  readonly action: string;
}

function interpret<R extends Route>(
  route: R,
  received: Received,
): Exchanged<z.output<R["answer"]>> {
  const { response, text, action } = received;
  const json = tryJson(text);
  if (!response.ok) {
    const problem = problemSchema.safeParse(json);
    if (!problem.success) {
      return {
        kind: "unreachable",
        reason: `answered ${response.status}, not as a controller does`,
      };
    }
    // 5xx says nothing about the request: another controller may do better.
    if (problem.data.status >= 500) return { kind: "unreachable", reason: problem.data.detail };
    throw new ProblemError(action, problem.data);
  }
  const answer = route.answer.safeParse(json);
  if (answer.success) return { kind: "answer", answer: answer.data as z.output<R["answer"]> };
  return { kind: "unreachable", reason: "its answer is not what a controller sends" };
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What Deno says, and what it means for the person who reads it. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /UnknownIssuer/,
    "its certificate comes from no CA that this machine trusts; give --controller-ca sha256:… as the controller's log " +
    "and `meshover token gen` say it",
  ],
  [
    /NotValidForName/,
    "its certificate is for another name; add that name with the controller's --tls-name",
  ],
  [
    /certificate expired|Expired/,
    "its certificate has expired, or the clock of one of the machines is wrong",
  ],
  [/invalid HTTP version/, "it answers, but not in plain http; try https://"],
  [
    /InvalidContentType|wrong version number|corrupt message/,
    "it answers, but not in TLS; try http://",
  ],
];

/** The cause of a failed fetch, without the URL and the request that Deno puts around it. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const text = messageOf(cause).replace(/^.*?: (?=client error|tcp|dns|invalid peer)/, "");
  return HINTS.find(([pattern]) => pattern.test(text))?.[1] ?? text;
}
