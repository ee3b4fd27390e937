import assert from "node:assert/strict";
import fc from "fast-check";
import { redact, type Secrets } from "../../lib/agent/report_redact.ts";

const PUBLIC = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";
const PRIVATE = "WAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";
const NODE_SECRET = "5f".repeat(32);

const secrets: Secrets = {
  exact: new Map([[NODE_SECRET, "node secret"], [PRIVATE, "private key"], [
    "hunter2!",
    "password",
  ]]),
  publicKeys: new Set([PUBLIC]),
};

/** Texts of the real world with a secret in each that nobody told redact() of. */
const PLANTED: readonly (readonly [where: string, text: string, secret: string])[] = [
  ["FRR's line password", "hostname n1\npassword zebra99\nlog syslog\n", "zebra99"],
  ["FRR's encrypted password", "enable password 8 Xw3hHhJYkQz1k\n", "Xw3hHhJYkQz1k"],
  ["a BGP neighbour's password", " neighbor 192.0.2.1 password s3cr3tMD5\n", "s3cr3tMD5"],
  ["OSPF's key-string", "  key-string ospfKey!\n", "ospfKey!"],
  ["FRR's password inside JSON", '{"text":"log syslog\\npassword zebra99\\nline vty"}', "zebra99"],
  ["a command line", "meshover agent --agenttoken 12.abcDEF --hostname n1", "12.abcDEF"],
  ["a command line with =", "meshover token gen --password=p4ss,word", "p4ss"],
  ["an environment", "MESHOVER_PASSWORD=correct-horse", "correct-horse"],
  ["quoted text with blanks", 'MESHOVER_PASSWORD="correct horse battery"', "horse battery"],
  ["JSON", '{"secret":"deadbeefcafe","name":"n1"}', "deadbeefcafe"],
  ["JSON with an escaped quote around", "{'apiKey': 'k-123456'}", "k-123456"],
  ["a bearer header", "authorization: Bearer abc.def-ghi", "abc.def-ghi"],
  ["a basic header", "> Authorization: Basic YWRtaW46cGFzc3dvcmQ=", "YWRtaW46cGFzc3dvcmQ"],
  ["a URL", "https://admin:opensesame@controller.example:8080/v1", "opensesame"],
  ["a WireGuard configuration", `[Interface]\nPrivateKey = ${PRIVATE}\n`, PRIVATE],
  ["a private key that is nowhere named", `meshover0\t${PRIVATE}\t12912\toff\n`, PRIVATE],
  ["a preshared key", `PresharedKey = ${PRIVATE}\n`, PRIVATE],
  ["a hexadecimal token in a sentence", `refused ${"a1".repeat(24)} from n1`, "a1".repeat(24)],
  [
    "PEM",
    "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIBkg\n-----END EC PRIVATE KEY-----\n",
    "MHcCAQEEIBkg",
  ],
  ["PEM that is cut off", "-----BEGIN PRIVATE KEY-----\nMHcCAQEEIBkg\n", "MHcCAQEEIBkg"],
];

for (const [where, text, secret] of PLANTED) {
  Deno.test(`redact() takes out an unknown secret in ${where}`, () => {
    assert.ok(text.includes(secret));
    const out = redact(text, { exact: new Map(), publicKeys: new Set([PUBLIC]) });
    assert.ok(!out.includes(secret), out);
    assert.match(out, /\[removed: /);
  });
}

Deno.test("redact() leaves the line after a secret alone", () => {
  const out = redact(`  private key: (hidden)\n  listening port: 12912\n`, {
    exact: new Map(),
    publicKeys: new Set(),
  });
  assert.equal(out, "  private key: [removed: value]\n  listening port: 12912\n");
});

Deno.test("redact() leaves what a reader needs: public keys, addresses, routes, the shape of the text", () => {
  const text = [
    `peer: ${PUBLIC}`,
    "  endpoint: [2001:db8::1]:12912",
    "10.128.0.2 dev meshover0-tun2 proto bgp metric 20",
    "router bgp 4200000001",
    " neighbor meshover0-tun2 interface v6only peer-group fabric",
    "ok root: running as root",
  ].join("\n");
  assert.equal(redact(text, secrets), text);
});

Deno.test("redact() takes out known secrets wherever they stand, as URLs and JSON write them too", () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 4, maxLength: 40 }).filter((s) =>
        s.trim() === s && !"[removed: password]".includes(s)
      ),
      fc.string({ maxLength: 40 }),
      fc.string({ maxLength: 40 }),
      (secret, before, after) => {
        const known = { exact: new Map([[secret, "password"]]), publicKeys: new Set<string>() };
        const text = `${before}${secret}${after} ${encodeURIComponent(secret)} ${
          JSON.stringify({ at: secret })
        }`;
        const out = redact(text, known).replaceAll(/\[removed: [a-z ]+\]/g, "\n");
        assert.ok(!out.includes(secret), out);
        assert.ok(!out.includes(encodeURIComponent(secret)), out);
      },
    ),
  );
});

Deno.test("redact() takes short passwords out as words, not as parts of words", () => {
  const known = { exact: new Map([["eth", "password"]]), publicKeys: new Set<string>() };
  assert.equal(redact("eth0 said eth", known), "eth0 said [removed: password]");
});

Deno.test("redact() twice is redact() once", () => {
  for (const [, text] of PLANTED) {
    const once = redact(text, secrets);
    assert.equal(redact(once, secrets), once);
  }
});
