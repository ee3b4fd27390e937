import type { z } from "zod";
import type { AuditAnswer } from "../model/audit_api.ts";
import type { EnrolAnswer, EnrolRequest } from "../model/enrolment_api.ts";
import type { FeedAnswer } from "../model/feed_api.ts";
import type { NodeStatus, StatusAnswer } from "../model/node_status.ts";
import type {
  AssignmentAnswer,
  NodeAddRequest,
  NodeAnswer,
  NodeChange,
  NodeRow,
  NodesAnswer,
} from "../model/nodes_api.ts";
import type { Health } from "../model/problem.ts";
import type { RouteDecisionRequest, RoutesAnswer } from "../model/routes_api.ts";
import type { TokenAnswer, TokenRequest, TokensAnswer } from "../model/tokens_api.ts";
import { FEED_WAIT_S } from "../model/feed_api.ts";
import { StateError } from "../model/errors.ts";
import type { HostName } from "../model/host_name.ts";
import type { NodeReport } from "../model/node.ts";
import { type Route, ROUTES } from "../model/routes.ts";
import type { Connections } from "./connections.ts";
import type { ControllerUrl } from "./controller_url.ts";
import { type CallSpec, type Credential, exchange, type FetchLike } from "./exchange.ts";
import { UnreachableError } from "./unreachable_error.ts";

/** How to make a client. */
export interface ClientOptions {
  /** Controllers of one mesh; the next one is tried when one cannot be reached. */
  readonly urls: readonly ControllerUrl[];
  /** Sent with every call that wants one. */
  readonly credential: Credential;
  /** In place of the global `fetch`, for example one that pins the controller's CA. */
  readonly fetch?: FetchLike;
  /** In place of {@link ClientOptions.fetch}: connections that can be given up. */
  readonly connections?: Connections;
  /** Longest wait for an answer, milliseconds (default 10,000); the feed adds {@link FEED_WAIT_S}. */
  readonly timeoutMs?: number;
}

/** Options of every call. */
export interface CallOptions {
  readonly signal?: AbortSignal;
}

/**
 * Typed client of the controller's API. Answers are validated; a refusal is a {@link ProblemError}, everything else
 * that keeps an answer from coming is an {@link UnreachableError}, an abort by `signal` throws the signal's reason.
 */
export class ControllerClient {
  readonly #options: ClientOptions;
  #current = 0;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** The controller that answered last, or the first. */
  get url(): ControllerUrl {
    return this.#options.urls[this.#current]!;
  }

  /** The same controllers with another credential, for example the node's secret after enrolling. */
  as(credential: Credential): ControllerClient {
    return new ControllerClient({ ...this.#options, credential });
  }

  /** The same, waiting longer for answers. @param timeoutMs milliseconds */
  patient(timeoutMs: number): ControllerClient {
    return new ControllerClient({ ...this.#options, timeoutMs });
  }

  /** Gives up all connections, because the way they take is gone; calls that wait for an answer begin again. */
  renew(): void {
    this.#options.connections?.renew();
  }

  /** Enrols this node (credential: agent token); safe to repeat with the same name and secret. */
  enrol(request: EnrolRequest, options?: CallOptions): Promise<EnrolAnswer> {
    return this.#call(ROUTES.enrol, {
      action: `enrol "${request.name}"`,
      body: request,
      ...options,
    });
  }

  /** Replaces what this node told about itself (credential: node). */
  report(report: NodeReport, options?: CallOptions): Promise<EnrolAnswer> {
    return this.#call(ROUTES.report, { action: "report this node", body: report, ...options });
  }

  /** Announces the node's next secret (credential: node); store it first, then call, then use it. */
  async rotateSecret(secret: string, options?: CallOptions): Promise<void> {
    await this.#call(ROUTES.rotateSecret, {
      action: "change the node's secret",
      body: { secret },
      ...options,
    });
  }

