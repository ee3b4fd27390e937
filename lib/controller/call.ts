import type { z } from "zod";
import type { Route, RouteName, ROUTES } from "../model/routes.ts";
import type { Callers } from "./caller.ts";
import type { Context } from "./context.ts";

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;

/** A request whose credential and form were checked. */
export interface Call<R extends Route> {
  readonly params: Parsed<R["params"]>;
  readonly query: Parsed<R["query"]>;
  readonly body: Parsed<R["body"]>;
  readonly caller: Callers[R["credential"]];
  /** Address that the request came from. */
  readonly source: string;
  readonly context: Context;
}

/** Answers one call: with a value of the route's schema, or with bytes that are one already. */
export type Handler<R extends Route> = (call: Call<R>) => Promise<z.input<R["answer"]> | Response>;

/** A handler for every call. */
export type Handlers = { readonly [K in RouteName]: Handler<typeof ROUTES[K]> };
