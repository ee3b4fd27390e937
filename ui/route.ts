/// <reference lib="dom" />
import { useEffect, useState } from "preact/hooks";

/** A page of the dashboard. */
export type Page =
  | { readonly kind: "mesh"; readonly group: string | undefined }
  | { readonly kind: "node"; readonly name: string }
  | { readonly kind: "routes" }
  | { readonly kind: "tokens" }
  | { readonly kind: "log" };

/** The page that the part after `#` of an address names. */
export function pageOf(hash: string): Page {
  const [, kind, ...rest] = hash.replace(/^#/, "").split("/");
  const name = decodeURIComponent(rest.join("/"));
  if (kind === "node" && name !== "") return { kind: "node", name };
  if (kind === "routes" || kind === "tokens" || kind === "log") return { kind };
  return { kind: "mesh", group: kind === "group" && name !== "" ? name : undefined };
}

/** Address of a node's page. */
export function nodeHref(name: string): string {
  return `#/node/${encodeURIComponent(name)}`;
}

/** Address of the overview of one group of nodes. */
export function groupHref(name: string): string {
  return `#/group/${encodeURIComponent(name)}`;
}

/** The page that is open. */
export function usePage(): Page {
  const [page, setPage] = useState(pageOf(location.hash));
  useEffect(() => {
    const onChange = () => {
      setPage(pageOf(location.hash));
      scrollTo(0, 0);
    };
    addEventListener("hashchange", onChange);
    return () => removeEventListener("hashchange", onChange);
  }, []);
  return page;
}
