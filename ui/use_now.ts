/// <reference lib="dom" />
import { useEffect, useState } from "preact/hooks";

/** Milliseconds since 1970, anew every `everyMs`. */
export function useNow(everyMs = 5_000): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
