import assert from "node:assert/strict";
import { agentCommand } from "../../ui/agent_command.ts";

const TOKEN = "ab".repeat(32);

Deno.test("agentCommand() pins the CA where there is one", () => {
  assert.equal(
    agentCommand({ origin: "https://c.example:8080", token: TOKEN, ca: "sha256:12", name: null }),
    `sudo meshover agent --controlserver https://c.example:8080 --controller-ca sha256:12 --agenttoken ${TOKEN}`,
  );
});

Deno.test("agentCommand() says so when the controller is reached in the clear", () => {
  const command = (origin: string) =>
    agentCommand({ origin, token: TOKEN, ca: null, name: "tokyo" });
  assert.ok(command("http://10.0.0.1:8080").includes(" --insecure-http "));
  assert.ok(!command("http://127.0.0.1:8080").includes("--insecure-http"));
  assert.ok(command("http://127.0.0.1:8080").endsWith(" --hostname tokyo"));
});
