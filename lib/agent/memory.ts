import { z } from "zod";
import { enrolAnswerSchema, meshSchema, nodeSecretSchema } from "../model/enrolment_api.ts";
import { OPEN_POLICY, routePolicySchema } from "../model/route_policy.ts";
import { StateError } from "../model/errors.ts";
import { peerSchema } from "../model/node.ts";
import type { FrrMemory } from "../plan/frr_diff.ts";
import type { StateDir } from "../host/state_dir.ts";
import { FRR_BACKENDS } from "./options.ts";

/** Who this node is: written once it has enrolled. */
export const identitySchema = z.object({
  secret: nodeSecretSchema,
  /** The secret that shall take its place: the controller may know of it already. */
  next: nodeSecretSchema.optional(),
  /** Absent until the controller has answered. */
  enrolled: enrolAnswerSchema.optional(),
});
/** See {@link identitySchema}. */
export type Identity = z.infer<typeof identitySchema>;

/** The mesh as it was last heard of. */
export const snapshotSchema = z.object({
  meshId: z.string(),
  revision: z.int(),
  peers: z.array(peerSchema),
  mesh: meshSchema,
  /** Absent from files of version 0.1.0. */
  routePolicy: routePolicySchema.default(OPEN_POLICY),
});

/** What was done to the host that has to be known to undo it, or to tell it from what others did. */
export const hostRecordSchema = z.object({
  /** Values of kernel parameters from before. */
  sysctlsBefore: z.record(z.string(), z.string()).default({}),
  /** Which way FRR is run, so that it can be taken down without being told. */
  frrBackend: z.enum(FRR_BACKENDS).default("none"),
  /** Name that the container of FRR is found by. */
  frrNode: z.string().default(""),
  /** FRR's configuration as it was last applied. */
  frrApplied: z.object({ text: z.string(), runningAfter: z.string() }).optional(),
  /** Lines, as a configuration, that FRR was to be given since; it may have them or not. */
  frrBegun: z.string().optional(),
  /** The nftables table as it was last made, and as it was listed right after. */
  nftApplied: z.object({ text: z.string(), listing: z.string() }).optional(),
});
/** See {@link hostRecordSchema}. */
export type HostRecord = z.infer<typeof hostRecordSchema>;

/** What a record says of the lines that FRR was told. */
export function frrMemory({ frrApplied, frrBegun }: HostRecord): FrrMemory {
  return { applied: frrApplied, begun: frrBegun };
}

/** The record of a host to which nothing was done. */
export const NO_RECORD: HostRecord = { sysctlsBefore: {}, frrBackend: "none", frrNode: "" };

/** A file of the state directory. */
export interface MemoryFile<S extends z.ZodType> {
  readonly name: string;
  readonly schema: S;
}

/** The files that an agent keeps. */
export const FILES = {
  identity: { name: "identity.json", schema: identitySchema },
  snapshot: { name: "snapshot.json", schema: snapshotSchema },
  host: { name: "host.json", schema: hostRecordSchema },
} as const;

/** Name of the file with the WireGuard private key. */
export const KEY_FILE = "wireguard.key";

/**
 * Reads a file; undefined when it does not exist.
 * @throws {StateError} when it is damaged, saying which and what can be done.
 */
export async function recall<S extends z.ZodType>(
  dir: StateDir,
  file: MemoryFile<S>,
): Promise<z.infer<S> | undefined> {
  const text = await dir.read(file.name);
  if (text === undefined) return undefined;
  try {
    return file.schema.parse(JSON.parse(text));
  } catch {
    throw new StateError(`${dir.path}/${file.name} is damaged: move it away and start again`);
  }
}

/** Writes a file. @throws {StateError} when it cannot be written. */
export async function remember<S extends z.ZodType>(
  dir: StateDir,
  options: { readonly file: MemoryFile<S>; readonly value: z.infer<S> },
): Promise<void> {
  await dir.write(options.file.name, `${JSON.stringify(options.value)}\n`);
}
