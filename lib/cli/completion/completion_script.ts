import type { CommandWords } from "./command_words.ts";

/** Shells that can complete meshover's command line. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** A text for one of {@link SHELLS}, to be read by it. */
export function completionScript(
  shell: typeof SHELLS[number],
  commands: readonly CommandWords[],
): string {
  return { bash, zsh, fish }[shell](commands);
}

/** First words, each with the words that may follow it. */
function tree(commands: readonly CommandWords[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { name } of commands) {
    const [first = "", second] = name.split(" ");
    found.set(first, [...found.get(first) ?? [], ...(second === undefined ? [] : [second])]);
  }
  return found;
}

function bash(commands: readonly CommandWords[]): string {
  const flags = commands.map(({ name, flags }) =>
    `    "${name}") flags="${flags.map((flag) => `--${flag.name}`).join(" ")}" ;;`
  );
  const nexts = [...tree(commands)].filter(([, next]) => next.length > 0)
    .map(([first, next]) => `    "${first}") next="${next.join(" ")}" ;;`);
  return `# bash completion for meshover
_meshover() {
  local cur=\${COMP_WORDS[COMP_CWORD]} first="" second="" next="" flags="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in -*) ;; *) if [[ -z $first ]]; then first=$word; elif [[ -z $second ]]; then second=$word; fi ;; esac
  done
  case $first in
    "") next="${[...tree(commands).keys()].join(" ")}" ;;
${nexts.join("\n")}
  esac
  case "$first $second" in
${flags.map((line) => line.replace(/"([^" ]+)"\)/, '"$1 "*)')).toReversed().join("\n")}
  esac
  if [[ $cur == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$flags" -- "$cur")
  elif [[ -z $second && -n $next ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$next" -- "$cur")
  fi
}
complete -o default -F _meshover meshover
`;
}

/** Text within single quotes of zsh's \`_arguments\` and \`_describe\`, where colons and brackets have a meaning. */
function zshText(text: string): string {
  return text.replaceAll("'", "'\\''").replaceAll(/[:[\]]/g, "\\$&");
}

function zsh(commands: readonly CommandWords[]): string {
  const cases = commands.toReversed().map(({ name, flags }) => {
    const specs = flags.map(({ name, summary, takesValue }) =>
      `'--${name}[${zshText(summary)}]${takesValue ? ":value:_files" : ""}'`
    );
    const pattern = name.includes(" ") ? `"${name}"` : `"${name}"*`;
    return `    ${pattern}) _arguments ${[...specs, "'*:argument:_files'"].join(" ")} ;;`;
  });
  const described = (under: string, texts: readonly (readonly [string, string])[]) =>
    `    ${under}) local -a next=(${
      texts.map(([word, text]) => `'${word}:${zshText(text)}'`).join(" ")
    }); _describe command next; return ;;`;
  const summaryOf = (name: string) => commands.find((c) => c.name === name)?.summary ?? `${name} …`;
  const firsts = [...tree(commands).keys()].map((word) => [word, summaryOf(word)] as const);
  const seconds = [...tree(commands)].filter(([, next]) => next.length > 0).map(([first, next]) =>
    described(`"3 ${first}"`, next.map((word) => [word, summaryOf(`${first} ${word}`)]))
  );
  return `#compdef meshover
_meshover() {
  if [[ $words[CURRENT] != -* ]]; then
    case "$CURRENT \${words[2]}" in
${described('"2 "*', firsts)}
${seconds.join("\n")}
    esac
  fi
  case "\${words[2]} \${words[3]}" in
${cases.join("\n")}
  esac
}
_meshover "$@"
`;
}

function fish(commands: readonly CommandWords[]): string {
  const quote = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const lines = commands.flatMap(({ name, summary, flags }) => {
    const [first = "", second] = name.split(" ");
    const seen = [first, ...(second === undefined ? [] : [second])]
      .map((word) => `__fish_seen_subcommand_from ${word}`).join("; and ");
    const before = second === undefined
      ? "__fish_use_subcommand"
      : `__fish_seen_subcommand_from ${first}`;
    return [
      `complete -c meshover -n ${quote(before)} -f -a ${second ?? first} -d ${quote(summary)}`,
      ...flags.map((flag) =>
        `complete -c meshover -n ${quote(seen)} -l ${flag.name}${flag.takesValue ? " -r" : ""} -d ${
          quote(flag.summary)
        }`
      ),
    ];
  });
  const groups = [...tree(commands)].filter(([first]) => !commands.some((c) => c.name === first))
    .map(([first]) => `complete -c meshover -n __fish_use_subcommand -f -a ${first}`);
  return [...groups, ...lines, ""].join("\n");
}
