/**
 * Scripts for the shells. Each asks `drover __complete` for every key press; its first line says what to do beside the
 * candidates: `files`, `directories` or `none`, the others are candidates with their descriptions behind a tab.
 */
export const completionScripts = {
  bash: `# drover completion for bash
_drover() {
  local line directive IFS=$'\\n'
  COMPREPLY=()
  local lines=($(drover __complete bash "$COMP_CWORD" "\${COMP_WORDS[@]:1}" 2>/dev/null))
  directive=\${lines[0]}
  for line in "\${lines[@]:1}"; do COMPREPLY+=("\${line%%$'\\t'*}"); done
  case $directive in
    files) compopt -o default 2>/dev/null ;;
    directories) compopt -o dirnames 2>/dev/null ;;
  esac
  [[ \${#COMPREPLY[@]} == 1 && \${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
}
complete -F _drover drover
`,
  zsh: `#compdef drover
_drover() {
  local -a lines candidates
  local directive line
  lines=("\${(@f)$(drover __complete zsh "$((CURRENT - 1))" "\${(@)words[2,-1]}" 2>/dev/null)}")
  directive=$lines[1]
  for line in "\${(@)lines[2,-1]}"; do
    candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  (( $#candidates )) && _describe drover candidates
  case $directive in
    files) _files ;;
    directories) _files -/ ;;
  esac
}
compdef _drover drover
`,
  fish: `# drover completion for fish
function __drover_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l lines (drover __complete fish (math (count $words) - 1) $words[2..-1] 2>/dev/null)
  switch "$lines[1]"
    case files
      __fish_complete_path (commandline -ct)
    case directories
      __fish_complete_directories (commandline -ct)
  end
  for line in $lines[2..-1]
    echo $line
  end
end
complete -c drover -f -a '(__drover_complete)'
`,
} as const;

export type CompletionShell = keyof typeof completionScripts;
