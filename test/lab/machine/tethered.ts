/**
 * `argv` that ends by itself after `deadlineS` seconds, and at once when this process ends in whatever way (`setpriv`
 * asks the kernel for a signal at the parent's death; `timeout` passes it on). `foreground` keeps it in the terminal's
 * foreground, which a program that reads the keyboard needs.
 */
export function tethered(
  argv: readonly string[],
  options: { readonly deadlineS: number; readonly foreground?: boolean },
): string[] {
  const foreground = options.foreground === true ? ["--foreground"] : [];
  return [
    ...["setpriv", "--pdeathsig", "TERM"],
    ...["timeout", ...foreground, "--kill-after=5", String(options.deadlineS)],
    ...argv,
  ];
}
