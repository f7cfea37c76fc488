# bash completion for crawlcard; made by 'crawlcard config --completions bash'
_crawlcard() {
  local cur prev
  COMPREPLY=()
  cur="${COMP_WORDS[COMP_CWORD]}"
  prev="${COMP_WORDS[COMP_CWORD-1]}"
  if [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W "extract robots ingest crawl show check filter card dump export verify prove verify-proof keygen merge index diff study takedown config --help --version" -- "$cur"))
    return
  fi
  case "$prev" in
    --bulk) COMPREPLY=($(compgen -W "auto always never" -- "$cur")); return ;;
    --language) COMPREPLY=($(compgen -W "archive sample off" -- "$cur")); return ;;
    --rows) COMPREPLY=($(compgen -W "jsonl csv tsv text parquet" -- "$cur")); return ;;
    --signals) COMPREPLY=($(compgen -W "all host" -- "$cur")); return ;;
    --use) COMPREPLY=($(compgen -W "crawl train train-any ai-input ai-index search tdm" -- "$cur")); return ;;
    --dialect) COMPREPLY=($(compgen -W "rfc9309 google lenient common-crawl cic-legacy cic-fixed all" -- "$cur")); return ;;
    --policy) COMPREPLY=($(compgen -W "eu-tdm robots-only open-licence-only strict" -- "$cur")); return ;;
    --scope) COMPREPLY=($(compgen -W "url prefix host domain" -- "$cur")); return ;;
    --format) COMPREPLY=($(compgen -W "jsonl text none html md json parquet cdxj cdx zipnum ab2013 ab2013-json croissant croissant-1.0 cyclonedx cyclonedx-1.6 datasheet dcat domains-csv dps eu-summary-html eu-summary-json eu-summary-md huggingface intoto osaid prov spdx all" -- "$cur")); return ;;
    --table) COMPREPLY=($(compgen -W "pages hosts signals" -- "$cur")); return ;;
    --completions) COMPREPLY=($(compgen -W "bash zsh fish" -- "$cur")); return ;;
    --progress) COMPREPLY=($(compgen -W "auto bar json none" -- "$cur")); return ;;
    --log-format) COMPREPLY=($(compgen -W "text json" -- "$cur")); return ;;
    index) COMPREPLY=($(compgen -W "publishers snapshot info compact checkpoint remove list add list manifest" -- "$cur")); return ;;
  esac
  if [[ $cur == -* ]]; then
    case "${COMP_WORDS[1]}" in
      extract) COMPREPLY=($(compgen -W "-h --base --language --verify-digests --shard --format --jobs --progress --log-format --config --help --version" -- "$cur")) ;;
      robots) COMPREPLY=($(compgen -W "-h --agent --dialect --format --jobs --progress --log-format --config --help --version" -- "$cur")) ;;
      ingest) COMPREPLY=($(compgen -W "-h --index --partitions --memory --bulk --base --replace --language --verify-digests --shard --publish --format --jobs --progress --log-format --config --help --version" -- "$cur")) ;;
      crawl) COMPREPLY=($(compgen -W "-h --index --partitions --memory --replace --language --verify-digests --shard --warc-dir --contact --stale --from-index --hosts-from --host-delay --address-delay --in-flight --timeout --allow-private --hosts-file --mirror --subset --limit --rate --budget --block-pause --transfers --keep --from-cdx --find --format --jobs --progress --log-format --config --help --version" -- "$cur")) ;;
      show) COMPREPLY=($(compgen -W "-h --index --agent --dialect --as-of --known-by --history --format --jobs --progress --log-format --config --help --version" -- "$cur")) ;;
      check) COMPREPLY=($(compgen -W "-h --index --memory --dataset --rows --url-field --date-field --tokens-field --text-field --language-field --signals --unknown-hosts --summary --top --marginal --dates --ranks --use --agent --dialect --policy --as-of --known-by --max-age --agents-file --format --duckdb --jobs --progress --log-format --config --help --version" -- "$cur")) ;;
      filter) COMPREPLY=($(compgen -W "-h --index --memory --dataset --rows --url-field --date-field --tokens-field --text-field --language-field --signals --unknown-hosts --summary --top --marginal --dates --ranks --use --agent --dialect --policy --as-of --known-by --max-age --agents-file --format --out --duckdb --jobs --progress --log-format --config --help --version" -- "$cur")) ;;
      card) COMPREPLY=($(compgen -W "-h --index --memory --dataset --rows --url-field --date-field --use --agent --dialect --policy --as-of --known-by --max-age --all-policies --agents-file --format --out --tree --key --duckdb --about --about-template --check --score --fact --date --jobs --progress --log-format --config --help --version" -- "$cur")) ;;
      dump) COMPREPLY=($(compgen -W "-h --index --with-ledger --leaves --format --jobs --progress --log-format --config --help --version" -- "$cur")) ;;
      export) COMPREPLY=($(compgen -W "-h --index --use --agent --dialect --policy --as-of --max-age --agents-file --format --out --table --duckdb --jobs --progress --log-format --config --help --version" -- "$cur")) ;;
      verify) COMPREPLY=($(compgen -W "-h --index --archive --sample --format --jobs --progress --log-format --config --help --version" -- "$cur")) ;;
      prove) COMPREPLY=($(compgen -W "-h --index --known-by --since --format --out --tree --leaves-max --note --against --jobs --progress --log-format --config --help --version" -- "$cur")) ;;
      verify-proof) COMPREPLY=($(compgen -W "-h --format --root --key --jobs --progress --log-format --config --help --version" -- "$cur")) ;;
      keygen) COMPREPLY=($(compgen -W "-h --format --out --jobs --progress --log-format --config --help --version" -- "$cur")) ;;
      merge) COMPREPLY=($(compgen -W "-h --partitions --memory --into --format --jobs --progress --log-format --config --help --version" -- "$cur")) ;;
      index) COMPREPLY=($(compgen -W "-h --index --memory --format --jobs --progress --log-format --config --help --version" -- "$cur")) ;;
      diff) COMPREPLY=($(compgen -W "-h --index --agent --dialect --policy --as-of --known-by --from --to --contradictions --agents-file --format --jobs --progress --log-format --config --help --version" -- "$cur")) ;;
      study) COMPREPLY=($(compgen -W "-h --index --memory --dataset --rows --url-field --tokens-field --text-field --dates --ranks --agent --known-by --agents-file --format --duckdb --jobs --progress --log-format --config --help --version" -- "$cur")) ;;
      takedown) COMPREPLY=($(compgen -W "-h --index --known-by --since --file --id --scope --received --deadline --basis --format --out --jobs --progress --log-format --config --help --version" -- "$cur")) ;;
      config) COMPREPLY=($(compgen -W "-h --index --with-ledger --leaves --partitions --memory --archive --sample --into --bulk --base --replace --language --verify-digests --shard --publish --warc-dir --contact --stale --from-index --hosts-from --host-delay --address-delay --in-flight --timeout --allow-private --hosts-file --mirror --subset --limit --rate --budget --block-pause --transfers --keep --from-cdx --find --dataset --rows --url-field --date-field --tokens-field --text-field --language-field --signals --unknown-hosts --summary --top --marginal --dates --ranks --use --agent --dialect --policy --as-of --known-by --since --history --from --to --contradictions --max-age --all-policies --agents-file --file --id --scope --received --deadline --basis --format --out --tree --leaves-max --note --against --root --key --table --duckdb --about --about-template --check --score --fact --date --man --completions --jobs --progress --log-format --config --help --version" -- "$cur")) ;;
    esac
    return
  fi
  COMPREPLY=($(compgen -f -- "$cur"))
}
complete -o filenames -F _crawlcard crawlcard
