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
    name: "token gen",
    summary: "make a token that lets machines join",
    load: () => import("./commands/token_gen.ts"),
  },
  {
    name: "version",
    summary: "print the version",
    load: () => import("./commands/version.ts"),
  },
];
