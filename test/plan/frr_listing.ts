/**
 * FRR's configuration as far as comparing it needs: it takes the lines of a session, numbers the entries of lists,
 * lists some things in other words, hides a default, and lets everything of a neighbour go with it.
 */
export class FrrListing {
  readonly #top: Node = { line: "", children: [] };
  #sequence = 0;

  /** @throws when a line takes back what is not there. */
  session(lines: readonly string[]): void {
    let path = [this.#top];
    for (const raw of lines) {
      const line = raw.trim();
      if (/^exit/.test(line)) path = path.slice(0, -1);
      else if (CONTEXT.test(line)) path = [...path, this.#enter(path.at(-1)!, line)];
      else if (line.startsWith("no ") && !DEFAULT_ON.has(line.slice(3))) {
        this.#drop(path.at(-1)!, line.slice(3));
      } else this.#set(path.at(-1)!, line);
    }
    if (path.length !== 1) throw new Error(`the session ends inside ${path.at(-1)!.line}`);
  }

  /** As `show running-config` prints it. */
  text(): string {
    return `Building configuration...\n\nCurrent configuration:\n!\n${
      print(this.#top.children, "")
    }!\nend\n`;
  }

  #enter(parent: Node, line: string): Node {
    const known = parent.children.find((one) => one.line === line);
    if (known !== undefined) return known;
    const made = { line, children: [], context: true };
    parent.children.push(made);
    return made;
  }

  #set(parent: Node, given: string): void {
    const numbered = given.replace(
      /^((?:ip|ipv6) prefix-list \S+) (?=permit|deny)/,
      (_all, list) => `${list} seq ${this.#sequence += 5} `,
    );
    const line = numbered.replace(/^(neighbor \S+ ebgp-multihop)$/, "$1 255");
    const bare = (text: string) => text.replace(/ seq \d+/, "");
    if (parent.children.some((one) => bare(one.line) === bare(line))) return;
    const single = SINGLE.exec(line)?.[0];
    if (single !== undefined) {
      parent.children = parent.children.filter((one) => !one.line.startsWith(single));
    }
    if (DEFAULT_ON.has(line)) {
      parent.children = parent.children.filter((one) => one.line !== `no ${line}`);
      return;
    }
    if (HIDDEN.has(line)) return;
    parent.children.push({ line, children: [] });
  }

  #drop(parent: Node, line: string): void {
    const bare = (text: string) => text.replace(/ seq \d+/, "");
    const gone = parent.children.filter((one) =>
      bare(one.line) === bare(line) || bare(one.line).startsWith(`${line.trim()} `)
    );
    if (gone.length === 0) throw new Error(`"no ${line}": there is none in ${parent.line}`);
    parent.children = parent.children.filter((one) => !gone.includes(one));
    const neighbor = /^neighbor (\S+) (interface|peer-group$)/.exec(line)?.[1];
    if (neighbor !== undefined) forget(parent, neighbor);
  }
}

interface Node {
  readonly line: string;
  children: Node[];
  readonly context?: boolean;
}

/** What enters a context. */
export const CONTEXT: RegExp =
  /^(router |interface |route-map \S+ (permit|deny)|bfd$|profile |address-family )/;
const SINGLE =
  /^(bgp router-id|neighbor \S+ (description|timers connect|timers(?= \d)|bfd profile)|detect-multiplier|receive-interval|transmit-interval|match (interface|ip address|ipv6 address)) /;
/** Switches that are on unless they are taken back. */
const DEFAULT_ON = new Set([
  "bgp ebgp-requires-policy",
  "bgp default ipv4-unicast",
  "bgp network import-check",
  "ipv6 nd suppress-ra",
]);
/** Values that are FRR's own defaults. */
const HIDDEN = new Set(["detect-multiplier 3", "receive-interval 300", "transmit-interval 300"]);

function forget(parent: Node, neighbor: string): void {
  parent.children = parent.children.filter((one) => !one.line.startsWith(`neighbor ${neighbor} `));
  for (const child of parent.children) forget(child, neighbor);
}

function print(nodes: readonly Node[], indent: string): string {
  return nodes
    .filter((node) =>
      node.children.length > 0 || !node.context || /^(route-map|profile|router)/.test(node.line)
    )
    .map((node) =>
      `${indent}${node.line}\n${print(node.children, `${indent} `)}${
        node.context ? `${indent}exit\n!\n` : ""
      }`
    )
    .join("");
}
