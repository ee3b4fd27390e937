import assert from "node:assert/strict";
import { isLoopback, parseControllerUrl, requireSafeUrl } from "../../lib/client/controller_url.ts";
import { InputError } from "../../lib/model/errors.ts";

Deno.test("parseControllerUrl() takes a URL, and HOST:PORT as https", () => {
  assert.equal(parseControllerUrl("https://c.example:8080/"), "https://c.example:8080");
  assert.equal(parseControllerUrl("192.0.2.1:80"), "https://192.0.2.1:80");
  assert.equal(parseControllerUrl("[2001:db8::1]:8080"), "https://[2001:db8::1]:8080");
});

Deno.test("parseControllerUrl() refuses what is no address of a controller", () => {
  for (
    const bad of [
      "",
      "ftp://c.example",
      "https://u:p@c.example",
      "https://c.example/path",
      "https://",
      "a b",
    ]
  ) {
    assert.throws(() => parseControllerUrl(bad), InputError, bad);
  }
  assert.throws(
    () => parseControllerUrl("https://u:hunter2@c.example"),
    (error) => error instanceof InputError && !error.message.includes("hunter2"),
  );
});

Deno.test("requireSafeUrl() lets secrets go in the clear to this machine only, unless told", () => {
  const http = parseControllerUrl("http://192.0.2.1:80");
  assert.throws(() => requireSafeUrl(http, { insecureHttp: false }), /--insecure-http/);
  requireSafeUrl(http, { insecureHttp: true });
  requireSafeUrl(parseControllerUrl("http://127.0.0.1:80"), { insecureHttp: false });
  requireSafeUrl(parseControllerUrl("http://[::1]:80"), { insecureHttp: false });
});

Deno.test("isLoopback() is not fooled by names", () => {
  assert.equal(isLoopback("127.example.com"), false);
  assert.equal(isLoopback("localhost.example.com"), false);
  assert.equal(isLoopback("localhost"), true);
});
