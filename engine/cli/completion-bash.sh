# Completion of ./call for bash: source <(./call --completion=bash)
# shellcheck shell=bash
_pypi_deploy_call() {
  local word=${COMP_WORDS[COMP_CWORD]} line
  COMPREPLY=()
  while IFS= read -r line; do
    # bash takes "=" for the end of a word: it wants what comes after it.
    case $word:${COMP_WORDS[COMP_CWORD - 1]} in
    =:* | *:=) line=${line#*=} ;;
    esac
    COMPREPLY+=("$line")
  done < <("${COMP_WORDS[0]}" --complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2> /dev/null)
  # A flag that wants a value goes on without a space.
  case ${COMPREPLY[0]-} in
  *=) compopt -o nospace ;;
  esac
}
complete -o default -F _pypi_deploy_call call ./call
