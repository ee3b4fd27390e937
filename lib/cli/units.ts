/** A number of bytes for people: `512 B`, `1.5 KiB`. */
export function bytes(count: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** A number of seconds for people: `12 s`, `3 min`, `2 h`, `5 d`. */
export function seconds(count: number): string {
  if (count < 120) return `${Math.round(count)} s`;
  if (count < 7200) return `${Math.round(count / 60)} min`;
  if (count < 172_800) return `${Math.round(count / 3600)} h`;
  return `${Math.round(count / 86_400)} d`;
}
