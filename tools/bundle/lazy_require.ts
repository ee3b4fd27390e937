/** What `deno bundle` puts in front of programs with CommonJS packages in them, minified. */
const EAGER =
  /import\{createRequire as (\w+)\} ?from ?"node:module";var (\w+)=\1\(import\.meta\.url\);/g;

/**
 * Makes `require` when it is first called. Few commands load a package that calls it, and `node:module` brings half of
 * Node's library along: 40 ms at every start.
 * @returns the text, and how often it was changed
 */
export function lazyRequire(script: string): { readonly text: string; readonly changes: number } {
  let changes = 0;
  const text = script.replace(EAGER, (_, _name: string, require: string) => {
    changes++;
    return `var ${require}=id=>(${require}.made??=process.getBuiltinModule("node:module").createRequire(import.meta.url))(id);`;
  });
  return { text, changes };
}
