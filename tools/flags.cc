#include "tools/flags.h"

#include <array>

namespace crawlcard::tools {
namespace {

// clang-format off
constexpr auto kFlags = std::to_array<Flag>({
    {"index", "DIR", FlagKind::kText, "Index",
     "the index directory",
     "A directory that holds the index. `ingest` makes it when it does not exist; one process may "
     "write to it at a time, any number may read.",
     "", "", "ingest --index idx crawl.warc.gz"},
    {"with-ledger", "", FlagKind::kSwitch, "Index",
     "also show when each file was ingested",
     "Adds the ledger to a dump: when each file was sealed and by which version. These are no "
     "facts, so two equal indexes may differ in them.",
     "", "", "dump --index idx --with-ledger"},
    {"leaves", "", FlagKind::kSwitch, "Index",
     "print the rows as the leaves of the tree that a card commits to",
     "Each line is the text that is hashed: key, key before it, facts. The hashes of the lines, "
     "put together as in RFC 6962, give the root that cards print (docs/formats/proof.md).",
     "", "", "dump --index idx --leaves"},
    {"partitions", "N", FlagKind::kCount, "Index",
     "databases that a new index is split into",
     "Rows are shared out by registrable domain; each partition has a writer of its own. Fixed "
     "when the index is made: 1 without this flag. What is read does not depend on it.",
     "", "", "ingest --index idx --partitions 16 @paths.gz"},
    {"memory", "MIB", FlagKind::kCount, "Index",
     "memory that an open index may use, in MiB",
     "Bounds caches, write buffers and the rows of a bulk build together. Inputs of any size work "
     "with any value from 128 on (the least that is taken); more makes large ones faster.",
     "1024", "", "ingest --index idx --memory 4096 @paths.gz"},
    {"archive", "DIR", FlagKind::kText, "Index",
     "the directory that the names of the index's files are relative to",
     "Where `verify` finds the archive files, each under the name that the index knows it by.",
     "", "", "verify --index idx --archive /data"},
    {"sample", "N", FlagKind::kCount, "Index",
     "look at one record in about N, and at the sizes of files alone",
     "Which ones follows from their keys: two runs look at the same. Else files are read whole.",
     "", "", "verify --index idx --archive /data --sample 1000"},

    {"into", "DIR", FlagKind::kText, "Index",
     "the index that takes what the others hold",
     "Made when it does not exist: with --partitions, else as many as the widest of the others.",
     "", "", "merge --into all idx0 idx1 idx2"},
    {"bulk", "WHEN", FlagKind::kText, "Index",
     "sort rows outside the index first: auto, always, never",
     "A bulk build sorts rows in memory and in temporary files and hands the index finished files, "
     "which need no compaction; but nothing of a portion (16 GiB of input) is seen before all of "
     "it is read. `auto` does so from 256 MiB of input on. The rows are the same.",
     "auto", "auto|always|never", "ingest --index idx --bulk always crawl/"},

    {"base", "DIR", FlagKind::kText, "Input",
     "name files relative to this directory",
     "A file's name in the index is its path from crawl-data/ on where the path contains that, "
     "else relative to this directory, else its base name. A directory given as an input is its "
     "own base.",
     "", "", "ingest --index idx --base /data /data/a/crawl.warc.gz"},
    {"replace", "", FlagKind::kSwitch, "Input",
     "let a different file take the place of a known one",
     "The ledger knows a file by name, size and XXH3-128. A different file under a known name is "
     "refused; with this flag the rows of the old one are taken out first.",
     "", "", "ingest --index idx --replace crawl.warc.gz"},
    {"language", "MODE", FlagKind::kText, "Input",
     "where page languages come from",
     "`archive` takes the annotation in the archive's metadata records alone; `sample` also looks "
     "at a bounded sample of the visible text, then at the lang attribute; `off` records none.",
     "sample", "archive|sample|off", "extract --language archive crawl.warc.gz"},
    {"verify-digests", "", FlagKind::kSwitch, "Input",
     "compare payloads with the digests that the archive claims",
     "Computes the digest of each payload. A payload that does not have the digest its record "
     "claims gets the note warc.digest_mismatch.",
     "", "", "extract --verify-digests crawl.warc.gz"},

    {"shard", "I/N", FlagKind::kText, "Workers",
     "this worker's share of N, counted from 0; auto/N asks the batch system",
     "Line L of a listing belongs to the worker whose I is the rest of L divided by N; publishers "
     "are shared out by registrable domain, so that one worker has all hosts of a site. Each "
     "worker writes an index and a directory of its own. auto/N takes I from SLURM_ARRAY_TASK_ID, "
     "JOB_COMPLETION_INDEX, AWS_BATCH_JOB_ARRAY_INDEX, SLURM_PROCID, OMPI_COMM_WORLD_RANK or "
     "PMI_RANK, auto+K/N and auto-K/N move it; auto takes the total from there too, where there is "
     "one. Sources that disagree are refused.",
     "0/1", "", "ingest --index idx0 --shard auto/16 @warc.paths.gz"},
    {"publish", "DIR", FlagKind::kText, "Workers",
     "copy the finished index to this directory, whole and once",
     "Where all workers see it. The index appears as part-IIIII-of-NNNNN by one rename when every "
     "file of the share is in; a part that is there already ends the work at once, and of two "
     "workers with one part the second loses nothing. `merge` makes one index of the parts.",
     "", "", "ingest --index /tmp/idx --shard auto/16 --publish parts @warc.paths.gz"},

    {"warc-dir", "DIR", FlagKind::kText, "Crawl",
     "where fetched records go, and the crawl's own state",
     "A directory for the WARC files of a crawl, made when it is missing. `frontier/` below it "
     "holds what is still to be asked for, so that the same command goes on after a crash.",
     "", "", "crawl publishers --warc-dir out --contact https://example.org/bot example.com"},
    {"contact", "URL", FlagKind::kText, "Crawl",
     "who runs the crawl: a URL or mail address; mandatory",
     "Stands in the user agent and in every WARC file. Nothing is fetched without it.",
     "", "", "crawl publishers --warc-dir out --contact bot@example.org example.com"},
    {"stale", "AGE", FlagKind::kText, "Crawl",
     "ask publishers again whose last crawl is older, such as 7d",
     "A number with d, h, m or s. Known publishers are asked again when their plan was finished "
     "longer ago; what did not change becomes a revisit record. Without it they are left alone.",
     "", "", "crawl publishers --warc-dir out --contact bot@example.org --stale 7d @hosts.txt"},
    {"from-index", "", FlagKind::kSwitch, "Crawl",
     "crawl every origin that the index holds",
     "Adds the origins of all captures in the index of --index to those on the command line.",
     "", "", "crawl publishers --warc-dir out --contact bot@a.org --index i --from-index"},
    {"hosts-from", "FILE", FlagKind::kList, "Crawl",
     "publishers to ask, a line each; may be repeated",
     "The same as @FILE among the operands: hosts or URLs, as --unknown-hosts writes them.",
     "", "", "crawl publishers --warc-dir out --contact bot@example.org --hosts-from hosts.txt"},
    {"host-delay", "MS", FlagKind::kCount, "Crawl",
     "milliseconds between two requests to a host",
     "From the end of one answer to the start of the next request. A longer Crawl-delay wins, up "
     "to 60 s; beyond that the host is left alone.",
     "1000", "", "crawl publishers --warc-dir out --contact bot@a.org --host-delay 5000 a.test"},
    {"address-delay", "MS", FlagKind::kCount, "Crawl",
     "milliseconds between two requests to an address",
     "From start to start, whatever hosts share the address.",
     "100", "", "crawl publishers --warc-dir out --contact bot@a.org --address-delay 50 @h"},
    {"in-flight", "N", FlagKind::kCount, "Crawl",
     "requests under way at once, over all hosts",
     "A host is asked one thing at a time whatever this says.",
     "256", "", "crawl publishers --warc-dir out --contact bot@a.org --in-flight 1000 @h.txt"},
    {"timeout", "S", FlagKind::kCount, "Crawl",
     "seconds that one request may take in all",
     "Names, connecting and TLS have ten seconds each within it.",
     "30", "", "crawl publishers --warc-dir out --contact bot@example.org --timeout 10 a.test"},
    {"allow-private", "RANGE", FlagKind::kList, "Crawl",
     "connect to this range although it is not public",
     "Loopback, private, link-local and other special addresses are refused, wherever a name or a "
     "redirect leads. This names a range that is meant, such as 127.0.0.0/8; may be repeated.",
     "", "", "crawl publishers --warc-dir out --contact bot@a.org --allow-private 10.1.0.0/16 h"},
    {"hosts-file", "FILE", FlagKind::kText, "Crawl",
     "addresses of names, as in /etc/hosts",
     "Names in the file get the addresses that stand there; others are looked up as ever.",
     "", "", "crawl publishers --warc-dir out --contact bot@example.org --hosts-file hosts.txt @h"},

    {"mirror", "URL", FlagKind::kText, "Snapshot",
     "where the files of a snapshot are: http, https or file",
     "The root below which crawl-data/ lies. file:///DIR reads a copy on disk and asks nobody.",
     "https://data.commoncrawl.org/", "",
     "crawl snapshot CC-MAIN-2026-40 --index idx --mirror file:///data/cc"},
    {"subset", "NAME", FlagKind::kList, "Snapshot",
     "robotstxt, warc, wat or non200; the first two without it",
     "Which listings of the snapshot are fetched; may be repeated. wat takes the place of warc "
     "where bodies are not wanted.",
     "", "",
     "crawl snapshot CC-MAIN-2026-40 --index idx --contact a@b.org --subset robotstxt"},
    {"limit", "N", FlagKind::kCount, "Snapshot",
     "only the first files of each subset",
     "Counted in the order of the listing, before a shard is taken.",
     "", "", "crawl snapshot CC-MAIN-2026-40 --index idx --contact a@b.org --limit 10"},
    {"rate", "N", FlagKind::kText, "Snapshot",
     "requests per second, over all workers of --budget",
     "A number, fractions too. Refusals of the server pause all requests for longer and longer.",
     "2", "", "crawl snapshot CC-MAIN-2026-40 --index idx --contact a@b.org --rate 0.5"},
    {"budget", "FILE", FlagKind::kText, "Snapshot",
     "share the rate with all workers that name this file",
     "A small file that is made when it is missing, on a disk that all workers see. Without it "
     "each worker has the whole rate for itself.",
     "", "", "crawl snapshot CC-MAIN-2026-40 --index i0 --contact a@b.org --budget job.lease"},
    {"block-pause", "N", FlagKind::kCount, "Snapshot",
     "seconds without a request after a 403",
     "Archives answer 403 to who asks too fast. The pause doubles, up to an hour, and ends with "
     "one request for a small file; only when that is answered does the rest go on.",
     "300", "",
     "crawl snapshot CC-MAIN-2026-40 --index idx --contact a@b.org --block-pause 1800"},
    {"transfers", "N", FlagKind::kCount, "Snapshot",
     "files that are fetched side by side, up to 64",
     "The operator of the archive asks for at most 4 to 8.",
     "4", "", "crawl snapshot CC-MAIN-2026-40 --index idx --contact a@b.org --transfers 2"},
    {"keep", "DIR", FlagKind::kText, "Snapshot",
     "also keep the files that are fetched",
     "Each file is written below the directory under its own path while it is read. A half one "
     "goes on where it broke off; a whole one is used instead of a request.",
     "", "", "crawl snapshot CC-MAIN-2026-40 --index idx --contact a@b.org --keep /data/cc"},
    {"from-cdx", "FILE", FlagKind::kText, "Snapshot",
     "fetch the captures of these CDX lines alone",
     "CDXJ or JSON lines, .gz too. Neighbours in a file are fetched together; the records are "
     "copied into a WARC file in --warc-dir, which is then ingested.",
     "", "", "crawl snapshot --index idx --contact a@b.org --from-cdx a.cdxj --warc-dir out"},
    {"find", "URL|HOST", FlagKind::kList, "Snapshot",
     "fetch only the captures that the crawl's own index has of these",
     "A URL, a host, or `*.` and a host for all hosts below it too. They are looked up in the "
     "ZipNum of the mirror, with some twenty small requests each, and fetched as by --from-cdx.",
     "", "", "crawl snapshot ID --index i --contact a@b.org --find example.org --warc-dir out"},

    {"dataset", "FILE", FlagKind::kList, "Dataset",
     "rows with URLs instead of URLs; may be repeated",
     "A file of rows: JSON lines, CSV, TSV or a text file with a URL a line, each plain, gzip or "
     "zstd, or Parquet. - is standard input. Files are read side by side.",
     "", "", "check --index idx --dataset rows.jsonl.gz"},
    {"rows", "FORMAT", FlagKind::kText, "Dataset",
     "what the rows are; by the name of each file without it",
     "Names end in .jsonl, .ndjson, .json, .csv, .tsv, .txt, .urls, .list or .parquet, and .gz or "
     ".zst after that. Where a name says nothing, rows that begin with a brace are JSON and others "
     "are text. How a file is packed is seen from its bytes.",
     "", "jsonl|csv|tsv|text|parquet", "check --index idx --dataset - --rows csv < rows.csv"},
    {"url-field", "NAME", FlagKind::kText, "Dataset",
     "the field or column that holds the URL",
     "A name, or a JSON pointer such as /metadata/url for a field inside of another.",
     "url", "", "filter --index idx --dataset a.jsonl --url-field /metadata/url --out b.jsonl"},
    {"date-field", "NAME", FlagKind::kText, "Dataset",
     "the field that says when the row was captured",
     "RFC 3339 and shorter forms of it, 14 digits, an HTTP date, seconds or milliseconds since "
     "1970. With --as-of capture a row is asked about as of this date; a row without one as of the "
     "latest capture of its URL.",
     "", "", "check --index idx --dataset a.jsonl --date-field timestamp"},
    {"tokens-field", "NAME", FlagKind::kText, "Dataset",
     "the field that holds a number of tokens",
     "Counted in the summary. Without it tokens are estimated from --text-field.",
     "", "", "filter --index idx --dataset a.jsonl --tokens-field token_count --out b.jsonl"},
    {"text-field", "NAME", FlagKind::kText, "Dataset",
     "the field that holds the text, to estimate tokens by",
     "Where a row has no number of tokens, a quarter of the bytes of its text is taken.",
     "", "", "filter --index idx --dataset a.jsonl --text-field text --out b.jsonl"},
    {"language-field", "NAME", FlagKind::kText, "Dataset",
     "the field that holds the language, for the summary",
     "Its values are counted as they stand.",
     "", "", "filter --index idx --dataset a.jsonl --language-field lang --out b.jsonl"},
    {"signals", "WHICH", FlagKind::kText, "Dataset",
     "which signals decide: all, or those of the host alone",
     "`host` leaves out what pages themselves say, looks no page up, and is many times faster.",
     "all", "all|host", "check --index idx --dataset urls.txt --signals host"},
    {"unknown-hosts", "FILE", FlagKind::kText, "Dataset",
     "write the hosts that the index knows nothing of, a line each",
     "Hosts whose files were never observed. `crawl publishers --hosts-from FILE` asks them.",
     "", "", "check --index idx --dataset urls.txt --unknown-hosts hosts.txt"},
    {"summary", "FILE", FlagKind::kText, "Dataset",
     "also write the summary as JSON to this file",
     "Rows, bytes and tokens by reason, family, agent, operator, domain and language.",
     "", "", "check --index idx --dataset urls.txt --summary summary.json"},
    {"top", "N", FlagKind::kCount, "Dataset",
     "how many domains and languages a summary names",
     "Those that lose most rows.",
     "20", "", "filter --index idx --dataset a.jsonl --top 100 --out b.jsonl"},
    {"marginal", "", FlagKind::kSwitch, "Dataset",
     "also count what each agent, family and rule takes away",
     "For each policy: what an agent, a family or a rule removes, and what only it removes.",
     "", "", "check --index idx --dataset a.jsonl --agent GPTBot,CCBot --marginal"},
    {"dates", "RANGE", FlagKind::kText, "Dataset",
     "dates of a curve, such as 2016-01..2026-11/month",
     "Years, months or days, or a range of them with a step (/year, /month, /day); each stands for "
     "its last second. What would have been lost then; of a study, in place of its own dates.",
     "", "", "check --index idx --dataset a.jsonl --dates 2016..2026/year --summary s.json"},
    {"ranks", "FILE", FlagKind::kText, "Dataset",
     "domains with their ranks, to count by popularity",
     "A CSV of a domain and a rank a line, in either order. Counts are given for the first 1k, "
     "10k, 50k, 100k, 1M and 2M, each with all before it, and for all.",
     "", "", "study agent-naming --index idx --ranks top.csv"},

    {"use", "USE", FlagKind::kText, "Question",
     "what the pages would be used for",
     "The use that the question is about: crawl, train, train-any, ai-input, ai-index, search or "
     "tdm. docs/formats/signals.md says which signal speaks about which use.",
     "train", "crawl|train|train-any|ai-input|ai-index|search|tdm",
     "check --index idx --use search https://www.example.org/"},
    {"agent", "TOKEN", FlagKind::kList, "Question",
     "product token of the asker; may be repeated",
     "The user-agent product token of whoever asks, such as GPTBot. Repeat it, or separate tokens "
     "by commas, for several. The default is a crawler that no group of a robots.txt names.",
     "*", "", "check --index idx --agent GPTBot,CCBot https://www.example.org/"},
    {"dialect", "NAME", FlagKind::kText, "Question",
     "how robots.txt is read",
     "`rfc9309` is the standard, `google` decides as Google's open-source matcher does, `lenient` "
     "is the careful reading of what is misspelt or ambiguous, `common-crawl` follows that "
     "crawler's defaults, `cic-legacy` and `cic-fixed` the Consent-in-Crisis papers. `robots` also "
     "takes `all`.",
     "rfc9309", "rfc9309|google|lenient|common-crawl|cic-legacy|cic-fixed|all",
     "robots robots.txt --dialect all https://www.example.org/a"},
    {"policy", "NAME|FILE", FlagKind::kList, "Question",
     "the table from decisions to usable",
     "`eu-tdm` keeps what nobody refused; `robots-only` heeds Allow and Disallow alone; "
     "`open-licence-only` asks for an open page licence; `strict` keeps only what was allowed. A "
     "value that contains / or ends in .toml is a file of your own: docs/formats/policy.md. With "
     "--dataset several may be named: the first decides, the summary has the losses under each.",
     "eu-tdm", "eu-tdm|robots-only|open-licence-only|strict",
     "check --index idx --policy strict https://www.example.org/", ".toml"},
    {"as-of", "WHEN", FlagKind::kText, "Question",
     "the instant the answer is about: capture, now, or a date",
     "`capture` takes the signals that were in force when the page was captured, `now` the latest "
     "ones, a date (2026-10-02 or 2026-10-02T11:22:33Z) those in force then.",
     "capture", "", "check --index idx --as-of 2026-10-02 https://www.example.org/"},
    {"known-by", "WHEN", FlagKind::kText, "Question",
     "only what this index knew at an instant: now, or a date",
     "Leaves out the files that this index sealed later (`index info` says when): the answer is "
     "that of an index which was built from the others alone. --as-of is about what publishers had "
     "said, --known-by about what had been read of it.",
     "", "", "check --index idx --known-by 2026-10-02 https://www.example.org/"},
    {"since", "WHEN", FlagKind::kText, "Question",
     "only what came after an instant: now, or a date",
     "`prove` prints the rows that this index learned of since. `takedown manifest` lists what the "
     "requests received from this date on add to the manifest of the day before.",
     "", "", "takedown manifest --index idx --since 2026-10-02"},
    {"history", "", FlagKind::kSwitch, "Question",
     "what robots.txt and the like meant over the years, and what changed",
     "Shows the files of the host's origins as runs of equal meaning: from when to when, how often "
     "they were seen, with which bodies, and at each change what became allowed, disallowed or "
     "preferred otherwise, with a path that proves it. --dialect says how robots.txt is read; "
     "--agent narrows the changes to these agents.",
     "", "", "show --index idx --history --agent GPTBot www.example.org"},
    {"from", "WHEN", FlagKind::kText, "Question",
     "the earlier side of a comparison: a date, now, or a snapshot",
     "At a date the latest observation at or before it counts; of a snapshot (CC-MAIN-2024-10) "
     "those in its files alone.",
     "", "", "diff --index idx --from 2023-06-01 --to now"},
    {"to", "WHEN", FlagKind::kText, "Question",
     "the later side of a comparison: a date, now, or a snapshot",
     "As --from.",
     "", "", "diff --index idx --from CC-MAIN-2024-10 --to CC-MAIN-2026-40"},
    {"contradictions", "", FlagKind::kSwitch, "Question",
     "what the files of one host say against each other, use by use",
     "A contradiction is a refusal in one family and a grant in another for the same use and the "
     "same agent. A rule of robots.txt is about fetching; for an agent of the registry about what "
     "that agent fetches for.",
     "", "", "diff --index idx --contradictions --as-of 2026-10-02"},
    {"max-age", "DAYS", FlagKind::kCount, "Question",
     "how old a robots.txt observation may be",
     "An observation of robots.txt older than this many days before the instant asked about does "
     "not count as looked at. Where it is given it takes the place of the policy's own limit.",
     "365", "", "check --index idx --max-age 30 https://www.example.org/"},
    {"all-policies", "", FlagKind::kSwitch, "Question",
     "also measure what the built-in policies would keep",
     "A card shows what each built-in policy would keep of the same pages. Where that cannot be "
     "read off the decisions of the policy asked for, it is not known; with this flag the index is "
     "scanned once more for each such policy.",
     "", "", "card --index idx --all-policies --out card.html"},
    {"agents-file", "FILE", FlagKind::kText, "Question",
     "a table of AI agents in place of the built-in one",
     "Tab-separated: token, operator, purpose and more, as docs/formats/agents.md has it. It says "
     "which operator and which use a name in a robots.txt speaks about. Facts are always read with "
     "the built-in table; verdicts and cards use this one and name its version.",
     "", "", "check --index idx --agents-file agents.tsv https://www.example.org/"},

    {"file", "FILE", FlagKind::kText, "Takedown",
     "the ledger of requests: a file of JSON lines that only grows",
     "docs/formats/takedown.md describes a line. A directory given to `ingest` is searched for "
     "takedowns.jsonl and *.takedowns.jsonl too.",
     "", "", "takedown list --file takedowns.jsonl"},
    {"id", "ID", FlagKind::kText, "Takedown",
     "what the request is called by whoever received it",
     "Names the request in verdicts, cards and manifests. Once in a ledger.",
     "", "", "takedown add --file l.jsonl --id R-8 --scope host --received 2026-10-02 --deadline "
     "2026-11-02 --basis letter www.example.org"},
    {"scope", "NAME", FlagKind::kText, "Takedown",
     "what the value names: one URL, all that start so, a host, a domain",
     "`url` is one address, `prefix` all addresses of the host that start with it, `host` exactly "
     "that host name, `domain` the name and all hosts below it. http and https are alike.",
     "", "url|prefix|host|domain",
     "takedown add --file l.jsonl --id R-8 --scope domain --received 2026-10-02 --deadline "
     "2026-11-02 --basis letter example.org"},
    {"received", "DATE", FlagKind::kText, "Takedown",
     "when the request was received",
     "It counts from then on: for questions as of an earlier instant it does not.",
     "", "", "takedown add --file l.jsonl --id R-8 --scope domain --received 2026-10-02 --deadline "
     "2026-11-02 --basis letter example.org"},
    {"deadline", "DATE", FlagKind::kText, "Takedown",
     "by when it has to be carried out",
     "Kept and shown; nothing waits for it. A request may have none.",
     "", "", "takedown add --file l.jsonl --id R-8 --scope domain --received 2026-10-02 --deadline "
     "2026-11-02 --basis letter example.org"},
    {"basis", "TEXT", FlagKind::kText, "Takedown",
     "what the request rests on",
     "The law, the contract or the letter, in the words of whoever received it.",
     "", "", "takedown add --file l.jsonl --id R-8 --scope domain --received 2026-10-02 --deadline "
     "2026-11-02 --basis 'Art. 17 GDPR' example.org"},

    {"format", "NAME", FlagKind::kWords, "Output",
     "jsonl, text, none; others for card and export",
     "Text for people is the default on a terminal, one JSON object a line elsewhere. `none` "
     "computes everything and prints only the summary on standard error. A card has many forms, "
     "which docs/formats/card-forms.md describes; it takes several of them, or all, with --out "
     "DIR. An export is jsonl, parquet, cdxj, cdx or zipnum.",
     "",
     "jsonl|text|none|html|md|json|parquet|cdxj|cdx|zipnum|ab2013|ab2013-json|croissant|"
     "croissant-1.0|cyclonedx|cyclonedx-1.6|datasheet|dcat|domains-csv|dps|eu-summary-html|"
     "eu-summary-json|eu-summary-md|huggingface|intoto|osaid|prov|spdx|all",
     "extract --format jsonl crawl.warc.gz"},
    {"out", "FILE", FlagKind::kList, "Output",
     "write to this file; for cards repeatable, the ending gives the format",
     "Writes the result to a file, which is replaced as a whole. `card` takes several: each is "
     "written in the format of its ending (.html, .md, .json), and the summary goes to standard "
     "output. `filter` takes a file, or a directory for the rows of many files.",
     "", "", "card --index idx --out card.html --out card.json"},
    {"tree", "FILE", FlagKind::kText, "Proof",
     "keep the tree of the index in this file for the next time",
     "Without it `prove` reads the whole index for its tree each time. A file that belongs to an "
     "earlier state of the index is replaced. `card` always makes the tree of the rows that it "
     "counts, and leaves it there.",
     "", "", "prove --index idx --tree idx.tree www.example.org"},
    {"leaves-max", "N", FlagKind::kCount, "Proof",
     "rows that a proof shows of a URL or host",
     "A proof that leaves rows out says so: it proves presence, and not how many there are.",
     "100", "", "prove --index idx --leaves-max 10000 www.example.org"},
    {"note", "FILE", FlagKind::kText, "Proof",
     "the note beside a card, which the proof then carries",
     "With a signed note a proof is signed too. It must commit to the tree of this index.",
     "", "", "prove --index idx --note card.note --out proof.json www.example.org"},
    {"against", "DIR", FlagKind::kText, "Proof",
     "an earlier index: print the rows added and removed since",
     "Both roots are printed, so that the cards made of either can be joined.",
     "", "", "prove --index idx --against idx-2026-10"},
    {"root", "BASE64", FlagKind::kText, "Proof",
     "the root that a card prints: a proof must lead to it",
     "Without it a proof is checked against the root that it brings along.",
     "", "", "verify-proof --root Y3Jhd2xjYXJk... proof.json"},
    {"key", "KEY|FILE", FlagKind::kText, "Proof",
     "the key of a signed note: private to sign, public to check",
     "`keygen` makes one. `card` signs with the private key in this file; `verify-proof` takes the "
     "public key itself or a file that holds it.",
     "", "", "verify-proof --key example.org+1a2b3c4d+AQ... card.note"},
    {"table", "NAME", FlagKind::kText, "Output",
     "which rows jsonl and parquet hold: pages, hosts or signals",
     "`pages` has a row a capture, `hosts` one a host with what was fetched of it and what it says "
     "to each --agent, `signals` one a statement.",
     "pages", "pages|hosts|signals", "export --index idx --table hosts --out hosts.parquet"},
    {"duckdb", "FILE", FlagKind::kText, "Output",
     "DuckDB's library libduckdb.so, which writes Parquet",
     "Opened when Parquet is asked for, and not needed for anything else. Without the flag the "
     "variable CRAWLCARD_DUCKDB names it, else it is looked for where the system keeps libraries.",
     "", "", "export --index idx --duckdb ./libduckdb.so --out pages.parquet"},
    {"about", "FILE", FlagKind::kText, "Output",
     "what people say of the dataset, a TOML file",
     "Answers that no archive holds: purpose, licence, contacts, contracts. docs/formats/about.md "
     "lists the questions; what is not answered is printed as \"Not provided\".",
     "", "", "card --index idx --about about.toml --format all --out card"},
    {"about-template", "", FlagKind::kSwitch, "Output",
     "print an about file with every question, to be filled in",
     "Each question is a comment with an example. No index is read.", "", "",
     "card --about-template"},
    {"check", "DIR", FlagKind::kText, "Output",
     "read the forms of a card back: do they state the same figures",
     "Compares every figure in the files of `card --format all --out DIR` with the facts in its "
     "card.json: sentences, tables, values of the machine forms. Reads no index.",
     "", "", "card --check card/"},
    {"score", "FILE", FlagKind::kText, "Output",
     "weigh what an EU summary answers, and name what is missing",
     "Reads eu-summary.json and counts the points that a published review framework gives to each "
     "field that is answered (docs/formats/score.md). Reads no index.",
     "", "", "card --score card/eu-summary.json"},
    {"fact", "ID", FlagKind::kText, "Output",
     "print one fact of a card and nothing else",
     "A number, a date or a text alone; a table as CSV. Every fact of a card names the command "
     "with this flag that gives it again.",
     "", "", "card --index idx --fact pages.count"},
    {"date", "DATE", FlagKind::kText, "Output",
     "the date on the card; that of the latest capture without it",
     "The date that the card carries, such as 2026-10-02. A card never takes the clock's: the same "
     "index and the same flags give the same bytes.",
     "", "", "card --index idx --date 2026-10-02 --out card.html"},

    {"man", "", FlagKind::kSwitch, "Generated text",
     "print the man page",
     "Prints crawlcard.1, made from the same table as this help.",
     "", "", "config --man"},
    {"completions", "SHELL", FlagKind::kText, "Generated text",
     "print the completions for a shell",
     "Prints a completion script made from the same table as this help.",
     "", "bash|zsh|fish", "config --completions bash"},

    {"jobs", "N", FlagKind::kCount, "Common",
     "worker threads; as many as there are cores without it",
     "How many threads work side by side. Results do not depend on it.",
     "", "", "ingest --index idx --jobs 8 crawl/"},
    {"progress", "WHEN", FlagKind::kText, "Common",
     "how progress is shown on standard error",
     "`auto` refreshes one line on a terminal and writes one plain line every 10 s elsewhere; "
     "`bar` always refreshes; `json` writes one JSON object every 10 s; `none` is silent.",
     "auto", "auto|bar|json|none", "ingest --index idx --progress json crawl/"},
    {"log-format", "NAME", FlagKind::kText, "Common",
     "how messages on standard error look",
     "`text` is for people, `json` is one object a line.",
     "text", "text|json", "ingest --index idx --log-format json crawl/"},
    {"config", "FILE", FlagKind::kText, "Common",
     "read flags from a TOML file",
     "Keys are the names of flags without dashes, values are strings, numbers, true and false, or "
     "arrays of strings. A flag on the command line wins over the file.",
     "", "", "ingest --config crawlcard.toml crawl/"},
    {"help", "", FlagKind::kSwitch, "Common",
     "-h for one screen, --help for everything",
     "With -h the flags on one screen, with --help what each does, its default and an example.",
     "", "", "check --help"},
    {"version", "", FlagKind::kSwitch, "Common",
     "print version and build, then end",
     "Prints the version, the build type and the versions of formats that this build writes.",
     "", "", "--version"},
});
// clang-format on

}  // namespace

std::span<const Flag> Flags() {
  return kFlags;
}

}  // namespace crawlcard::tools
