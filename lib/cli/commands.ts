import type { Command } from "./command.ts";

/** A subcommand whose module is loaded only when it is used: start-up stays short. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<{ default: Command }>;
}

/** All subcommands, in the order of the help. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "agent",
    summary: "join this machine to a mesh and keep it there",
    load: () => import("./commands/agent.ts"),
  },
  {
    name: "down",
    summary: "remove everything the agent made on this machine",
    load: () => import("./commands/down.ts"),
  },
  {
    name: "status",
    summary: "show this node, or the whole mesh with --controlserver",
    load: () => import("./commands/status.ts"),
  },
  {
    name: "doctor",
    summary: "check what this machine needs and say what to do about it",
    load: () => import("./commands/doctor.ts"),
  },
  {
    name: "bundle",
    summary: "write a report without secrets, for a bug thread",
    load: () => import("./commands/bundle.ts"),
  },
  {
    name: "controller",
    summary: "hand out addresses and keep the nodes of a mesh in touch",
    load: () => import("./commands/controller.ts"),
  },
  {
    name: "controller backup",
    summary: "write the controller's database into one file, while it runs",
    load: () => import("./commands/controller_backup.ts"),
  },
  {
    name: "controller restore",
    summary: "put a backup in place of the controller's database",
    load: () => import("./commands/controller_restore.ts"),
  },
  {
    name: "controller ca",
    summary: "print the fingerprint of the controller's CA",
    load: () => import("./commands/controller_ca.ts"),
  },
  {
    name: "token gen",
    summary: "make a token that lets machines join",
    load: () => import("./commands/token_gen.ts"),
  },
  {
    name: "token list",
    summary: "list the agent tokens",
    load: () => import("./commands/token_list.ts"),
  },
  {
    name: "token revoke",
    summary: "revoke an agent token",
    load: () => import("./commands/token_revoke.ts"),
  },
  {
    name: "node list",
    summary: "list all nodes and reserved names",
    load: () => import("./commands/node_list.ts"),
  },
  {
    name: "node show",
    summary: "show one node",
    load: () => import("./commands/node_show.ts"),
  },
  {
    name: "node add",
    summary: "reserve a name and what it will hold",
    load: () => import("./commands/node_add.ts"),
  },
  {
    name: "node set",
    summary: "change what a node holds",
    load: () => import("./commands/node_set.ts"),
  },
  {
    name: "node remove",
    summary: "remove a node from the mesh",
    load: () => import("./commands/node_remove.ts"),
  },
  {
    name: "node reset",
    summary: "let a name enrol again with a new secret",
    load: () => import("./commands/node_reset.ts"),
  },
  {
    name: "node rotate",
    summary: "have a node make a new secret",
    load: () => import("./commands/node_rotate.ts"),
  },
  {
    name: "route list",
    summary: "list the routes of the whole mesh",
    load: () => import("./commands/route_list.ts"),
  },
  {
    name: "route approve",
    summary: "let a prefix into the overlay",
    load: () => import("./commands/route_approve.ts"),
  },
  {
    name: "route deny",
    summary: "keep a prefix out of the overlay",
    load: () => import("./commands/route_deny.ts"),
  },
  {
    name: "route forget",
    summary: "take back what was approved or denied",
    load: () => import("./commands/route_forget.ts"),
  },
  {
    name: "path",
    summary: "show the way packets go from one node to another, or why there is none",
    load: () => import("./commands/path.ts"),
  },
  {
    name: "audit",
    summary: "show who did what at the controller",
    load: () => import("./commands/audit.ts"),
  },
  {
    name: "completion",
    summary: "print what makes bash, zsh or fish complete this command",
    load: () => import("./commands/completion.ts"),
  },
  {
    name: "version",
    summary: "print the version",
    load: () => import("./commands/version.ts"),
  },
];
