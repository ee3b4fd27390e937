# Deno looks programs up once, at its start, in this path; it refuses to run any while one of these variables is set.
PATH=@PROGRAM_PATH@
export PATH DENO_NO_UPDATE_CHECK=1
unset LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT
# Where Deno keeps compiled code: 80 ms to start in place of 250.
if [ -n "${CACHE_DIRECTORY:-}" ]; then
  export DENO_DIR="$CACHE_DIRECTORY"
elif [ -w "$cache" ]; then
  export DENO_DIR="$cache"
elif [ -n "${HOME:-}" ]; then
  export DENO_DIR="${XDG_CACHE_HOME:-$HOME/.cache}/meshover/deno"
fi
case "${1:-}" in
  controller) size=--v8-flags=@V8_FLAGS@ ;;
  *) size= ;;
esac
case "${1:-}" in
@CASES@
esac
exec "$dir/deno" run --quiet --no-config --no-lock --no-prompt --no-remote --unstable-net ${size:+"$size"} "$@"
