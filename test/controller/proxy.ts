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
  /** Port of the controller behind it. */
  readonly to: number;
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
  static async start(options: ProxyOptions): Promise<Proxy> {
    const { name, program, folder } = options;
    const port = freePort();
    const authority = await makeAuthority(Date.now());
    const names = ["127.0.0.1", "localhost"];
    const pair = await issueCertificate({ authority, names, now: Date.now(), days: 1 });
    await Deno.writeTextFile(`${folder}/cert.pem`, pair.cert);
    await Deno.writeTextFile(`${folder}/key.pem`, pair.key);
    const conf = `${folder}/${name}.conf`;
    const text = name === "nginx" ? await nginxConf(options, port) : await caddyConf(options, port);
    await Deno.writeTextFile(conf, text);
    const args = name === "nginx"
      ? ["-p", folder, "-c", conf, "-e", "stderr"]
      : ["run", "--config", conf, "--adapter", "caddyfile"];
    const child = new Deno.Command(program, {
      args,
      env: { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const proxy = new Proxy(child, { port, ca: authority.cert });
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
    const deadline = Date.now() + 20_000;
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

async function nginxConf({ folder, to }: ProxyOptions, port: number): Promise<string> {
  const server = await shipped("nginx-controller.conf", [
    ["listen 443 ssl;", `listen 127.0.0.1:${port} ssl;`],
    ["    listen [::]:443 ssl;\n", ""],
    ["/etc/ssl/certs/controller.example.pem", `${folder}/cert.pem`],
    ["/etc/ssl/private/controller.example.key", `${folder}/key.pem`],
    ["127.0.0.1:8080", `127.0.0.1:${to}`],
  ]);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((kind) => `${kind}_temp_path ${folder}/${kind};`).join("\n");
  return `daemon off;\nuser root;\npid ${folder}/nginx.pid;\nevents {}\nhttp {\n${temporary}\naccess_log off;\n${server}}\n`;
}

async function caddyConf({ folder, to }: ProxyOptions, port: number): Promise<string> {
  const site = await shipped("Caddyfile", [
    [
      "controller.example {",
      `https://127.0.0.1:${port} {\n\tbind 127.0.0.1\n\ttls ${folder}/cert.pem ${folder}/key.pem`,
    ],
    ["reverse_proxy 127.0.0.1:8080", `reverse_proxy 127.0.0.1:${to}`],
  ]);
  return `{\n\tadmin off\n\tauto_https disable_redirects\n}\n${site}`;
}
