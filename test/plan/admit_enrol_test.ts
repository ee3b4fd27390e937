import assert from "node:assert/strict";
import { parseHostName } from "../../lib/model/host_name.ts";
import { Refusal } from "../../lib/model/refusal.ts";
import {
  admitEnrol,
  type EnrolFacts,
  type TokenFacts,
  tokenState,
} from "../../lib/plan/admit_enrol.ts";

const now = "2026-01-02T00:00:00Z";
const token: TokenFacts = {
  id: 1,
  once: false,
  uses: 0,
  name: null,
  expiresAt: null,
  revokedAt: null,
};
const facts: EnrolFacts = {
  name: parseHostName("n1"),
  secretHash: "mine",
  token,
  holder: undefined,
  secretState: "unused",
  now,
};

function refused(change: Partial<EnrolFacts>): string {
  try {
    admitEnrol({ ...facts, ...change });
  } catch (error) {
    assert.ok(error instanceof Refusal);
    return `${error.status} ${error.code}`;
  }
  return "admitted";
}

Deno.test("admitEnrol() makes a node for a valid token", () => {
  assert.equal(admitEnrol(facts), "new");
});

Deno.test("admitEnrol() gives a reserved or reset name to who asks with a valid token", () => {
  assert.equal(admitEnrol({ ...facts, holder: { secretHashes: [] } }), "bind");
});

Deno.test("admitEnrol() repeats the answer for the same name and secret, whatever became of the token", () => {
  const holder = { secretHashes: ["mine"] };
  assert.equal(admitEnrol({ ...facts, holder, token: undefined }), "repeat");
  assert.equal(
    admitEnrol({ ...facts, holder, token: { ...token, once: true, uses: 1 } }),
    "repeat",
  );
});

Deno.test("admitEnrol() refuses each bad token with its own word", () => {
  assert.equal(refused({ token: undefined }), "401 token_unknown");
  assert.equal(refused({ token: { ...token, revokedAt: now } }), "401 token_revoked");
  assert.equal(
    refused({ token: { ...token, expiresAt: "2026-01-01T00:00:00Z" } }),
    "401 token_expired",
  );
  assert.equal(refused({ token: { ...token, once: true, uses: 1 } }), "401 token_spent");
  assert.equal(refused({ token: { ...token, name: parseHostName("n2") } }), "403 token_name");
});

Deno.test("admitEnrol() keeps one token holder from another's name", () => {
  assert.equal(refused({ holder: { secretHashes: ["theirs"] } }), "409 name_taken");
});

Deno.test("admitEnrol() refuses the secret of a removed node, and of a node with another name", () => {
  assert.equal(refused({ secretState: "removed" }), "410 node_removed");
  assert.equal(refused({ secretState: "used" }), "409 secret_taken");
});

Deno.test("tokenState() names the reason that lasts longest", () => {
  assert.equal(tokenState({ ...token, once: true, uses: 1, revokedAt: now }, now), "revoked");
  assert.equal(tokenState({ ...token, uses: 5 }, now), "valid");
  assert.equal(tokenState({ ...token, expiresAt: now }, now), "expired");
});
