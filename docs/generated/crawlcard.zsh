#compdef crawlcard
# zsh completion for crawlcard; made by 'crawlcard config --completions zsh'
_crawlcard() {
  if (( CURRENT == 2 )); then
    local -a commands=(
      'extract:print the facts of every capture, a line a record'
      'robots:ask one robots.txt about URLs'
      'ingest:read archive files into an index'
      'crawl:housekeeping of an index'
      'show:print everything the index holds of a URL or a host'
      'check:say whether a page may be used, and why'
      'filter:write the rows of a data set that may be kept'
      'card:write the training-data card of an index'
      'dump:print every fact row of an index in key order'
      'export:write an index in the formats that others read'
      'verify:check an index against its checksums and the archive'
      'prove:prove what an index holds of a URL or host, or that it holds nothing'
      'verify-proof:check proofs, and signed notes with the files they name'
      'keygen:make a key that signs cards'
      'merge:unite indexes'
      'index:housekeeping of an index'
      'diff:say which hosts changed what they ask for between two dates'
      'study:housekeeping of an index'
      'takedown:housekeeping of an index'
      'config:print the effective value of every flag with its origin'
    )
    _describe command commands
    return
  fi
  case $words[2] in
    extract)
      _arguments '1: :' \
        '--base[name files relative to this directory]:DIR:_directories' \
        '--language[where page languages come from]:MODE:(archive sample off)' \
        '--verify-digests[compare payloads with the digests that the archive claims]' \
        '--shard[this worker'\''s share of N, counted from 0; auto/N asks the batch system]:I/N:' \
        '--format[jsonl, text, none; others for card and export]:NAME:(jsonl text none html md json parquet cdxj cdx zipnum ab2013 ab2013-json croissant croissant-1.0 cyclonedx cyclonedx-1.6 datasheet dcat domains-csv dps eu-summary-html eu-summary-json eu-summary-md huggingface intoto osaid prov spdx all)' \
        '--jobs[worker threads; as many as there are cores without it]:N:' \
        '--progress[how progress is shown on standard error]:WHEN:(auto bar json none)' \
        '--log-format[how messages on standard error look]:NAME:(text json)' \
        '--config[read flags from a TOML file]:FILE:_files' \
        '--help[-h for one screen, --help for everything]' \
        '--version[print version and build, then end]' \
        '*:file:_files' ;;
    robots)
      _arguments '1: :' \
        '*--agent[product token of the asker; may be repeated]:TOKEN:' \
        '--dialect[how robots.txt is read]:NAME:(rfc9309 google lenient common-crawl cic-legacy cic-fixed all)' \
        '--format[jsonl, text, none; others for card and export]:NAME:(jsonl text none html md json parquet cdxj cdx zipnum ab2013 ab2013-json croissant croissant-1.0 cyclonedx cyclonedx-1.6 datasheet dcat domains-csv dps eu-summary-html eu-summary-json eu-summary-md huggingface intoto osaid prov spdx all)' \
        '--jobs[worker threads; as many as there are cores without it]:N:' \
        '--progress[how progress is shown on standard error]:WHEN:(auto bar json none)' \
        '--log-format[how messages on standard error look]:NAME:(text json)' \
        '--config[read flags from a TOML file]:FILE:_files' \
        '--help[-h for one screen, --help for everything]' \
        '--version[print version and build, then end]' \
        '*:file:_files' ;;
    ingest)
      _arguments '1: :' \
        '--index[the index directory]:DIR:_directories' \
        '--partitions[databases that a new index is split into]:N:' \
        '--memory[memory that an open index may use, in MiB]:MIB:' \
        '--bulk[sort rows outside the index first\: auto, always, never]:WHEN:(auto always never)' \
        '--base[name files relative to this directory]:DIR:_directories' \
        '--replace[let a different file take the place of a known one]' \
        '--language[where page languages come from]:MODE:(archive sample off)' \
        '--verify-digests[compare payloads with the digests that the archive claims]' \
        '--shard[this worker'\''s share of N, counted from 0; auto/N asks the batch system]:I/N:' \
        '--publish[copy the finished index to this directory, whole and once]:DIR:_directories' \
        '--format[jsonl, text, none; others for card and export]:NAME:(jsonl text none html md json parquet cdxj cdx zipnum ab2013 ab2013-json croissant croissant-1.0 cyclonedx cyclonedx-1.6 datasheet dcat domains-csv dps eu-summary-html eu-summary-json eu-summary-md huggingface intoto osaid prov spdx all)' \
        '--jobs[worker threads; as many as there are cores without it]:N:' \
        '--progress[how progress is shown on standard error]:WHEN:(auto bar json none)' \
        '--log-format[how messages on standard error look]:NAME:(text json)' \
        '--config[read flags from a TOML file]:FILE:_files' \
        '--help[-h for one screen, --help for everything]' \
        '--version[print version and build, then end]' \
        '*:file:_files' ;;
    crawl)
      _arguments '1: :' '2:action:(publishers snapshot info compact checkpoint remove list add list manifest)' \
        '--index[the index directory]:DIR:_directories' \
        '--partitions[databases that a new index is split into]:N:' \
        '--memory[memory that an open index may use, in MiB]:MIB:' \
        '--replace[let a different file take the place of a known one]' \
        '--language[where page languages come from]:MODE:(archive sample off)' \
        '--verify-digests[compare payloads with the digests that the archive claims]' \
        '--shard[this worker'\''s share of N, counted from 0; auto/N asks the batch system]:I/N:' \
        '--warc-dir[where fetched records go, and the crawl'\''s own state]:DIR:_directories' \
        '--contact[who runs the crawl\: a URL or mail address; mandatory]:URL:' \
        '--stale[ask publishers again whose last crawl is older, such as 7d]:AGE:' \
        '--from-index[crawl every origin that the index holds]' \
        '*--hosts-from[publishers to ask, a line each; may be repeated]:FILE:_files' \
        '--host-delay[milliseconds between two requests to a host]:MS:' \
        '--address-delay[milliseconds between two requests to an address]:MS:' \
        '--in-flight[requests under way at once, over all hosts]:N:' \
        '--timeout[seconds that one request may take in all]:S:' \
        '*--allow-private[connect to this range although it is not public]:RANGE:' \
        '--hosts-file[addresses of names, as in /etc/hosts]:FILE:_files' \
        '--mirror[where the files of a snapshot are\: http, https or file]:URL:' \
        '*--subset[robotstxt, warc, wat or non200; the first two without it]:NAME:' \
        '--limit[only the first files of each subset]:N:' \
        '--rate[requests per second, over all workers of --budget]:N:' \
        '--budget[share the rate with all workers that name this file]:FILE:_files' \
        '--block-pause[seconds without a request after a 403]:N:' \
        '--transfers[files that are fetched side by side, up to 64]:N:' \
        '--keep[also keep the files that are fetched]:DIR:_directories' \
        '--from-cdx[fetch the captures of these CDX lines alone]:FILE:_files' \
        '*--find[fetch only the captures that the crawl'\''s own index has of these]:URL|HOST:' \
        '--format[jsonl, text, none; others for card and export]:NAME:(jsonl text none html md json parquet cdxj cdx zipnum ab2013 ab2013-json croissant croissant-1.0 cyclonedx cyclonedx-1.6 datasheet dcat domains-csv dps eu-summary-html eu-summary-json eu-summary-md huggingface intoto osaid prov spdx all)' \
        '--jobs[worker threads; as many as there are cores without it]:N:' \
        '--progress[how progress is shown on standard error]:WHEN:(auto bar json none)' \
        '--log-format[how messages on standard error look]:NAME:(text json)' \
        '--config[read flags from a TOML file]:FILE:_files' \
        '--help[-h for one screen, --help for everything]' \
        '--version[print version and build, then end]' \
        '*:file:_files' ;;
    show)
      _arguments '1: :' \
        '--index[the index directory]:DIR:_directories' \
        '*--agent[product token of the asker; may be repeated]:TOKEN:' \
        '--dialect[how robots.txt is read]:NAME:(rfc9309 google lenient common-crawl cic-legacy cic-fixed all)' \
        '--as-of[the instant the answer is about\: capture, now, or a date]:WHEN:' \
        '--known-by[only what this index knew at an instant\: now, or a date]:WHEN:' \
        '--history[what robots.txt and the like meant over the years, and what changed]' \
        '--format[jsonl, text, none; others for card and export]:NAME:(jsonl text none html md json parquet cdxj cdx zipnum ab2013 ab2013-json croissant croissant-1.0 cyclonedx cyclonedx-1.6 datasheet dcat domains-csv dps eu-summary-html eu-summary-json eu-summary-md huggingface intoto osaid prov spdx all)' \
        '--jobs[worker threads; as many as there are cores without it]:N:' \
        '--progress[how progress is shown on standard error]:WHEN:(auto bar json none)' \
        '--log-format[how messages on standard error look]:NAME:(text json)' \
        '--config[read flags from a TOML file]:FILE:_files' \
        '--help[-h for one screen, --help for everything]' \
        '--version[print version and build, then end]' \
        '*:file:_files' ;;
    check)
      _arguments '1: :' \
        '--index[the index directory]:DIR:_directories' \
        '--memory[memory that an open index may use, in MiB]:MIB:' \
        '*--dataset[rows with URLs instead of URLs; may be repeated]:FILE:_files' \
        '--rows[what the rows are; by the name of each file without it]:FORMAT:(jsonl csv tsv text parquet)' \
        '--url-field[the field or column that holds the URL]:NAME:' \
        '--date-field[the field that says when the row was captured]:NAME:' \
        '--tokens-field[the field that holds a number of tokens]:NAME:' \
        '--text-field[the field that holds the text, to estimate tokens by]:NAME:' \
        '--language-field[the field that holds the language, for the summary]:NAME:' \
        '--signals[which signals decide\: all, or those of the host alone]:WHICH:(all host)' \
        '--unknown-hosts[write the hosts that the index knows nothing of, a line each]:FILE:_files' \
        '--summary[also write the summary as JSON to this file]:FILE:_files' \
        '--top[how many domains and languages a summary names]:N:' \
        '--marginal[also count what each agent, family and rule takes away]' \
        '--dates[dates of a curve, such as 2016-01..2026-11/month]:RANGE:' \
        '--ranks[domains with their ranks, to count by popularity]:FILE:_files' \
        '--use[what the pages would be used for]:USE:(crawl train train-any ai-input ai-index search tdm)' \
        '*--agent[product token of the asker; may be repeated]:TOKEN:' \
        '--dialect[how robots.txt is read]:NAME:(rfc9309 google lenient common-crawl cic-legacy cic-fixed all)' \
        '*--policy[the table from decisions to usable]:NAME|FILE:(eu-tdm robots-only open-licence-only strict)' \
        '--as-of[the instant the answer is about\: capture, now, or a date]:WHEN:' \
        '--known-by[only what this index knew at an instant\: now, or a date]:WHEN:' \
        '--max-age[how old a robots.txt observation may be]:DAYS:' \
        '--agents-file[a table of AI agents in place of the built-in one]:FILE:_files' \
        '--format[jsonl, text, none; others for card and export]:NAME:(jsonl text none html md json parquet cdxj cdx zipnum ab2013 ab2013-json croissant croissant-1.0 cyclonedx cyclonedx-1.6 datasheet dcat domains-csv dps eu-summary-html eu-summary-json eu-summary-md huggingface intoto osaid prov spdx all)' \
        '--duckdb[DuckDB'\''s library libduckdb.so, which writes Parquet]:FILE:_files' \
        '--jobs[worker threads; as many as there are cores without it]:N:' \
        '--progress[how progress is shown on standard error]:WHEN:(auto bar json none)' \
        '--log-format[how messages on standard error look]:NAME:(text json)' \
        '--config[read flags from a TOML file]:FILE:_files' \
        '--help[-h for one screen, --help for everything]' \
        '--version[print version and build, then end]' \
        '*:file:_files' ;;
    filter)
      _arguments '1: :' \
        '--index[the index directory]:DIR:_directories' \
        '--memory[memory that an open index may use, in MiB]:MIB:' \
        '*--dataset[rows with URLs instead of URLs; may be repeated]:FILE:_files' \
        '--rows[what the rows are; by the name of each file without it]:FORMAT:(jsonl csv tsv text parquet)' \
        '--url-field[the field or column that holds the URL]:NAME:' \
        '--date-field[the field that says when the row was captured]:NAME:' \
        '--tokens-field[the field that holds a number of tokens]:NAME:' \
        '--text-field[the field that holds the text, to estimate tokens by]:NAME:' \
        '--language-field[the field that holds the language, for the summary]:NAME:' \
        '--signals[which signals decide\: all, or those of the host alone]:WHICH:(all host)' \
        '--unknown-hosts[write the hosts that the index knows nothing of, a line each]:FILE:_files' \
        '--summary[also write the summary as JSON to this file]:FILE:_files' \
        '--top[how many domains and languages a summary names]:N:' \
        '--marginal[also count what each agent, family and rule takes away]' \
        '--dates[dates of a curve, such as 2016-01..2026-11/month]:RANGE:' \
        '--ranks[domains with their ranks, to count by popularity]:FILE:_files' \
        '--use[what the pages would be used for]:USE:(crawl train train-any ai-input ai-index search tdm)' \
        '*--agent[product token of the asker; may be repeated]:TOKEN:' \
        '--dialect[how robots.txt is read]:NAME:(rfc9309 google lenient common-crawl cic-legacy cic-fixed all)' \
        '*--policy[the table from decisions to usable]:NAME|FILE:(eu-tdm robots-only open-licence-only strict)' \
        '--as-of[the instant the answer is about\: capture, now, or a date]:WHEN:' \
        '--known-by[only what this index knew at an instant\: now, or a date]:WHEN:' \
        '--max-age[how old a robots.txt observation may be]:DAYS:' \
        '--agents-file[a table of AI agents in place of the built-in one]:FILE:_files' \
        '--format[jsonl, text, none; others for card and export]:NAME:(jsonl text none html md json parquet cdxj cdx zipnum ab2013 ab2013-json croissant croissant-1.0 cyclonedx cyclonedx-1.6 datasheet dcat domains-csv dps eu-summary-html eu-summary-json eu-summary-md huggingface intoto osaid prov spdx all)' \
        '*--out[write to this file; for cards repeatable, the ending gives the format]:FILE:_files' \
        '--duckdb[DuckDB'\''s library libduckdb.so, which writes Parquet]:FILE:_files' \
        '--jobs[worker threads; as many as there are cores without it]:N:' \
        '--progress[how progress is shown on standard error]:WHEN:(auto bar json none)' \
        '--log-format[how messages on standard error look]:NAME:(text json)' \
        '--config[read flags from a TOML file]:FILE:_files' \
        '--help[-h for one screen, --help for everything]' \
        '--version[print version and build, then end]' \
        '*:file:_files' ;;
    card)
      _arguments '1: :' \
        '--index[the index directory]:DIR:_directories' \
        '--memory[memory that an open index may use, in MiB]:MIB:' \
        '*--dataset[rows with URLs instead of URLs; may be repeated]:FILE:_files' \
        '--rows[what the rows are; by the name of each file without it]:FORMAT:(jsonl csv tsv text parquet)' \
        '--url-field[the field or column that holds the URL]:NAME:' \
        '--date-field[the field that says when the row was captured]:NAME:' \
        '--use[what the pages would be used for]:USE:(crawl train train-any ai-input ai-index search tdm)' \
        '*--agent[product token of the asker; may be repeated]:TOKEN:' \
        '--dialect[how robots.txt is read]:NAME:(rfc9309 google lenient common-crawl cic-legacy cic-fixed all)' \
        '*--policy[the table from decisions to usable]:NAME|FILE:(eu-tdm robots-only open-licence-only strict)' \
        '--as-of[the instant the answer is about\: capture, now, or a date]:WHEN:' \
        '--known-by[only what this index knew at an instant\: now, or a date]:WHEN:' \
        '--max-age[how old a robots.txt observation may be]:DAYS:' \
        '--all-policies[also measure what the built-in policies would keep]' \
        '--agents-file[a table of AI agents in place of the built-in one]:FILE:_files' \
        '--format[jsonl, text, none; others for card and export]:NAME:(jsonl text none html md json parquet cdxj cdx zipnum ab2013 ab2013-json croissant croissant-1.0 cyclonedx cyclonedx-1.6 datasheet dcat domains-csv dps eu-summary-html eu-summary-json eu-summary-md huggingface intoto osaid prov spdx all)' \
        '*--out[write to this file; for cards repeatable, the ending gives the format]:FILE:_files' \
        '--tree[keep the tree of the index in this file for the next time]:FILE:_files' \
        '--key[the key of a signed note\: private to sign, public to check]:KEY|FILE:' \
        '--duckdb[DuckDB'\''s library libduckdb.so, which writes Parquet]:FILE:_files' \
        '--about[what people say of the dataset, a TOML file]:FILE:_files' \
        '--about-template[print an about file with every question, to be filled in]' \
        '--check[read the forms of a card back\: do they state the same figures]:DIR:_directories' \
        '--score[weigh what an EU summary answers, and name what is missing]:FILE:_files' \
        '--fact[print one fact of a card and nothing else]:ID:' \
        '--date[the date on the card; that of the latest capture without it]:DATE:' \
        '--jobs[worker threads; as many as there are cores without it]:N:' \
        '--progress[how progress is shown on standard error]:WHEN:(auto bar json none)' \
        '--log-format[how messages on standard error look]:NAME:(text json)' \
        '--config[read flags from a TOML file]:FILE:_files' \
        '--help[-h for one screen, --help for everything]' \
        '--version[print version and build, then end]' \
        '*:file:_files' ;;
    dump)
      _arguments '1: :' \
        '--index[the index directory]:DIR:_directories' \
        '--with-ledger[also show when each file was ingested]' \
        '--leaves[print the rows as the leaves of the tree that a card commits to]' \
        '--format[jsonl, text, none; others for card and export]:NAME:(jsonl text none html md json parquet cdxj cdx zipnum ab2013 ab2013-json croissant croissant-1.0 cyclonedx cyclonedx-1.6 datasheet dcat domains-csv dps eu-summary-html eu-summary-json eu-summary-md huggingface intoto osaid prov spdx all)' \
        '--jobs[worker threads; as many as there are cores without it]:N:' \
        '--progress[how progress is shown on standard error]:WHEN:(auto bar json none)' \
        '--log-format[how messages on standard error look]:NAME:(text json)' \
        '--config[read flags from a TOML file]:FILE:_files' \
        '--help[-h for one screen, --help for everything]' \
        '--version[print version and build, then end]' \
        '*:file:_files' ;;
    export)
      _arguments '1: :' \
        '--index[the index directory]:DIR:_directories' \
        '--use[what the pages would be used for]:USE:(crawl train train-any ai-input ai-index search tdm)' \
        '*--agent[product token of the asker; may be repeated]:TOKEN:' \
        '--dialect[how robots.txt is read]:NAME:(rfc9309 google lenient common-crawl cic-legacy cic-fixed all)' \
        '*--policy[the table from decisions to usable]:NAME|FILE:(eu-tdm robots-only open-licence-only strict)' \
        '--as-of[the instant the answer is about\: capture, now, or a date]:WHEN:' \
        '--max-age[how old a robots.txt observation may be]:DAYS:' \
        '--agents-file[a table of AI agents in place of the built-in one]:FILE:_files' \
        '--format[jsonl, text, none; others for card and export]:NAME:(jsonl text none html md json parquet cdxj cdx zipnum ab2013 ab2013-json croissant croissant-1.0 cyclonedx cyclonedx-1.6 datasheet dcat domains-csv dps eu-summary-html eu-summary-json eu-summary-md huggingface intoto osaid prov spdx all)' \
        '*--out[write to this file; for cards repeatable, the ending gives the format]:FILE:_files' \
        '--table[which rows jsonl and parquet hold\: pages, hosts or signals]:NAME:(pages hosts signals)' \
        '--duckdb[DuckDB'\''s library libduckdb.so, which writes Parquet]:FILE:_files' \
        '--jobs[worker threads; as many as there are cores without it]:N:' \
        '--progress[how progress is shown on standard error]:WHEN:(auto bar json none)' \
        '--log-format[how messages on standard error look]:NAME:(text json)' \
        '--config[read flags from a TOML file]:FILE:_files' \
        '--help[-h for one screen, --help for everything]' \
        '--version[print version and build, then end]' \
        '*:file:_files' ;;
    verify)
      _arguments '1: :' \
        '--index[the index directory]:DIR:_directories' \
        '--archive[the directory that the names of the index'\''s files are relative to]:DIR:_directories' \
        '--sample[look at one record in about N, and at the sizes of files alone]:N:' \
        '--format[jsonl, text, none; others for card and export]:NAME:(jsonl text none html md json parquet cdxj cdx zipnum ab2013 ab2013-json croissant croissant-1.0 cyclonedx cyclonedx-1.6 datasheet dcat domains-csv dps eu-summary-html eu-summary-json eu-summary-md huggingface intoto osaid prov spdx all)' \
        '--jobs[worker threads; as many as there are cores without it]:N:' \
        '--progress[how progress is shown on standard error]:WHEN:(auto bar json none)' \
        '--log-format[how messages on standard error look]:NAME:(text json)' \
        '--config[read flags from a TOML file]:FILE:_files' \
        '--help[-h for one screen, --help for everything]' \
        '--version[print version and build, then end]' \
        '*:file:_files' ;;
    prove)
      _arguments '1: :' \
        '--index[the index directory]:DIR:_directories' \
        '--known-by[only what this index knew at an instant\: now, or a date]:WHEN:' \
        '--since[only what came after an instant\: now, or a date]:WHEN:' \
        '--format[jsonl, text, none; others for card and export]:NAME:(jsonl text none html md json parquet cdxj cdx zipnum ab2013 ab2013-json croissant croissant-1.0 cyclonedx cyclonedx-1.6 datasheet dcat domains-csv dps eu-summary-html eu-summary-json eu-summary-md huggingface intoto osaid prov spdx all)' \
        '*--out[write to this file; for cards repeatable, the ending gives the format]:FILE:_files' \
        '--tree[keep the tree of the index in this file for the next time]:FILE:_files' \
        '--leaves-max[rows that a proof shows of a URL or host]:N:' \
        '--note[the note beside a card, which the proof then carries]:FILE:_files' \
        '--against[an earlier index\: print the rows added and removed since]:DIR:_directories' \
        '--jobs[worker threads; as many as there are cores without it]:N:' \
        '--progress[how progress is shown on standard error]:WHEN:(auto bar json none)' \
        '--log-format[how messages on standard error look]:NAME:(text json)' \
        '--config[read flags from a TOML file]:FILE:_files' \
        '--help[-h for one screen, --help for everything]' \
        '--version[print version and build, then end]' \
        '*:file:_files' ;;
    verify-proof)
      _arguments '1: :' \
        '--format[jsonl, text, none; others for card and export]:NAME:(jsonl text none html md json parquet cdxj cdx zipnum ab2013 ab2013-json croissant croissant-1.0 cyclonedx cyclonedx-1.6 datasheet dcat domains-csv dps eu-summary-html eu-summary-json eu-summary-md huggingface intoto osaid prov spdx all)' \
        '--root[the root that a card prints\: a proof must lead to it]:BASE64:' \
        '--key[the key of a signed note\: private to sign, public to check]:KEY|FILE:' \
        '--jobs[worker threads; as many as there are cores without it]:N:' \
        '--progress[how progress is shown on standard error]:WHEN:(auto bar json none)' \
        '--log-format[how messages on standard error look]:NAME:(text json)' \
        '--config[read flags from a TOML file]:FILE:_files' \
        '--help[-h for one screen, --help for everything]' \
        '--version[print version and build, then end]' \
        '*:file:_files' ;;
    keygen)
      _arguments '1: :' \
        '--format[jsonl, text, none; others for card and export]:NAME:(jsonl text none html md json parquet cdxj cdx zipnum ab2013 ab2013-json croissant croissant-1.0 cyclonedx cyclonedx-1.6 datasheet dcat domains-csv dps eu-summary-html eu-summary-json eu-summary-md huggingface intoto osaid prov spdx all)' \
        '*--out[write to this file; for cards repeatable, the ending gives the format]:FILE:_files' \
        '--jobs[worker threads; as many as there are cores without it]:N:' \
        '--progress[how progress is shown on standard error]:WHEN:(auto bar json none)' \
        '--log-format[how messages on standard error look]:NAME:(text json)' \
        '--config[read flags from a TOML file]:FILE:_files' \
        '--help[-h for one screen, --help for everything]' \
        '--version[print version and build, then end]' \
        '*:file:_files' ;;
    merge)
      _arguments '1: :' \
        '--partitions[databases that a new index is split into]:N:' \
        '--memory[memory that an open index may use, in MiB]:MIB:' \
        '--into[the index that takes what the others hold]:DIR:_directories' \
        '--format[jsonl, text, none; others for card and export]:NAME:(jsonl text none html md json parquet cdxj cdx zipnum ab2013 ab2013-json croissant croissant-1.0 cyclonedx cyclonedx-1.6 datasheet dcat domains-csv dps eu-summary-html eu-summary-json eu-summary-md huggingface intoto osaid prov spdx all)' \
        '--jobs[worker threads; as many as there are cores without it]:N:' \
        '--progress[how progress is shown on standard error]:WHEN:(auto bar json none)' \
        '--log-format[how messages on standard error look]:NAME:(text json)' \
        '--config[read flags from a TOML file]:FILE:_files' \
        '--help[-h for one screen, --help for everything]' \
        '--version[print version and build, then end]' \
        '*:file:_files' ;;
    index)
      _arguments '1: :' '2:action:(publishers snapshot info compact checkpoint remove list add list manifest)' \
        '--index[the index directory]:DIR:_directories' \
        '--memory[memory that an open index may use, in MiB]:MIB:' \
        '--format[jsonl, text, none; others for card and export]:NAME:(jsonl text none html md json parquet cdxj cdx zipnum ab2013 ab2013-json croissant croissant-1.0 cyclonedx cyclonedx-1.6 datasheet dcat domains-csv dps eu-summary-html eu-summary-json eu-summary-md huggingface intoto osaid prov spdx all)' \
        '--jobs[worker threads; as many as there are cores without it]:N:' \
        '--progress[how progress is shown on standard error]:WHEN:(auto bar json none)' \
        '--log-format[how messages on standard error look]:NAME:(text json)' \
        '--config[read flags from a TOML file]:FILE:_files' \
        '--help[-h for one screen, --help for everything]' \
        '--version[print version and build, then end]' \
        '*:file:_files' ;;
    diff)
      _arguments '1: :' \
        '--index[the index directory]:DIR:_directories' \
        '*--agent[product token of the asker; may be repeated]:TOKEN:' \
        '--dialect[how robots.txt is read]:NAME:(rfc9309 google lenient common-crawl cic-legacy cic-fixed all)' \
        '*--policy[the table from decisions to usable]:NAME|FILE:(eu-tdm robots-only open-licence-only strict)' \
        '--as-of[the instant the answer is about\: capture, now, or a date]:WHEN:' \
        '--known-by[only what this index knew at an instant\: now, or a date]:WHEN:' \
        '--from[the earlier side of a comparison\: a date, now, or a snapshot]:WHEN:' \
        '--to[the later side of a comparison\: a date, now, or a snapshot]:WHEN:' \
        '--contradictions[what the files of one host say against each other, use by use]' \
        '--agents-file[a table of AI agents in place of the built-in one]:FILE:_files' \
        '--format[jsonl, text, none; others for card and export]:NAME:(jsonl text none html md json parquet cdxj cdx zipnum ab2013 ab2013-json croissant croissant-1.0 cyclonedx cyclonedx-1.6 datasheet dcat domains-csv dps eu-summary-html eu-summary-json eu-summary-md huggingface intoto osaid prov spdx all)' \
        '--jobs[worker threads; as many as there are cores without it]:N:' \
        '--progress[how progress is shown on standard error]:WHEN:(auto bar json none)' \
        '--log-format[how messages on standard error look]:NAME:(text json)' \
        '--config[read flags from a TOML file]:FILE:_files' \
        '--help[-h for one screen, --help for everything]' \
        '--version[print version and build, then end]' \
        '*:file:_files' ;;
    study)
      _arguments '1: :' \
        '--index[the index directory]:DIR:_directories' \
        '--memory[memory that an open index may use, in MiB]:MIB:' \
        '*--dataset[rows with URLs instead of URLs; may be repeated]:FILE:_files' \
        '--rows[what the rows are; by the name of each file without it]:FORMAT:(jsonl csv tsv text parquet)' \
        '--url-field[the field or column that holds the URL]:NAME:' \
        '--tokens-field[the field that holds a number of tokens]:NAME:' \
        '--text-field[the field that holds the text, to estimate tokens by]:NAME:' \
        '--dates[dates of a curve, such as 2016-01..2026-11/month]:RANGE:' \
        '--ranks[domains with their ranks, to count by popularity]:FILE:_files' \
        '*--agent[product token of the asker; may be repeated]:TOKEN:' \
        '--known-by[only what this index knew at an instant\: now, or a date]:WHEN:' \
        '--agents-file[a table of AI agents in place of the built-in one]:FILE:_files' \
        '--format[jsonl, text, none; others for card and export]:NAME:(jsonl text none html md json parquet cdxj cdx zipnum ab2013 ab2013-json croissant croissant-1.0 cyclonedx cyclonedx-1.6 datasheet dcat domains-csv dps eu-summary-html eu-summary-json eu-summary-md huggingface intoto osaid prov spdx all)' \
        '--duckdb[DuckDB'\''s library libduckdb.so, which writes Parquet]:FILE:_files' \
        '--jobs[worker threads; as many as there are cores without it]:N:' \
        '--progress[how progress is shown on standard error]:WHEN:(auto bar json none)' \
        '--log-format[how messages on standard error look]:NAME:(text json)' \
        '--config[read flags from a TOML file]:FILE:_files' \
        '--help[-h for one screen, --help for everything]' \
        '--version[print version and build, then end]' \
        '*:file:_files' ;;
    takedown)
      _arguments '1: :' '2:action:(publishers snapshot info compact checkpoint remove list add list manifest)' \
        '--index[the index directory]:DIR:_directories' \
        '--known-by[only what this index knew at an instant\: now, or a date]:WHEN:' \
        '--since[only what came after an instant\: now, or a date]:WHEN:' \
        '--file[the ledger of requests\: a file of JSON lines that only grows]:FILE:_files' \
        '--id[what the request is called by whoever received it]:ID:' \
        '--scope[what the value names\: one URL, all that start so, a host, a domain]:NAME:(url prefix host domain)' \
        '--received[when the request was received]:DATE:' \
        '--deadline[by when it has to be carried out]:DATE:' \
        '--basis[what the request rests on]:TEXT:' \
        '--format[jsonl, text, none; others for card and export]:NAME:(jsonl text none html md json parquet cdxj cdx zipnum ab2013 ab2013-json croissant croissant-1.0 cyclonedx cyclonedx-1.6 datasheet dcat domains-csv dps eu-summary-html eu-summary-json eu-summary-md huggingface intoto osaid prov spdx all)' \
        '*--out[write to this file; for cards repeatable, the ending gives the format]:FILE:_files' \
        '--jobs[worker threads; as many as there are cores without it]:N:' \
        '--progress[how progress is shown on standard error]:WHEN:(auto bar json none)' \
        '--log-format[how messages on standard error look]:NAME:(text json)' \
        '--config[read flags from a TOML file]:FILE:_files' \
        '--help[-h for one screen, --help for everything]' \
        '--version[print version and build, then end]' \
        '*:file:_files' ;;
    config)
      _arguments '1: :' \
        '--index[the index directory]:DIR:_directories' \
        '--with-ledger[also show when each file was ingested]' \
        '--leaves[print the rows as the leaves of the tree that a card commits to]' \
        '--partitions[databases that a new index is split into]:N:' \
        '--memory[memory that an open index may use, in MiB]:MIB:' \
        '--archive[the directory that the names of the index'\''s files are relative to]:DIR:_directories' \
        '--sample[look at one record in about N, and at the sizes of files alone]:N:' \
        '--into[the index that takes what the others hold]:DIR:_directories' \
        '--bulk[sort rows outside the index first\: auto, always, never]:WHEN:(auto always never)' \
        '--base[name files relative to this directory]:DIR:_directories' \
        '--replace[let a different file take the place of a known one]' \
        '--language[where page languages come from]:MODE:(archive sample off)' \
        '--verify-digests[compare payloads with the digests that the archive claims]' \
        '--shard[this worker'\''s share of N, counted from 0; auto/N asks the batch system]:I/N:' \
        '--publish[copy the finished index to this directory, whole and once]:DIR:_directories' \
        '--warc-dir[where fetched records go, and the crawl'\''s own state]:DIR:_directories' \
        '--contact[who runs the crawl\: a URL or mail address; mandatory]:URL:' \
        '--stale[ask publishers again whose last crawl is older, such as 7d]:AGE:' \
        '--from-index[crawl every origin that the index holds]' \
        '*--hosts-from[publishers to ask, a line each; may be repeated]:FILE:_files' \
        '--host-delay[milliseconds between two requests to a host]:MS:' \
        '--address-delay[milliseconds between two requests to an address]:MS:' \
        '--in-flight[requests under way at once, over all hosts]:N:' \
        '--timeout[seconds that one request may take in all]:S:' \
        '*--allow-private[connect to this range although it is not public]:RANGE:' \
        '--hosts-file[addresses of names, as in /etc/hosts]:FILE:_files' \
        '--mirror[where the files of a snapshot are\: http, https or file]:URL:' \
        '*--subset[robotstxt, warc, wat or non200; the first two without it]:NAME:' \
        '--limit[only the first files of each subset]:N:' \
        '--rate[requests per second, over all workers of --budget]:N:' \
        '--budget[share the rate with all workers that name this file]:FILE:_files' \
        '--block-pause[seconds without a request after a 403]:N:' \
        '--transfers[files that are fetched side by side, up to 64]:N:' \
        '--keep[also keep the files that are fetched]:DIR:_directories' \
        '--from-cdx[fetch the captures of these CDX lines alone]:FILE:_files' \
        '*--find[fetch only the captures that the crawl'\''s own index has of these]:URL|HOST:' \
        '*--dataset[rows with URLs instead of URLs; may be repeated]:FILE:_files' \
        '--rows[what the rows are; by the name of each file without it]:FORMAT:(jsonl csv tsv text parquet)' \
        '--url-field[the field or column that holds the URL]:NAME:' \
        '--date-field[the field that says when the row was captured]:NAME:' \
        '--tokens-field[the field that holds a number of tokens]:NAME:' \
        '--text-field[the field that holds the text, to estimate tokens by]:NAME:' \
        '--language-field[the field that holds the language, for the summary]:NAME:' \
        '--signals[which signals decide\: all, or those of the host alone]:WHICH:(all host)' \
        '--unknown-hosts[write the hosts that the index knows nothing of, a line each]:FILE:_files' \
        '--summary[also write the summary as JSON to this file]:FILE:_files' \
        '--top[how many domains and languages a summary names]:N:' \
        '--marginal[also count what each agent, family and rule takes away]' \
        '--dates[dates of a curve, such as 2016-01..2026-11/month]:RANGE:' \
        '--ranks[domains with their ranks, to count by popularity]:FILE:_files' \
        '--use[what the pages would be used for]:USE:(crawl train train-any ai-input ai-index search tdm)' \
        '*--agent[product token of the asker; may be repeated]:TOKEN:' \
        '--dialect[how robots.txt is read]:NAME:(rfc9309 google lenient common-crawl cic-legacy cic-fixed all)' \
        '*--policy[the table from decisions to usable]:NAME|FILE:(eu-tdm robots-only open-licence-only strict)' \
        '--as-of[the instant the answer is about\: capture, now, or a date]:WHEN:' \
        '--known-by[only what this index knew at an instant\: now, or a date]:WHEN:' \
        '--since[only what came after an instant\: now, or a date]:WHEN:' \
        '--history[what robots.txt and the like meant over the years, and what changed]' \
        '--from[the earlier side of a comparison\: a date, now, or a snapshot]:WHEN:' \
        '--to[the later side of a comparison\: a date, now, or a snapshot]:WHEN:' \
        '--contradictions[what the files of one host say against each other, use by use]' \
        '--max-age[how old a robots.txt observation may be]:DAYS:' \
        '--all-policies[also measure what the built-in policies would keep]' \
        '--agents-file[a table of AI agents in place of the built-in one]:FILE:_files' \
        '--file[the ledger of requests\: a file of JSON lines that only grows]:FILE:_files' \
        '--id[what the request is called by whoever received it]:ID:' \
        '--scope[what the value names\: one URL, all that start so, a host, a domain]:NAME:(url prefix host domain)' \
        '--received[when the request was received]:DATE:' \
        '--deadline[by when it has to be carried out]:DATE:' \
        '--basis[what the request rests on]:TEXT:' \
        '--format[jsonl, text, none; others for card and export]:NAME:(jsonl text none html md json parquet cdxj cdx zipnum ab2013 ab2013-json croissant croissant-1.0 cyclonedx cyclonedx-1.6 datasheet dcat domains-csv dps eu-summary-html eu-summary-json eu-summary-md huggingface intoto osaid prov spdx all)' \
        '*--out[write to this file; for cards repeatable, the ending gives the format]:FILE:_files' \
        '--tree[keep the tree of the index in this file for the next time]:FILE:_files' \
        '--leaves-max[rows that a proof shows of a URL or host]:N:' \
        '--note[the note beside a card, which the proof then carries]:FILE:_files' \
        '--against[an earlier index\: print the rows added and removed since]:DIR:_directories' \
        '--root[the root that a card prints\: a proof must lead to it]:BASE64:' \
        '--key[the key of a signed note\: private to sign, public to check]:KEY|FILE:' \
        '--table[which rows jsonl and parquet hold\: pages, hosts or signals]:NAME:(pages hosts signals)' \
        '--duckdb[DuckDB'\''s library libduckdb.so, which writes Parquet]:FILE:_files' \
        '--about[what people say of the dataset, a TOML file]:FILE:_files' \
        '--about-template[print an about file with every question, to be filled in]' \
        '--check[read the forms of a card back\: do they state the same figures]:DIR:_directories' \
        '--score[weigh what an EU summary answers, and name what is missing]:FILE:_files' \
        '--fact[print one fact of a card and nothing else]:ID:' \
        '--date[the date on the card; that of the latest capture without it]:DATE:' \
        '--man[print the man page]' \
        '--completions[print the completions for a shell]:SHELL:(bash zsh fish)' \
        '--jobs[worker threads; as many as there are cores without it]:N:' \
        '--progress[how progress is shown on standard error]:WHEN:(auto bar json none)' \
        '--log-format[how messages on standard error look]:NAME:(text json)' \
        '--config[read flags from a TOML file]:FILE:_files' \
        '--help[-h for one screen, --help for everything]' \
        '--version[print version and build, then end]' \
        '*:file:_files' ;;
  esac
}
_crawlcard "$@"
