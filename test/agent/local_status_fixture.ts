import type { LocalStatus } from "../../lib/agent/local_status.ts";
import type { HostName } from "../../lib/model/host_name.ts";

/** When the fixture's status was written, milliseconds since 1970. */
export const WRITTEN_MS = Date.parse("2026-01-02T03:04:05.000Z");

/** The status of a node with two peers, one of which is down. */
export function localStatus(change: Partial<LocalStatus> = {}): LocalStatus {
  return {
    name: "node1" as HostName,
    number: 1,
    version: "0.1.0",
    at: "2026-01-02T03:04:05.000Z",
    written: "2026-01-02T03:04:05.000Z",
    parts: { wg: "kernel", tunnels: "gre,vxlan", dummy: "dummy", frr: "system" },
    asn: 4_200_000_001,
    addresses: ["10.128.0.1/32", "fd00:beef:beef:1::1/64"],
    controller: {
      url: "https://controller.example:8080",
      state: "connected",
      since: "2026-01-02T03:00:05.000Z",
      reason: null,
    },
    lastError: null,
    reconcile: { at: "2026-01-02T03:04:05.000Z", tookMs: 42, done: 0, failed: [] },
    peers: [
      {
        number: 2,
        name: "node2" as HostName,
        tunnel: "meshover0-tun2",
        endpoint: "[2001:db8::2]:12912",
        handshakeAgeS: 12,
        rxBytes: 4096,
        txBytes: 1_572_864,
        bgp: "Established",
        prefixesReceived: 3,
        prefixesSent: 5,
      },
      {
        number: 100,
        name: "node100" as HostName,
        tunnel: "meshover0-100",
        endpoint: null,
        handshakeAgeS: null,
        rxBytes: 0,
        txBytes: 148,
        bgp: null,
        prefixesReceived: null,
        prefixesSent: null,
      },
    ],
    ...change,
  };
}
