import type { Problem } from "./problem.ts";

/** A request that the controller turns down; becomes a problem answer (RFC 9457). */
export class Refusal extends Error {
  override readonly name = "Refusal";
  /** HTTP status. */
  readonly status: number;
  /** Stable word for programs. */
  readonly code: string;

  /** `detail` is one sentence for people: what is wrong and what to do. */
  constructor(problem: Pick<Problem, "status" | "code" | "detail">) {
    super(problem.detail);
    this.status = problem.status;
    this.code = problem.code;
  }
}
