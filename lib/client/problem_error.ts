import type { Problem } from "../model/problem.ts";
import { StateError } from "../model/errors.ts";

/** The controller answered, and refused (RFC 9457 problem). */
export class ProblemError extends StateError {
  /** HTTP status. */
  readonly status: number;
  /** Stable word for programs, for example `token_unknown`, `node_removed`. */
  readonly code: string;
  /** One sentence for people. */
  readonly detail: string;

  /** `action` completes "Cannot …". */
  constructor(action: string, problem: Pick<Problem, "status" | "code" | "detail">) {
    super(`Cannot ${action}: ${problem.detail} (${problem.status} ${problem.code})`);
    this.status = problem.status;
    this.code = problem.code;
    this.detail = problem.detail;
  }
}
