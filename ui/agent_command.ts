/** What the command for a new node is made of. */
export interface AgentCommand {
  /** Address of the controller, as the browser knows it. */
  readonly origin: string;
  readonly token: string;
  /** Fingerprint of the CA to pin; null when there is none of its own. */
  readonly ca: string | null;
  readonly name: string | null;
}

/** The command that lets a machine join, ready to be run there. */
export function agentCommand({ origin, token, ca, name }: AgentCommand): string {
  const host = new URL(origin).hostname;
  const loopback = host === "localhost" || host === "[::1]" || host.startsWith("127.");
  return [
    "sudo meshover agent",
    `--controlserver ${origin}`,
    ...(ca === null || !origin.startsWith("https:") ? [] : [`--controller-ca ${ca}`]),
    ...(origin.startsWith("https:") || loopback ? [] : ["--insecure-http"]),
    `--agenttoken ${token}`,
    ...(name === null ? [] : [`--hostname ${name}`]),
  ].join(" ");
}
