import { issueCertificate, makeAuthority } from "../../lib/controller/certificates.ts";
import { freePort } from "./free_port.ts";

/** Proxies that are tried, by the program that has to be there. */
export const PROXIES = ["nginx", "caddy"] as const;
/** See {@link PROXIES}. */
export type ProxyName = typeof PROXIES[number];

const CONF = new URL("../../conf/", import.meta.url);
const FOLDERS = ["/usr/sbin", "/usr/bin", "/usr/local/bin", "/usr/local/sbin"];

/** The program of a proxy; undefined where it is not installed. */
export async function findProxy(name: ProxyName): Promise<string | undefined> {
  for (const folder of FOLDERS) {
    const path = `${folder}/${name}`;
    if (await Deno.stat(path).then(() => true, () => false)) return path;
  }
  return undefined;
}

/** What a proxy is started with. */
export interface ProxyOptions {
  readonly name: ProxyName;
  readonly program: string;
  readonly folder: string;
  /** Where it listens. */
  readonly listen: { readonly address: string; readonly port: number };
  /** The controller behind it, `address:port`. */
  readonly to: string;
}

/** Writes a proxy's files, as `conf/` has them but for what depends on the place; returns how to start it, and its CA. */
export async function configureProxy(
  options: ProxyOptions,
): Promise<{ argv: [string, ...string[]]; ca: string }> {
  const { name, program, folder, listen } = options;
  const authority = await makeAuthority(Date.now());
  const names = [listen.address];
  const pair = await issueCertificate({ authority, names, now: Date.now(), days: 1 });
  await Deno.writeTextFile(`${folder}/cert.pem`, pair.cert);
  await Deno.writeTextFile(`${folder}/key.pem`, pair.key);
  await Deno.writeTextFile(`${folder}/ca.pem`, authority.cert);
  const conf = `${folder}/${name}.conf`;
  await Deno.writeTextFile(
    conf,
    name === "nginx" ? await nginxConf(options) : await caddyConf(options),
  );
  const args = name === "nginx"
    ? ["-p", folder, "-c", conf, "-e", "stderr"]
    : ["run", "--config", conf, "--adapter", "caddyfile"];
  return { argv: [program, ...args], ca: authority.cert };
}

/** A real proxy with the configuration that `conf/` has for it, but for ports, names and files. */
export class Proxy {
  readonly port: number;
  /** The CA that its certificate comes from, PEM. */
  readonly ca: string;
  readonly #child: Deno.ChildProcess;
  readonly #said: Promise<string>;

  private constructor(child: Deno.ChildProcess, options: { port: number; ca: string }) {
    this.#child = child;
    this.#said = new Response(child.stderr).text();
    this.port = options.port;
    this.ca = options.ca;
  }

  /** Starts one on a free port of loopback. */
  static async start(options: Omit<ProxyOptions, "listen">): Promise<Proxy> {
    const { folder } = options;
    const port = freePort();
    const listen = { address: "127.0.0.1", port };
    const { argv: [program, ...args], ca } = await configureProxy({ ...options, listen });
    const child = new Deno.Command(program, {
      args,
      env: { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const proxy = new Proxy(child, { port, ca });
    await proxy.#untilListening();
    return proxy;
  }

  /** Ends it. */
  async stop(): Promise<void> {
    this.#child.kill("SIGTERM");
    await this.#child.status;
    await this.#said;
  }

  async #untilListening(): Promise<void> {
    const deadline = Date.now() + 60_000;
    while (Date.now() < deadline) {
      const conn = await Deno.connect({ hostname: "127.0.0.1", port: this.port }).catch(() => {});
      conn?.close();
      if (conn !== undefined) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    this.#child.kill("SIGKILL");
    throw new Error(`the proxy does not listen: ${await this.#said}`);
  }
}

/** What stands in `conf/`, with everything replaced that depends on the place. */
async function shipped(file: string, changes: readonly (readonly [string, string])[]) {
  let text = await Deno.readTextFile(new URL(file, CONF));
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`conf/${file} does not hold "${from}"`);
    text = text.replaceAll(from, to);
  }
  return text;
}

async function nginxConf({ folder, to, listen }: ProxyOptions): Promise<string> {
  const server = await shipped("nginx-controller.conf", [
    ["listen 443 ssl;", `listen ${listen.address}:${listen.port} ssl;`],
    ["    listen [::]:443 ssl;\n", ""],
    ["/etc/ssl/certs/controller.example.pem", `${folder}/cert.pem`],
    ["/etc/ssl/private/controller.example.key", `${folder}/key.pem`],
    ["127.0.0.1:8080", to],
  ]);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((kind) => `${kind}_temp_path ${folder}/${kind};`).join("\n");
  return `daemon off;\nuser root;\npid ${folder}/nginx.pid;\nevents {}\nhttp {\n${temporary}\naccess_log off;\n${server}}\n`;
}

async function caddyConf({ folder, to, listen }: ProxyOptions): Promise<string> {
  const site = await shipped("Caddyfile", [
    [
      "controller.example {",
      `https://${listen.address}:${listen.port} {\n\tbind ${listen.address}\n\ttls ${folder}/cert.pem ${folder}/key.pem`,
    ],
    ["reverse_proxy 127.0.0.1:8080", `reverse_proxy ${to}`],
  ]);
  return `{\n\tadmin off\n\tauto_https disable_redirects\n}\n${site}`;
}
