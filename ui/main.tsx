/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { render } from "preact";
import { App } from "./app.tsx";
import { live } from "./live.ts";

const place = document.getElementById("app");
if (place !== null) {
  place.textContent = "";
  render(<App />, place);
  live.start();
}
