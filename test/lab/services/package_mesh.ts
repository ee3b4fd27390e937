import { LabHost } from "../lab_host.ts";
import { imageRecipe, type Release } from "../machine/image_recipe.ts";
import { rootImage } from "../machine/root_image.ts";
import { ensurePackages } from "../../../tools/setup.ts";
import { LAB_PACKAGES } from "../packages.ts";
import { runProgram } from "../run_program.ts";
import { waitFor } from "../wait_for.ts";
import { SystemdHost } from "./systemd_host.ts";

/** Name of the first machine as agents reach its controller. */
const CONTROLLER = "https://10.77.0.1:8080";

/** What an agent needs to join. */
export interface Invitation {
  readonly token: string;
  /** Fingerprint of the controller's CA. */
  readonly ca: string;
}

const say = (line: string) => console.error(line);

/** Machines that systemd has booted and that share a LAN, to install the package on. */
export class PackageMesh {
  readonly #lan: LabHost;
  readonly #folder: string;
  readonly #hosts: SystemdHost[] = [];
  #numbers = 0;

  private constructor(lan: LabHost, folder: string) {
    this.#lan = lan;
    this.#folder = folder;
  }

  /** Makes the LAN; needs root. */
  static async create(): Promise<PackageMesh> {
    await ensurePackages([...LAB_PACKAGES, "mmdebstrap", "debian-archive-keyring"], say);
    const lan = await LabHost.create("lan");
    const folder = await Deno.makeTempDir({ prefix: "meshover-services-" });
    await lan.shell(
      "ip link add lan type bridge; ip addr add 10.77.0.254/24 dev lan; ip link set lan up",
    );
    return new PackageMesh(lan, folder);
  }

  /** A folder that every machine finds at /packages. */
  get packages(): string {
    return `${this.#folder}/packages`;
  }

  /** Boots one more machine. */
  async add(name: string, release: Release): Promise<SystemdHost> {
    const number = ++this.#numbers;
    await Deno.mkdir(this.packages, { recursive: true });
    const { disk } = await rootImage(imageRecipe(release, []), {
      flavours: [],
      say,
    });
    const host = await SystemdHost.boot({
      ...{ name, disk, gateway: "10.77.0.254", packages: this.packages },
      folder: `${this.#folder}/${name}`,
      address: `10.77.0.${number}/24`,
      cable: { to: this.#lan, device: `to-${name}` },
    });
    this.#hosts.push(host);
    return host;
  }

  /** Ends all machines. */
  async remove(): Promise<void> {
    await Promise.all(this.#hosts.map((host) => host.remove()));
    await this.#lan.remove();
    await runProgram(["rm", "-rf", this.#folder]);
  }
}

/** Installs the package, as on any machine that has what it depends on. */
export async function installPackage(host: SystemdHost, file: string): Promise<void> {
  await host.shell(`dpkg --install /packages/${file}`, { deadlineS: 120 });
}

/** Starts the controller on the first machine and makes a token, as the README says. */
export async function startController(host: SystemdHost): Promise<Invitation> {
  await host.shell(
    "echo 'tls-name: [10.77.0.1]' >> /etc/meshover/controller.yaml; systemctl enable --now meshover-controller",
    { deadlineS: 180 },
  );
  const ca = (await host.shell("runuser -u meshover -- meshover controller ca")).trim();
  const said = await host.shell(
    `meshover token gen --controlserver ${CONTROLLER} --controller-ca ${ca} ` +
      "--password-file /etc/meshover/controller-password",
  );
  return { ca, token: said.trim().split(" ")[1]! };
}

/** Configures an agent and starts it, as the README says. */
export async function startAgent(host: SystemdHost, invitation: Invitation): Promise<void> {
  const config =
    // Not BFD's default: packets are counted, and three machines that boot may hold each other up for its 0.9 s.
    `controlserver: [${CONTROLLER}]\ncontroller-ca: ${invitation.ca}\nfrr: system\nbfd: wan\n`;
  await host.shell(
    `printf '%s' "$1" > /etc/meshover/agent.yaml; echo "$2" > /etc/meshover/agenttoken
    systemctl enable --now meshover-agent`.replace("$1", config).replace("$2", invitation.token),
    { deadlineS: 180 },
  );
}

/** The IPv4 address that the mesh gave to a machine. */
export async function meshAddress(host: SystemdHost): Promise<string> {
  return await waitFor(`${host.name} has an address in the mesh`, async () => {
    const said = await host.shell("ip -4 -o addr show dev dummy-meshover0");
    return /inet ([0-9.]+)/.exec(said)?.[1];
  });
}

/** Waits until one machine gets answers from another over the mesh. */
export async function untilReached(
  from: SystemdHost,
  address: string,
  deadlineS = 90,
): Promise<void> {
  await waitFor(`${from.name} reaches ${address}`, async () => {
    return (await from.tryExec(["ping", "-n", "-c", "1", "-W", "1", address])).code === 0;
  }, { deadlineS, everyMs: 50 });
}
