import { equalInConstantTime } from "./hash.ts";

/** Who may scrape besides the admin. */
export class MetricsAccess {
  readonly #token: string | undefined;
  readonly #open: boolean;

  /** `open` for everybody; `token` for who shows it as bearer credential. */
  constructor(options: { open: boolean; token: string | undefined }) {
    this.#token = options.token === "" ? undefined : options.token;
    this.#open = options.open;
  }

  /** Whether a request with this `Authorization` header may scrape. */
  allows(header: string | undefined): boolean {
    if (this.#open) return true;
    const shown = /^bearer +(\S+)$/i.exec(header ?? "")?.[1];
    if (this.#token === undefined || shown === undefined) return false;
    return equalInConstantTime(shown, this.#token);
  }
}
