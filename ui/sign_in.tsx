/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { call, wordsOf } from "./call.ts";
import { live } from "./live.ts";

/** Asks for the admin password. */
export function SignIn(): JSX.Element {
  const [trouble, setTrouble] = useState("");
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setTrouble("");
    try {
      await call("POST", { path: "/ui/session", body: { password: field.current?.value ?? "" } });
      live.start();
    } catch (error) {
      setTrouble(wordsOf(error));
      setBusy(false);
      field.current?.select();
    }
  };
  return (
    <main class="sign-in" id="main">
      <h1>meshover</h1>
      <form onSubmit={submit}>
        <input type="text" name="username" value="admin" autocomplete="username" hidden readOnly />
        <label for="password">Admin password</label>
        <input
          ref={field}
          id="password"
          name="password"
          type="password"
          autocomplete="current-password"
          required
          aria-describedby="trouble"
          aria-invalid={trouble !== ""}
        />
        <button type="submit" class="main" disabled={busy}>
          {busy ? "Signing in…" : "Sign in"}
        </button>
        <p id="trouble" class="error-text" role="alert">{trouble}</p>
      </form>
    </main>
  );
}
