/// <reference lib="dom" />
import { hasText, LOOSE } from "./browser.ts";
import { hasAllWell, onStage, signedIn } from "./dashboard_stage.ts";
import { whileTelling } from "./while_telling.ts";

// In a file of its own: it waits for half a minute, while other files are run.
Deno.test(
  "a node that falls silent is called so, and heard again when it tells",
  LOOSE,
  async () => {
    await onStage(async (stage) => {
      const { page } = await signedIn(stage);
      const { mesh } = stage;
      await whileTelling(
        () => Promise.all([mesh.tell(mesh.node("tokyo")), mesh.tell(mesh.node("sapporo"))]),
        () => hasText(page, ".verdict h1", "osaka is silent"),
      );
      await hasAllWell(stage, page);
      await hasText(page, ".events", "osaka is heard again");
    });
  },
);
