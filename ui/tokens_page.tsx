/// <reference lib="dom" />
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { TokenAnswer, TokensAnswer } from "../lib/model/tokens_api.ts";
import type { DashboardFacts } from "../lib/model/mesh_view.ts";
import { NewToken } from "./new_token.tsx";
import { TokenForm, type TokenWish } from "./token_form.tsx";
import { TokenTable } from "./token_table.tsx";
import { useAnswer } from "./use_answer.ts";

/** Agent tokens: make, list, revoke. */
export function TokensPage({ about }: { about: DashboardFacts | undefined }): JSX.Element {
  const { answer, trouble, again } = useAnswer<TokensAnswer>("/v1/tokens", 5_000);
  const [made, setMade] = useState<{ token: TokenAnswer; wish: TokenWish } | undefined>();
  return (
    <div class="tokens">
      <h1>Tokens</h1>
      <p class="quiet">
        A token lets a machine join the mesh. Nodes that joined stay when it is revoked.
      </p>
      <div class="two">
        <TokenForm
          onMade={(token, wish) => {
            setMade({ token, wish });
            again();
          }}
        />
        {made !== undefined && <NewToken {...made} ca={about?.ca ?? made.token.ca} />}
      </div>
      {trouble !== "" && <p class="error-text" role="alert">{trouble}</p>}
      {answer !== undefined && <TokenTable tokens={answer.tokens} onRevoked={again} />}
    </div>
  );
}
