import assert from "node:assert/strict";
import { AUDIT_LIMIT, AUDIT_NOISE_LIMIT, insertAudit, listAudit } from "../../lib/store/audit.ts";
import { int } from "../../lib/store/sql.ts";
import { NOW, withDatabase } from "./with_database.ts";

const entry = {
  at: NOW,
  source: "192.0.2.1",
  actor: "admin",
  action: "node.add",
  subject: "n1",
  detail: "",
};

Deno.test("insertAudit() keeps a bounded number, the newest, and noise does not push out the rest", () =>
  withDatabase(async (database) => {
    await database.write(async (tx) => {
      await insertAudit(tx, entry);
      for (let i = 0; i < AUDIT_NOISE_LIMIT + 50; i++) {
        await insertAudit(tx, { ...entry, action: "password.wrong", detail: String(i) });
      }
    });
    const kept = await database.read((db) => listAudit(db, AUDIT_LIMIT));
    assert.equal(kept.length, AUDIT_NOISE_LIMIT + 1);
    assert.equal(kept[0]!.detail, String(AUDIT_NOISE_LIMIT + 49));
    assert.equal(kept.at(-1)!.action, "node.add");
  }));

Deno.test("insertAudit() never keeps more than its limit", () =>
  withDatabase(async (database) => {
    await database.write(async (tx) => {
      await tx.run(
        "INSERT INTO audit (id, at, source, actor, action, subject, detail) VALUES (?, '', '', '', 'x', '', '')",
        [1],
      );
      await tx.run(
        "INSERT INTO audit (id, at, source, actor, action, subject, detail) VALUES (?, '', '', '', 'x', '', '')",
        [
          AUDIT_LIMIT * 2 - 1,
        ],
      );
      await insertAudit(tx, entry);
    });
    const [row] = await database.read((db) => db.all("SELECT count(*) AS n FROM audit"));
    assert.equal(int(row!, "n"), 2);
  }));
