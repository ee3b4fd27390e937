import { InputError } from "../../model/errors.ts";
import { ROUTE_MODES } from "../../model/route_policy.ts";
import { parsePrefix } from "../../model/prefix.ts";
import { parseListenAddress } from "../../controller/listen_address.ts";
import { type Command, defineCommand } from "../command.ts";
import { databaseFlags, placeOf } from "../database_flags.ts";
import {
  choice,
  defaultFlag,
  duration,
  listFlag,
  secretFlag,
  switchFlag,
  text,
  valueFlag,
} from "../flag.ts";

const flags = {
  listen: defaultFlag({
    placeholder: "ADDRESS:PORT",
    summary: "where agents and people reach it; port 0 takes a free one",
    parse: parseListenAddress,
    fallback: "[::]:8080",
  }),
  password: secretFlag("PASSWORD", "the admin password"),
  ...databaseFlags,
  wgaddress: listFlag({
    placeholder: "PREFIX,…",
    summary:
      "pools of tunnel addresses; a node gets one of each family from the first pool with room",
    parse: parsePrefix,
    fallback: "10.192.0.0/12",
  }),
  assignaddress: listFlag({
    placeholder: "PREFIX,…",
    summary: "pools of node addresses; a node gets one from each",
    parse: parsePrefix,
    fallback: "10.128.0.0/12,fd00:beef:beef::/48",
  }),
  quarantine: defaultFlag({
    placeholder: "TIME",
    summary: "how long the addresses of a removed node rest",
    parse: duration,
    fallback: "7d",
  }),
  "trusted-proxies": listFlag({
    placeholder: "PREFIX,…",
    summary: "proxies in front of it whose X-Forwarded-For is believed",
    parse: parsePrefix,
  }),
  "tls-cert": valueFlag("FILE", "certificate chain (PEM) in place of one from its own CA", text),
  "tls-key": valueFlag("FILE", "private key (PEM) of --tls-cert", text),
  "tls-name": listFlag({
    placeholder: "NAME,…",
    summary: "further names and addresses for the certificate from its own CA",
    parse: text,
  }),
  "route-policy": defaultFlag({
    placeholder: "open|approve",
    summary:
      "which routes nodes take from each other: all but those never allowed, or approved ones",
    parse: choice(ROUTE_MODES),
    fallback: "open",
  }),
  "insecure-http": switchFlag("plain http on an address that is not loopback"),
  "metrics-token": secretFlag(
    "TOKEN",
    "lets Prometheus scrape /metrics with it as bearer credential",
  ),
  "metrics-open": switchFlag("let everybody scrape /metrics"),
};

/** `meshover controller`. */
const controller: Command = defineCommand({
  name: "controller",
  summary: "hand out addresses and keep the nodes of a mesh in touch",
  flags,
  run: async ({ flags }) => {
    if (flags.password === undefined || flags.password === "") {
      throw new InputError(
        "--password is missing; give --password-file FILE, or MESHOVER_PASSWORD in the environment",
      );
    }
    if ((flags["tls-cert"] === undefined) !== (flags["tls-key"] === undefined)) {
      throw new InputError("--tls-cert and --tls-key belong together; give both or neither");
    }
    const { runController } = await import("../run_controller.ts");
    return await runController({
      listen: flags.listen,
      password: flags.password,
      place: placeOf(flags),
      pools: { tunnelPools: [...flags.wgaddress], nodePools: [...flags.assignaddress] },
      quarantineDays: flags.quarantine / 86_400,
      trustedProxies: flags["trusted-proxies"],
      tls: { cert: flags["tls-cert"], key: flags["tls-key"], names: flags["tls-name"] },
      routeMode: flags["route-policy"],
      insecureHttp: flags["insecure-http"],
      metrics: { open: flags["metrics-open"], token: flags["metrics-token"] },
    });
  },
});
export default controller;
