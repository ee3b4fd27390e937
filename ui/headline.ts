import type { MeshView } from "../lib/model/mesh_view.ts";
import { count } from "./words.ts";

/** The answer to the one question: is the network well, and if not, where. */
export interface Headline {
  readonly tone: "well" | "trouble" | "silent" | "empty";
  readonly title: string;
  readonly detail: string;
}

/** Reads it off the mesh. */
export function headline(view: MeshView): Headline {
  const total = view.nodes.length;
  if (total === 0) {
    return {
      tone: "empty",
      title: "No nodes yet",
      detail: "Make a token, and let the first machine join.",
    };
  }
  const silent = view.nodes.filter((n) => n.state === "silent");
  const unheard = view.nodes.filter((n) => n.state === "unheard").length;
  const failing = view.nodes.filter((n) => n.failed > 0).length;
  const parts = [
    silent.length === 0
      ? ""
      : silent.length === 1
      ? `${silent[0]!.name} is silent`
      : `${silent.length.toLocaleString("en")} of ${count(total, "node")} are silent`,
    view.faultCount === 0
      ? ""
      : `${count(view.faultCount, "link")} ${view.faultCount === 1 ? "is" : "are"} not well`,
    failing === 0 ? "" : `${count(failing, "node")} cannot make a change`,
  ].filter((part) => part !== "");
  const waiting = unheard === 0
    ? ""
    : `${count(unheard, "node")} not heard of since the controller started.`;
  if (parts.length > 0) {
    const [title, ...rest] = parts as [string, ...string[]];
    const detail = [rest.length === 0 ? "" : `${rest.join(", ")}.`, waiting].filter((p) => p !== "")
      .join(" ");
    return { tone: silent.length > 0 ? "silent" : "trouble", title, detail };
  }
  if (unheard > 0) {
    return {
      tone: "silent",
      title: unheard === total ? "Waiting for the nodes to tell" : waiting.replace(/\.$/, ""),
      detail: "",
    };
  }
  return {
    tone: "well",
    title: total === 1 ? "The node is well" : `All ${total.toLocaleString("en")} nodes are well`,
    detail: total === 1
      ? "It has no peers yet."
      : "Every link has a fresh handshake and its routes.",
  };
}
