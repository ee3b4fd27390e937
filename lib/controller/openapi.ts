import { z } from "zod";
import { problemSchema } from "../model/problem.ts";
import { type CredentialKind, type Route, type RouteName, ROUTES } from "../model/routes.ts";
import { VERSION } from "../model/version.ts";

type Json = { readonly [key: string]: unknown };

const SECURITY: Readonly<Record<CredentialKind, readonly Json[]>> = {
  none: [],
  token: [{ agentToken: [] }],
  node: [{ nodeSecret: [] }],
  admin: [{ adminPassword: [] }],
};

const SCHEMES: Json = {
  agentToken: {
    type: "http",
    scheme: "bearer",
    description: "agent token, from `meshover token gen`",
  },
  nodeSecret: {
    type: "http",
    scheme: "bearer",
    description: "the node's own secret, that it enrolled with",
  },
  adminPassword: {
    type: "http",
    scheme: "basic",
    description: "user `admin` and the admin password",
  },
};

/** The description of the API (OpenAPI 3.1), made from the schemas that check requests. */
export function openApi(): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const [name, route] of Object.entries(ROUTES) as [RouteName, Route][]) {
    paths[route.path] = {
      ...paths[route.path],
      [route.method.toLowerCase()]: operation(name, route),
    };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "meshover controller",
      version: VERSION,
      description: "Errors are problem details (RFC 9457) with a stable `code`.",
    },
    paths,
    components: {
      securitySchemes: SCHEMES,
      schemas: { Problem: schemaOf(problemSchema, "output") },
    },
  };
}

function operation(name: RouteName, route: Route): Json {
  const { body } = route;
  return {
    operationId: name,
    summary: route.summary,
    security: SECURITY[route.credential],
    parameters: [...parametersOf(route.params, "path"), ...parametersOf(route.query, "query")],
    ...(body === undefined ? {} : {
      requestBody: {
        required: true,
        content: { "application/json": { schema: schemaOf(body, "input") } },
      },
    }),
    responses: {
      200: {
        description: "done",
        content: { "application/json": { schema: schemaOf(route.answer, "output") } },
      },
      default: {
        description: "refused or failed",
        content: {
          "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } },
        },
      },
    },
  };
}

function parametersOf(schema: z.ZodObject | undefined, where: "path" | "query"): Json[] {
  if (schema === undefined) return [];
  const { properties = {} } = schemaOf(schema, "output") as { properties?: Json };
  return Object.entries(properties).map(([name, of]) => ({
    name,
    in: where,
    required: where === "path",
    schema: of,
  }));
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): Json {
  // Addresses and the like are checked by functions; their `meta` says what they are in text.
  const { $schema: _, ...json } = z.toJSONSchema(schema, { unrepresentable: "any", io });
  return json;
}
