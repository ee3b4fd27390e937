/// <reference lib="dom" />
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { TokenRow } from "../lib/model/tokens_api.ts";
import { call, wordsOf } from "./call.ts";
import { useNow } from "./use_now.ts";
import { ago, span } from "./words.ts";

/** All tokens, newest first, with a button to revoke those that are still good. */
export function TokenTable(
  { tokens, onRevoked }: { tokens: readonly TokenRow[]; onRevoked: () => void },
): JSX.Element {
  const [chosen, setChosen] = useState<TokenRow | undefined>();
  const dialog = useRef<HTMLDialogElement>(null);
  const ask = (token: TokenRow) => {
    setChosen(token);
    dialog.current?.showModal();
  };
  return (
    <section class="card" aria-labelledby="all-tokens">
      <h2 id="all-tokens">All tokens</h2>
      {tokens.length === 0 && <p class="quiet">None yet.</p>}
      {tokens.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label="Table of tokens">
          <table>
            <thead>
              <tr>
                <th scope="col">Token</th>
                <th scope="col">State</th>
                <th scope="col">For</th>
                <th scope="col">Used</th>
                <th scope="col" class="rank2">Made</th>
                <th scope="col" class="rank2">Good until</th>
                <th scope="col">
                  <span class="hidden">Revoke</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {tokens.toReversed().map((token) => <Row key={token.id} token={token} onAsk={ask} />)}
            </tbody>
          </table>
        </div>
      )}
      <RevokeDialog dialog={dialog} token={chosen} onRevoked={onRevoked} />
    </section>
  );
}

function Row({ token, onAsk }: { token: TokenRow; onAsk: (token: TokenRow) => void }): JSX.Element {
  const now = useNow(30_000);
  const left = token.expiresAt === null ? Infinity : (Date.parse(token.expiresAt) - now) / 1000;
  const good = token.state === "valid";
  return (
    <tr class={good ? "" : "past"}>
      <th scope="row">
        {token.id} <span class="mono quiet">{token.prefix}…</span>
      </th>
      <td>{token.state}{token.once ? ", once" : ""}</td>
      <td>{token.note}{token.name === null ? "" : ` (only ${token.name})`}</td>
      <td>
        {token.uses === 0
          ? "never"
          : `${token.uses} ×, ${ago(token.lastUsedAt ?? token.createdAt, now)}`}
      </td>
      <td class="rank2">{ago(token.createdAt, now)}</td>
      <td class="rank2">
        {left === Infinity ? "for ever" : left <= 0 ? "over" : `${span(Math.round(left))} more`}
      </td>
      <td>
        {good && (
          <button
            type="button"
            class="plain"
            onClick={() => onAsk(token)}
            aria-label={`Revoke token ${token.id}`}
          >
            Revoke
          </button>
        )}
      </td>
    </tr>
  );
}

interface DialogProps {
  readonly dialog: { readonly current: HTMLDialogElement | null };
  readonly token: TokenRow | undefined;
  readonly onRevoked: () => void;
}

function RevokeDialog({ dialog, token, onRevoked }: DialogProps): JSX.Element {
  const [trouble, setTrouble] = useState("");
  const revoke = async () => {
    setTrouble("");
    try {
      await call("DELETE", { path: `/v1/tokens/${token?.id}` });
      dialog.current?.close();
      onRevoked();
    } catch (error) {
      setTrouble(wordsOf(error));
    }
  };
  return (
    <dialog ref={dialog as never} aria-labelledby="revoke">
      <h2 id="revoke">Revoke token {token?.id}?</h2>
      <p>No machine can join with it any more. Nodes that joined with it stay.</p>
      <p class="error-text" role="alert">{trouble}</p>
      <div class="bar">
        <button type="button" class="main bad" onClick={revoke}>Revoke</button>
        <button type="button" class="plain" onClick={() => dialog.current?.close()}>Keep it</button>
      </div>
    </dialog>
  );
}
