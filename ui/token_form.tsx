/// <reference lib="dom" />
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { TokenAnswer } from "../lib/model/tokens_api.ts";
import { call, wordsOf } from "./call.ts";

/** What was asked for. */
export interface TokenWish {
  readonly once: boolean;
  readonly ttlS: number | null;
  readonly note: string;
  readonly name: string | null;
}

const DAY_S = 86_400;
const TIMES: readonly (readonly [string, number | null])[] = [
  ["1 hour", 3600],
  ["1 day", DAY_S],
  ["7 days", 7 * DAY_S],
  ["30 days", 30 * DAY_S],
  ["for ever", null],
];

/** Asks what a new token is to be, and makes it. */
export function TokenForm(
  { onMade }: { onMade: (token: TokenAnswer, wish: TokenWish) => void },
): JSX.Element {
  const [trouble, setTrouble] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const wish = wishOf(new FormData(form));
    setBusy(true);
    setTrouble("");
    try {
      const token = await call<TokenAnswer>("POST", { path: "/v1/tokens", body: wish });
      for (const id of ["note", "name"]) {
        (form.elements.namedItem(id) as HTMLInputElement).value = "";
      }
      if (token !== null) onMade(token, wish);
    } catch (error) {
      setTrouble(wordsOf(error));
    }
    setBusy(false);
  };
  return (
    <form class="card" onSubmit={submit} aria-labelledby="new-token">
      <h2 id="new-token">New token</h2>
      <label for="note">What it is for</label>
      <input id="note" name="note" maxLength={200} placeholder="rack 3" />
      <label for="ttl">Good for</label>
      <select id="ttl" name="ttl">
        {TIMES.map(([word, s]) => (
          <option key={word} value={s ?? ""} selected={s === DAY_S}>{word}</option>
        ))}
      </select>
      <label for="name">
        Only for the host name <small>(any when empty)</small>
      </label>
      <input id="name" name="name" autocapitalize="none" spellcheck={false} />
      <label class="check">
        <input type="checkbox" name="once" /> one machine only
      </label>
      <button type="submit" class="main" disabled={busy}>Make token</button>
      <p class="error-text" role="alert">{trouble}</p>
    </form>
  );
}

function wishOf(data: FormData): TokenWish {
  const text = (key: string) => String(data.get(key) ?? "").trim();
  return {
    once: data.get("once") !== null,
    ttlS: text("ttl") === "" ? null : Number(text("ttl")),
    note: text("note"),
    name: text("name") === "" ? null : text("name").toLowerCase(),
  };
}
