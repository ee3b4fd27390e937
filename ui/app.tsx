/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { call } from "./call.ts";
import { headline } from "./headline.ts";
import { live, type LiveState, useLive } from "./live.ts";
import { LogPage } from "./log_page.tsx";
import { NodePage } from "./node_page.tsx";
import { Overview } from "./overview.tsx";
import { type Page, usePage } from "./route.ts";
import { RoutesPage } from "./routes_page.tsx";
import { SignIn } from "./sign_in.tsx";
import { TokensPage } from "./tokens_page.tsx";
import { WaitingCount } from "./waiting_count.tsx";

/** The dashboard. */
export function App(): JSX.Element {
  const state = useLive();
  const page = usePage();
  useEffect(() => {
    const words = state.view === undefined ? "" : headline(state.view).title;
    document.title = words === "" ? "meshover" : `${words} · meshover`;
  }, [state.view]);
  if (state.phase === "signed-out") return <SignIn />;
  return (
    <>
      <a class="skip" href="#main" onClick={toMain}>Skip to the content</a>
      <Header page={page} state={state} />
      <main id="main" tabIndex={-1}>
        {state.phase === "lost" && (
          <p class="banner" role="status">
            The controller does not answer. This is what it told last; trying again.
          </p>
        )}
        {state.view === undefined
          ? <p class="quiet" role="status">Asking the controller…</p>
          : <Content page={page} state={state} />}
      </main>
    </>
  );
}

function toMain(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

function Content({ page, state }: { page: Page; state: LiveState }): JSX.Element {
  switch (page.kind) {
    case "mesh":
      return <Overview state={state} group={page.group} />;
    case "node":
      return <NodePage name={page.name} state={state} />;
    case "routes":
      return <RoutesPage />;
    case "tokens":
      return <TokensPage about={state.about} />;
    case "log":
      return <LogPage events={state.events} />;
    default:
      return page satisfies never;
  }
}

const PAGES = [
  { kind: "mesh", href: "#/", word: "Mesh" },
  { kind: "routes", href: "#/routes", word: "Routes" },
  { kind: "tokens", href: "#/tokens", word: "Tokens" },
  { kind: "log", href: "#/log", word: "Log" },
] as const;

function Header({ page, state }: { page: Page; state: LiveState }): JSX.Element {
  const isLive = state.phase === "live";
  return (
    <header>
      <a class="brand" href="#/">
        <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
          <path d="M8 23 16 8l8 15Z" fill="none" stroke="currentColor" stroke-width="2.5" />
          <circle cx="16" cy="8" r="4.5" />
          <circle cx="8" cy="23" r="4.5" />
          <circle cx="24" cy="23" r="4.5" />
        </svg>
        meshover
      </a>
      <nav aria-label="Pages">
        {PAGES.map(({ kind, href, word }) => (
          <a key={kind} href={href} aria-current={page.kind === kind ? "page" : undefined}>
            {word}
            {kind === "routes" && <WaitingCount />}
          </a>
        ))}
      </nav>
      <span class={isLive ? "link-state on" : "link-state"} role="status">
        {isLive ? "live" : state.phase === "lost" ? "no answer" : "connecting"}
      </span>
      <button type="button" class="plain" onClick={signOut}>Sign out</button>
    </header>
  );
}

async function signOut(): Promise<void> {
  await call("DELETE", { path: "/ui/session" }).catch(() => {});
  live.signedOut();
}
