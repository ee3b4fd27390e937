/// <reference lib="dom" />
import { useCallback, useEffect, useState } from "preact/hooks";
import { call, RefusedError, wordsOf } from "./call.ts";
import { live } from "./live.ts";

/** What the controller answered last to a question that is asked again and again. */
export interface Asked<T> {
  readonly answer: T | undefined;
  readonly trouble: string;
  /** Asks again now. */
  readonly again: () => void;
}

/** Asks for `path` at once, then every `everyMs` while the page is seen. */
export function useAnswer<T>(path: string, everyMs: number): Asked<T> {
  const [kept, setKept] = useState<{ path: string; answer: T | undefined; trouble: string }>({
    path,
    answer: undefined,
    trouble: "",
  });
  const ask = useCallback(async () => {
    try {
      const answer = await call<T>("GET", { path });
      setKept({ path, answer: answer ?? undefined, trouble: "" });
    } catch (error) {
      if (error instanceof RefusedError && error.status === 401) live.refused();
      setKept((old) => ({
        path,
        answer: old.path === path ? old.answer : undefined,
        trouble: wordsOf(error),
      }));
    }
  }, [path]);
  useEffect(() => {
    void ask();
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") void ask();
    }, everyMs);
    return () => clearInterval(timer);
  }, [ask, everyMs]);
  const current = kept.path === path;
  return {
    answer: current ? kept.answer : undefined,
    trouble: current ? kept.trouble : "",
    again: () => void ask(),
  };
}
