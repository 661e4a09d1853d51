# Completion of ./call for zsh: source <(./call --completion=zsh)
# shellcheck disable=all
_pypi_deploy_call() {
  local -a flags others
  local line
  for line in "${(@f)$("${(Q)words[1]}" --complete "${(@Q)words[2,CURRENT]}" 2> /dev/null)}"; do
    case $line in
    '') ;;
    *=) flags+=("$line") ;;
    *) others+=("$line") ;;
    esac
  done
  if (( ! $#flags && ! $#others )); then
    compset -P '*='
    _files
    return
  fi
  # A flag that wants a value goes on without a space.
  (( ! $#flags )) || compadd -S '' -a flags
  (( ! $#others )) || compadd -a others
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit -u }
compdef _pypi_deploy_call call ./call
