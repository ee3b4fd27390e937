/**
 * The steps that make the database, oldest first; a step that was released is never changed, new ones are added.
 * Times are RFC 3339 texts in UTC, so that they sort.
 */
export const MIGRATIONS: readonly (readonly string[])[] = [
  [
    `CREATE TABLE schema_version (one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL) STRICT`,
    `INSERT INTO schema_version VALUES (1, 0)`,
    `CREATE TABLE mesh (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      id TEXT NOT NULL,
      revision INTEGER NOT NULL,
      next_number INTEGER NOT NULL,
      generation INTEGER NOT NULL,
      ca_cert TEXT, ca_key TEXT
    ) STRICT`,
    // Every pool that was ever used: their routes are never announced nor accepted.
    `CREATE TABLE pool (
      purpose TEXT NOT NULL CHECK (purpose IN ('tunnel', 'node')),
      prefix TEXT NOT NULL,
      PRIMARY KEY (purpose, prefix)
    ) STRICT, WITHOUT ROWID`,
    // A removed node stays, so that its number is never used again and its secret is answered plainly.
    `CREATE TABLE node (
      number INTEGER PRIMARY KEY,
      name TEXT NOT NULL,
      secret_hash TEXT,
      next_secret_hash TEXT,
      report TEXT,
      seen_address TEXT,
      revision INTEGER NOT NULL,
      created_at TEXT NOT NULL,
      enrolled_at TEXT,
      removed_at TEXT
    ) STRICT`,
    `CREATE UNIQUE INDEX node_name ON node (name) WHERE removed_at IS NULL`,
    `CREATE UNIQUE INDEX node_secret ON node (secret_hash) WHERE secret_hash IS NOT NULL`,
    `CREATE INDEX node_next_secret ON node (next_secret_hash) WHERE next_secret_hash IS NOT NULL`,
    `CREATE INDEX node_revision ON node (revision)`,
    // Addresses and AS numbers that nodes hold, as spans of sort keys (plan/span.ts); released ones are in quarantine.
    `CREATE TABLE lease (
      first TEXT PRIMARY KEY,
      last TEXT NOT NULL,
      purpose TEXT NOT NULL CHECK (purpose IN ('tunnel', 'node', 'asn')),
      position INTEGER NOT NULL,
      value TEXT NOT NULL,
      number INTEGER NOT NULL REFERENCES node (number),
      released_at TEXT
    ) STRICT, WITHOUT ROWID`,
    `CREATE INDEX lease_number ON lease (number)`,
    `CREATE INDEX lease_released ON lease (released_at) WHERE released_at IS NOT NULL`,
    `CREATE TRIGGER lease_disjoint BEFORE INSERT ON lease
      WHEN (SELECT last FROM lease WHERE first <= NEW.last ORDER BY first DESC LIMIT 1) >= NEW.first
      BEGIN SELECT RAISE(ABORT, 'lease overlaps'); END`,
    `CREATE TABLE token (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      hash TEXT NOT NULL UNIQUE,
      prefix TEXT NOT NULL,
      once INTEGER NOT NULL,
      note TEXT NOT NULL,
      name TEXT,
      uses INTEGER NOT NULL DEFAULT 0,
      created_at TEXT NOT NULL,
      last_used_at TEXT,
      expires_at TEXT,
      revoked_at TEXT
    ) STRICT`,
    `CREATE TABLE audit (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      at TEXT NOT NULL,
      source TEXT NOT NULL,
      actor TEXT NOT NULL,
      action TEXT NOT NULL,
      subject TEXT NOT NULL,
      detail TEXT NOT NULL
    ) STRICT`,
    `CREATE INDEX audit_action ON audit (action, id)`,
  ],
  [
    `ALTER TABLE mesh ADD COLUMN route_mode TEXT NOT NULL DEFAULT 'open'
      CHECK (route_mode IN ('open', 'approve'))`,
    // Revision at which the policy or a decision last changed.
    `ALTER TABLE mesh ADD COLUMN route_revision INTEGER NOT NULL DEFAULT 0`,
    // What an operator thinks of a prefix; number 0 stands for every node.
    `CREATE TABLE route_decision (
      prefix TEXT NOT NULL,
      number INTEGER NOT NULL,
      verdict TEXT NOT NULL CHECK (verdict IN ('approved', 'denied')),
      at TEXT NOT NULL,
      PRIMARY KEY (prefix, number)
    ) STRICT, WITHOUT ROWID`,
  ],
  [
    // When the node began to use its secret, and when an operator asked it to make another.
    `ALTER TABLE node ADD COLUMN secret_since TEXT`,
    `ALTER TABLE node ADD COLUMN rotation_asked_at TEXT`,
  ],
];
