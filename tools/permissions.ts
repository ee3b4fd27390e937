/**
 * What each part of the command may touch, and why: the one table that the bundle, `deno compile`, the package and the
 * tests take it from. Deno enforces it; whatever is not listed here is refused.
 */

/** Permissions in Deno's terms. Absent: none at all. */
export interface Permissions {
  /** Connect and listen. */
  readonly net?: boolean;
  /** Patterns of addresses that may not even be listened on, with `net`. */
  readonly denyNet?: readonly string[];
  readonly read?: boolean;
  readonly write?: boolean;
  /** Names of variables; `*` at the end stands for any ending. All others seem not to be set. */
  readonly env: readonly string[];
  /** Names of programs, looked up in {@link PROGRAM_PATH}, or absolute paths. */
  readonly run?: readonly string[];
  /** Facts about the machine. */
  readonly sys?: readonly string[];
  /** Load the database addon; nothing else is native. */
  readonly ffi?: boolean;
}

/** A part of the command with permissions of its own. */
export interface Role {
  readonly name: "controller" | "agent" | "doctor" | "bundle" | "status" | "client" | "text";
  /** First words of the command line that take this role. */
  readonly words: readonly string[];
  /** Why it needs what it may do. */
  readonly why: string;
  readonly permissions: Permissions;
}

/** Where programs are looked for: the same as in `lib/host/exec.ts`. */
export const PROGRAM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * A controller with ten thousand readers takes a fifth less memory with the first, and less time with the second: the threads that
 * help to collect garbage cost more than they save where the heap is small.
 */
export const CONTROLLER_V8_FLAGS = ["--optimize-for-size", "--no-parallel-scavenge"] as const;

const SETTINGS = ["MESHOVER_*", "NO_COLOR"] as const;

/** What systemd tells a service. */
const SERVICE = ["NOTIFY_SOCKET", "RUNTIME_DIRECTORY", "WATCHDOG_USEC"] as const;

/** Debian and Alpine, then Red Hat. */
const FRR_DAEMONS = ["/usr/lib/frr", "/usr/libexec/frr"]
  .flatMap((folder) => ["mgmtd", "zebra", "bgpd", "bfdd"].map((daemon) => `${folder}/${daemon}`));

/** Looking at the machine. */
const OBSERVE = [
  "ip",
  "wg",
  "wireguard-go",
  "nft",
  "sysctl",
  "vtysh",
  "id",
  "uname",
  "cat",
  "test",
  "unshare",
];
const ENGINES = ["docker", "podman", "nerdctl"];
/** Changing it. */
const CHANGE = ["kill", "install", "modprobe"];
/** Keeping an eye on it: how near a node is, whether a daemon still runs, whether somebody is restarting its service. */
const WATCH = ["ping", "tail", "systemctl"];
/** What only the check of a machine asks. */
const EXAMINE = ["ss", "df", "ping", "timedatectl", "modinfo", "iptables", "kubectl"];

/** What only a report asks besides. */
const TELL = ["date", "journalctl"];

/** All roles. A command line that fits no other is a client's. */
export const ROLES: readonly Role[] = [
  {
    name: "controller",
    words: ["controller"],
    why:
      "listens, keeps its database, certificates and backups in files, loads libSQL; runs no program",
    permissions: {
      net: true,
      read: true,
      write: true,
      ffi: true,
      env: [...SETTINGS, ...SERVICE],
      sys: ["hostname", "networkInterfaces", "cpus"],
      run: [],
    },
  },
  {
    name: "agent",
    words: ["agent", "down"],
    why:
      "calls the controller, keeps keys and the last snapshot, runs the programs that configure the kernel and FRR; " +
      "loads no native code and listens on no wildcard address",
    permissions: {
      net: true,
      denyNet: ["0.0.0.0", "[::]"],
      read: true,
      write: true,
      env: [...SETTINGS, ...SERVICE],
      sys: ["hostname"],
      run: [...OBSERVE, ...CHANGE, ...WATCH, ...ENGINES, ...FRR_DAEMONS],
    },
  },
  {
    name: "doctor",
    words: ["doctor"],
    why: "asks the machine, its programs and the controller; changes nothing",
    permissions: {
      net: true,
      read: true,
      env: [...SETTINGS, "KUBECONFIG"],
      sys: ["hostname"],
      run: [...OBSERVE, ...EXAMINE, ...ENGINES, ...FRR_DAEMONS],
    },
  },
  {
    name: "bundle",
    words: ["bundle"],
    why: "asks what the doctor asks, and the agent's log; writes one file",
    permissions: {
      net: true,
      read: true,
      write: true,
      env: [...SETTINGS, "KUBECONFIG"],
      sys: ["hostname"],
      run: [...OBSERVE, ...EXAMINE, ...TELL, ...ENGINES, ...FRR_DAEMONS],
    },
  },
  {
    name: "status",
    words: ["status"],
    why:
      "reads what the agent wrote down, asks the kernel and FRR, or asks the controller; changes nothing",
    permissions: {
      net: true,
      read: true,
      env: SETTINGS,
      sys: ["hostname"],
      run: [...OBSERVE, ...ENGINES],
    },
  },
  {
    name: "client",
    words: ["token", "node", "route", "audit", "path"],
    why: "calls the controller; reads a password or a certificate from a file",
    permissions: { net: true, read: true, env: SETTINGS },
  },
  {
    name: "text",
    words: ["version", "--version", "completion", "help", "--help", "-h", ""],
    why: "prints",
    permissions: { env: SETTINGS },
  },
];

/** The role of a command line that starts with `word`. */
export function roleOf(word: string): Role {
  return ROLES.find((role) => role.words.includes(word)) ??
    ROLES.find((role) => role.name === "client")!;
}

/** Arguments for `deno run`. `addon` is the path of the database addon, as the shell or Deno will see it. */
export function denoFlags(permissions: Permissions, addon?: string): string[] {
  const { net, denyNet = [], read, write, env, run = [], sys = [], ffi } = permissions;
  const listed = (name: string, values: readonly string[]) =>
    values.length === 0 ? [] : [`--${name}=${values.join(",")}`];
  return [
    ...(net === true ? ["--allow-net"] : []),
    ...listed("deny-net", denyNet),
    ...(read === true ? ["--allow-read"] : []),
    ...(write === true ? ["--allow-write"] : []),
    // Libraries ask for variables of their own when they are loaded; a refusal would end the program.
    ...[...listed("allow-env", env), "--ignore-env"],
    ...listed("allow-run", run),
    ...listed("allow-sys", sys),
    ...(ffi !== true ? [] : addon === undefined ? ["--allow-ffi"] : [`--allow-ffi=${addon}`]),
  ];
}

/** What one executable needs that has all roles in it and cannot tell them apart. */
export function allPermissions(): Permissions {
  const every = ROLES.map((role) => role.permissions);
  const union = (pick: (p: Permissions) => readonly string[] | undefined) =>
    [...new Set(every.flatMap((p) => pick(p) ?? []))].toSorted();
  return {
    ...{ net: true, read: true, write: true, ffi: true },
    env: union((p) => p.env),
    run: union((p) => p.run),
    sys: union((p) => p.sys),
  };
}