  /** Waits up to {@link FEED_WAIT_S} for a revision newer than `since` (credential: node). */
  feed(options: { since: number; signal?: AbortSignal }): Promise<FeedAnswer> {
    const { since, ...rest } = options;
    return this.#call(ROUTES.feed, {
      action: "follow the mesh",
      query: { since: String(since) },
      extraMs: FEED_WAIT_S * 1000,
      ...rest,
    });
  }

  /** Sends what this node sees (credential: node). */
  postStatus(status: NodeStatus, options?: CallOptions): Promise<StatusAnswer> {
    return this.#call(ROUTES.status, { action: "send the status", body: status, ...options });
  }

  /** All nodes (credential: admin, as in all calls below). */
  nodes(options?: CallOptions): Promise<NodesAnswer> {
    return this.#call(ROUTES.nodes, { action: "list the nodes", ...options });
  }

  /** One enrolled node, or what a reserved name will get. */
  nodeOrReserved(name: HostName, options?: CallOptions): Promise<NodeAnswer> {
    return this.#call(ROUTES.node, { action: `show node "${name}"`, params: { name }, ...options });
  }

  /** One enrolled node. @throws {StateError} for a name that is only reserved. */
  async node(name: HostName, options?: CallOptions): Promise<NodeRow> {
    const answer = await this.nodeOrReserved(name, options);
    if ("peer" in answer) return answer;
    throw new StateError(`Cannot show node "${name}": it has not enrolled yet`);
  }

  /** Reserves a name and addresses. */
  addNode(request: NodeAddRequest, options?: CallOptions): Promise<AssignmentAnswer> {
    return this.#call(ROUTES.addNode, {
      action: `add node "${request.name}"`,
      body: request,
      ...options,
    });
  }

  /** Changes a node's addresses or AS number. */
  setNode(
    change: NodeChange & { name: HostName },
    options?: CallOptions,
  ): Promise<AssignmentAnswer> {
    const { name, ...body } = change;
    return this.#call(ROUTES.setNode, {
      action: `change node "${name}"`,
      params: { name },
      body,
      ...options,
    });
  }

  /** Removes a node from the mesh. */
  async removeNode(name: HostName, options?: CallOptions): Promise<void> {
    await this.#call(ROUTES.removeNode, {
      action: `remove node "${name}"`,
      params: { name },
      ...options,
    });
  }

  /** Lets the name enrol again with a new secret. */
  async resetNode(name: HostName, options?: CallOptions): Promise<void> {
    await this.#call(ROUTES.resetNode, {
      action: `reset node "${name}"`,
      params: { name },
      ...options,
    });
  }

  /** Whose routes are taken, what was decided, what waits. */
  routes(options?: CallOptions): Promise<RoutesAnswer> {
    return this.#call(ROUTES.routes, { action: "list the routes", ...options });
  }

  /** Approves or denies a prefix, or takes that back. */
  async decideRoute(request: RouteDecisionRequest, options?: CallOptions): Promise<void> {
    const body = request;
    await this.#call(ROUTES.decideRoute, {
      action: `decide on ${request.prefix}`,
      body,
      ...options,
    });
  }

  /** Asks a node to make a new secret. */
  async rotateNode(name: HostName, options?: CallOptions): Promise<void> {
    await this.#call(ROUTES.rotateNode, {
      action: `ask node "${name}" for a new secret`,
      params: { name },
      ...options,
    });
  }

  /** Makes an agent token. */
  createToken(request: Partial<TokenRequest>, options?: CallOptions): Promise<TokenAnswer> {
    return this.#call(ROUTES.createToken, { action: "make a token", body: request, ...options });
  }

  /** All agent tokens. */
  tokens(options?: CallOptions): Promise<TokensAnswer> {
    return this.#call(ROUTES.tokens, { action: "list the tokens", ...options });
  }

  /** Revokes an agent token. */
  async revokeToken(id: number, options?: CallOptions): Promise<void> {
    await this.#call(ROUTES.revokeToken, {
      action: `revoke token ${id}`,
      params: { id: String(id) },
      ...options,
    });
  }

  /** The newest `limit` audit entries. */
  audit(options: { limit: number; signal?: AbortSignal }): Promise<AuditAnswer> {
    const { limit, ...rest } = options;
    return this.#call(ROUTES.audit, {
      action: "read the audit log",
      query: { limit: String(limit) },
      ...rest,
    });
  }

  /** Whether a controller can serve. */
  ready(options?: CallOptions): Promise<Health> {
    return this.#call(ROUTES.readyz, { action: "ask whether the controller is ready", ...options });
  }

  /** Tries the controllers in turn, beginning with the one that answered last. */
  async #call<R extends Route>(route: R, spec: CallSpec): Promise<z.output<R["answer"]>> {
    const { urls, credential, timeoutMs = 10_000, connections } = this.#options;
    const fetcher: FetchLike = connections?.fetch ?? this.#options.fetch ??
      ((input, init) => fetch(input, init));
    const failures: string[] = [];
    while (failures.length < urls.length) {
      const url = this.url;
      const lost = connections?.lost;
      const options = { ...spec, url, credential, fetcher, timeoutMs, lost };
      const result = await exchange(route, options);
      if (result.kind === "answer") return result.answer;
      if (result.kind === "lost") continue;
      failures.push(`${url}: ${result.reason}`);
      this.#current = (this.#current + 1) % urls.length;
    }
    throw new UnreachableError(spec.action, failures.join("; "));
  }
}
