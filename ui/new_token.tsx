/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { TokenAnswer } from "../lib/model/tokens_api.ts";
import { agentCommand } from "./agent_command.ts";
import { QrCode } from "./qr_code.tsx";
import type { TokenWish } from "./token_form.tsx";

/** A token that was just made: the only time it is shown. */
export function NewToken(
  { token, wish, ca }: { token: TokenAnswer; wish: TokenWish; ca: string | null },
): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const [copied, setCopied] = useState("");
  const command = agentCommand({
    origin: location.origin,
    token: token.token,
    ca,
    name: wish.name,
  });
  useEffect(() => {
    setCopied("");
    heading.current?.focus();
  }, [token.id]);
  return (
    <section class="card new-token" aria-labelledby="made">
      <h2 id="made" tabIndex={-1} ref={heading}>Token {token.id} is made</h2>
      <p>Run this on the machine that is to join. The token is not shown again.</p>
      <label class="hidden" for="command">Command</label>
      <textarea
        id="command"
        ref={field}
        readOnly
        rows={4}
        class="mono"
        value={command}
        spellcheck={false}
      />
      <p>
        <button
          type="button"
          class="main"
          onClick={async () =>
            setCopied(await copy(field.current, command) ? "Copied." : "Press Ctrl+C.")}
        >
          Copy the command
        </button>{" "}
        <span role="status">{copied}</span>
      </p>
      <QrCode text={command} label="The command as a QR code" />
    </section>
  );
}

/** Pages that came by plain http have no clipboard; what is selected can be copied everywhere. */
async function copy(field: HTMLTextAreaElement | null, text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    field?.select();
    return document.execCommand("copy");
  }
}
