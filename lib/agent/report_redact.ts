/** What is known of a node's secrets, to take out of a text. */
export interface Secrets {
  /** Exact texts that may appear nowhere, with the word that stands for them: `node secret`. */
  readonly exact: ReadonlyMap<string, string>;
  /** WireGuard keys that are public; every other key is taken out, as a private one looks the same. */
  readonly publicKeys: ReadonlySet<string>;
}

/** Exact texts shorter than this are taken out as words only: as parts of words they are everywhere. */
const SHORT = 4;

function removed(what: string): string {
  return `[removed: ${what}]`;
}

/** Words after which a value is secret, in configurations, logs, JSON, URLs and environments. */
const NAMES =
  "[a-z0-9_.-]*(?:password|passwd|passphrase|secret|token|private[-_ ]?key|preshared[-_ ]?key|psk|" +
  "key-string|api[-_]?key|credential)s?";

/** Forms in which secrets appear, and what stands in their place. */
const FORMS: readonly (readonly [RegExp, string])[] = [
  [
    /-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
    removed("private key"),
  ],
  // Headers: Authorization: Basic …, Bearer …
  [/\b(bearer|basic)\s+[A-Za-z0-9+/=._~-]{4,}/gi, `$1 ${removed("credential")}`],
  // https://user:password@host
  [/(\/\/[^\s/:@"']+):[^\s/@"']+@/g, `$1:${removed("password")}@`],
  // "secret": "…" and 'secret': '…'
  [new RegExp(`(["']${NAMES}["']\\s*:\\s*)("[^"]*"|'[^']*')`, "gi"), `$1"${removed("value")}"`],
  // --password …, PASSWORD=…, password: …, neighbor X password …
  [
    new RegExp(
      `(\\b${NAMES})([ \\t]*[=:][ \\t]*|[ \\t]+)(?!\\[removed)("[^"]*"|'[^']*'|[^\\s,;"'}]+)`,
      "gi",
    ),
    `$1$2${removed("value")}`,
  ],
  // FRR hides passwords with a number for their kind: "password 8 HASH".
  [new RegExp(`(\\[removed: value\\])[ \\t]+(?!\\[removed)[A-Za-z0-9./$+=]{6,}`, "g"), "$1"],
  // Tokens, node secrets and hashes are long hexadecimal numbers; nothing else that helps is.
  [/\b[0-9a-f]{32,}\b/gi, removed("hexadecimal")],
];

/** A 32-byte key in base64, as WireGuard writes it. */
const KEY = /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=(?!=)/g;

/** The text as it stands, and as URLs and JSON write it. */
function spellings(secret: string): string[] {
  return [...new Set([secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])];
}

function withoutExact(text: string, secret: string, instead: string): string {
  if (secret.length >= SHORT) return text.replaceAll(secret, instead);
  const literal = secret.replace(/[^A-Za-z0-9]/g, "\\$&");
  return text.replace(new RegExp(`(?<![A-Za-z0-9])${literal}(?![A-Za-z0-9])`, "g"), instead);
}

/** Takes everything secret out of a text: what is known, and whatever looks like it. */
export function redact(text: string, secrets: Secrets): string {
  const exact = [...secrets.exact].filter(([secret]) => secret !== "")
    .flatMap(([secret, what]) => spellings(secret).map((spelling) => [spelling, what] as const))
    .toSorted(([a], [b]) => b.length - a.length);
  let out = text;
  for (const [secret, what] of exact) out = withoutExact(out, secret, removed(what));
  for (const [form, instead] of FORMS) out = out.replace(form, instead);
  return out.replace(KEY, (key) => secrets.publicKeys.has(key) ? key : removed("key"));
}
