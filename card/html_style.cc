// card/html_style.cc - the look of the HTML card: system fonts, one accent colour, light, dark and
// print. Read html_script.cc for the classes that exist only while the script runs.
#include "card/html_parts.h"

namespace crawlcard::card {
namespace {

constexpr std::string_view kStyle = R"css(
:root {
  --paper: #ffffff; --ink: #1a1f24; --soft: #56606a; --rule: #d9dee3; --tint: #f4f6f7;
  --accent: #0b5f7d; --strong: #3c4650; --mid: #7b8590;
  color-scheme: light;
}
:root[data-theme="dark"] {
  --paper: #121619; --ink: #e5e8ea; --soft: #a3acb4; --rule: #313940; --tint: #1b2126;
  --accent: #6fc1dd; --strong: #c2c9cf; --mid: #828d97;
  color-scheme: dark;
}
@media (prefers-color-scheme: dark) {
  :root:not([data-theme="light"]) {
    --paper: #121619; --ink: #e5e8ea; --soft: #a3acb4; --rule: #313940; --tint: #1b2126;
    --accent: #6fc1dd; --strong: #c2c9cf; --mid: #828d97;
    color-scheme: dark;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 1rem; }
body {
  margin: 0 auto; padding: 0 1rem 4rem; max-width: 82rem; background: var(--paper);
  color: var(--ink); overflow-wrap: break-word; font-variant-numeric: tabular-nums;
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
a { color: var(--accent); text-underline-offset: .15em; text-decoration-thickness: .06em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .4rem .7rem; z-index: 2; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }
h1, h2, h3 { line-height: 1.2; margin: 0; text-wrap: balance; }
h1 { font-size: clamp(1.75rem, 1.4rem + 1.6vw, 2.4rem); font-weight: 650; letter-spacing: -.02em; }
h2 { font-size: 1.35rem; font-weight: 650; letter-spacing: -.012em; margin-bottom: .9rem; }
h3 { font-size: .95rem; font-weight: 600; }
p { max-width: 44rem; margin: 0 0 .6rem; }
button, input { font: inherit; color: inherit; }
code { font: .86em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
  overflow-wrap: anywhere; }
.nb { white-space: nowrap; }
.run code { display: block; padding: .5rem .7rem; background: var(--tint); border-radius: 4px; }

header > h1 { padding-top: 2.2rem; }
section > h3 { margin: 1.3rem 0 .35rem; }
.top { display: flex; gap: 1rem; align-items: baseline; justify-content: space-between;
  padding-top: 2.2rem; }
.kind { color: var(--accent); font-weight: 600; font-size: .85rem; letter-spacing: .02em;
  margin: 0 0 .3rem; }
.lead { color: var(--soft); margin: .4rem 0 0; }
.top { flex-wrap: wrap; }
.top > div { flex: 1 1 16rem; min-width: 0; }
h1, .lead { overflow-wrap: anywhere; }
.theme { flex: none; background: none; border: 1px solid var(--rule); border-radius: 999px;
  padding: .3rem .8rem; font-size: .85rem; color: var(--soft); cursor: pointer; }
.theme:hover { border-color: var(--soft); color: var(--ink); }

.figures { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); column-gap: 1.5rem;
  margin: 1.6rem 0 1.6rem; border-top: 2px solid var(--ink); }
@media (min-width: 44rem) { .figures { grid-template-columns: repeat(4, minmax(0, 1fr)); } }
.figures > div { padding: .75rem 0 .7rem; border-bottom: 1px solid var(--rule); min-width: 0; }
.figures > div:has(details[open]) { grid-column: 1 / -1; }
.figures dt { font-size: .85rem; color: var(--soft); }
.figures dd { margin: 0; }
.figures strong { display: block; font-size: 1.5rem; line-height: 1.25; font-weight: 600;
  letter-spacing: -.015em; }
.figures dd > span { color: var(--soft); font-size: .85rem; display: block; line-height: 1.35; }

nav ol { list-style: none; padding: 0; margin: 0; font-size: .92rem; columns: 2;
  column-gap: 1.5rem; }
nav li { break-inside: avoid; }
nav a { display: block; padding: .22rem 0; text-decoration: none; }
nav a:hover { text-decoration: underline; }
@media (min-width: 44rem) { nav ol { columns: 3; } }

section { border-top: 1px solid var(--rule); margin-top: 2.2rem; padding-top: 1.5rem; }
.pair, .block { margin: 0 0 1.9rem; }
.pair > .block { margin: 0; }
figure { margin: 0 0 1.2rem; max-width: 44rem; min-width: 0; }
figcaption { margin-bottom: .55rem; display: flex; flex-wrap: wrap; column-gap: .8rem;
  align-items: baseline; }
figcaption a { font-size: .85rem; }
svg.chart { display: block; overflow: hidden; }
svg.chart text { font-size: 13px; fill: var(--ink); }
svg.chart .small { font-size: 10px; }
svg.chart .value, svg.chart .tick { fill: var(--soft); }
.bar { fill: var(--accent); }
.bar.refusal { fill: var(--strong); }
.bar.mixed { fill: var(--mid); }
.axis { fill: var(--mid); }
.key { display: flex; flex-wrap: wrap; gap: .1rem 1rem; margin: .2rem 0 0; font-size: .83rem;
  color: var(--soft); }
.key i { display: inline-block; width: .9rem; height: 6px; margin: 0 .4rem .15rem 0;
  background: var(--accent); }
.key .refusal { background: var(--strong); }
.key .mixed { background: var(--mid); }

table { border-collapse: collapse; width: 100%; font-size: .9rem; }
table.small { max-width: 44rem; }
caption { text-align: left; padding: 0 0 .45rem; }
th, td { text-align: left; vertical-align: top; padding: .32rem 1rem .32rem 0; }
th:last-child, td:last-child { padding-right: 0; }
thead th { font-weight: 500; color: var(--soft); font-size: .83rem; vertical-align: bottom;
  border-bottom: 1px solid var(--ink); overflow-wrap: normal; }
tbody th { font-weight: 400; min-width: 7rem; }
td:not(.n) { min-width: 4.5rem; }
tbody tr { border-bottom: 1px solid var(--rule); }
.js tbody tr:hover { background: var(--tint); }
.n { text-align: right; }
td.n, td.d { white-space: nowrap; }
.foreign { overflow-wrap: anywhere; font-size: .92em;
  font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
thead button { background: none; border: 0; padding: 0; margin: 0; font: inherit; color: inherit;
  text-align: inherit; cursor: pointer; min-height: 1.5rem; position: relative;
  padding-right: .95em; }
thead button::after { content: "\2195"; position: absolute; right: 0; bottom: .1em; }
thead [aria-sort="ascending"] button::after { content: "\2191"; }
thead [aria-sort="descending"] button::after { content: "\2193"; }
thead [aria-sort] { color: var(--ink); }
.tools { display: flex; flex-wrap: wrap; gap: .3rem .8rem; align-items: center;
  margin: .4rem 0 .15rem; font-size: .85rem; color: var(--soft); }
.tools label { display: flex; gap: .5rem; align-items: center; }
.tools input { width: 13rem; max-width: 60vw; padding: .25rem .5rem; background: var(--paper);
  border: 1px solid var(--mid); border-radius: 4px; }
.all { background: none; border: 0; padding: .35rem 0; font-size: .88rem; color: var(--accent);
  cursor: pointer; text-decoration: underline; text-underline-offset: .15em; }
.note, .absent { font-size: .88rem; color: var(--soft); }
.note { margin: .5rem 0 .1rem; }
.absent { margin: 0; }
.absent h3 { color: var(--ink); margin-bottom: .3rem; }

.how { font-size: .85rem; color: var(--soft); margin: .4rem 0 0; max-width: 44rem; }
.how > summary { cursor: pointer; width: fit-content; padding: .1rem 0; list-style: none; }
.how > summary::-webkit-details-marker { display: none; }
.how > summary .word { text-decoration: underline dotted; text-underline-offset: .2em; }
.how > summary:hover { color: var(--ink); }
.how[open] { border-left: 2px solid var(--accent); padding-left: .8rem; }
.how p { margin: .35rem 0; }
.how b { font-weight: 600; color: var(--ink); }
.how code { color: var(--ink); background: var(--tint); padding: .05rem .25rem;
  border-radius: 3px; }
abbr { text-decoration: none; font-size: .72rem; font-weight: 600; border: 1px solid var(--mid);
  border-radius: 3px; padding: 0 .28rem; color: var(--soft); }

.definitions { display: grid;
  grid-template-columns: repeat(auto-fit, minmax(min(19rem, 100%), 1fr));
  gap: 1.5rem 2.2rem; margin-top: 1.2rem; }
.definitions article { font-size: .9rem; min-width: 0; }
.definitions article:target { background: var(--tint); box-shadow: 0 0 0 .6rem var(--tint); }
.definitions h3 { margin-bottom: .3rem; }
.definitions dl { margin: 0; color: var(--soft); font-size: .88rem; }
.definitions dt { display: inline; font-weight: 600; }
.definitions dt::after { content: ": "; }
.definitions dd { display: inline; margin: 0; }
footer { border-top: 1px solid var(--rule); margin-top: 2.2rem; padding-top: 1rem;
  color: var(--soft); font-size: .88rem; }

@media screen and (min-width: 72rem) {
  .frame { display: grid; grid-template-columns: 12.5rem minmax(0, 1fr); column-gap: 3rem; }
  nav { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow-y: auto;
    padding: 1.6rem 0; }
  nav ol { columns: 1; }
  main > section:first-child { margin-top: 0; }
  .pair { display: grid; grid-template-columns: minmax(0, 20rem) minmax(0, 1fr);
    column-gap: 2.6rem; align-items: start; }
}
@media screen and (max-width: 44rem) {
  table.wide, table.wide tbody, table.wide tr, table.wide th, table.wide td,
  table.wide caption { display: block; }
  table.wide tr[hidden] { display: none; }
  table.wide thead { position: absolute; width: 1px; height: 1px; overflow: hidden;
    clip-path: inset(50%); }
  .js table.wide thead { position: static; width: auto; height: auto; clip-path: none;
    display: block; border-bottom: 1px solid var(--ink); padding-bottom: .3rem; }
  .js table.wide thead tr { display: flex; flex-wrap: wrap; gap: .1rem 1rem; }
  .js table.wide thead th { padding: 0; border: 0; }
  table.wide tbody tr { display: grid; padding: .55rem 0; gap: .25rem .8rem;
    grid-template-columns: repeat(auto-fill, minmax(5.8rem, 1fr)); }
  table.wide tbody th { grid-column: 1 / -1; padding: 0; font-weight: 600; }
  table.wide tbody td { padding: 0; text-align: left; white-space: normal; }
  table.wide tbody td::before { content: attr(data-label); display: block; color: var(--soft);
    font-size: .78rem; line-height: 1.3; }
}
@media print {
  :root, :root[data-theme="dark"], :root:not([data-theme="light"]) {
    --paper: #ffffff; --ink: #000000; --soft: #444444; --rule: #c4c4c4; --tint: #ffffff;
    --accent: #0b5f7d; --strong: #3c4650; --mid: #7b8590;
    color-scheme: light;
  }
  @page { size: A4; margin: 15mm 14mm 16mm; }
  body { max-width: none; padding: 0; font-size: 9.5pt; line-height: 1.4; }
  .pair, .pair > .block { margin-bottom: 1rem; }
  nav, .skip, .theme, .tools, .all, .how > summary, .how .long, figcaption a { display: none; }
  .top { padding-top: 0; }
  a { color: inherit; text-decoration: none; }
  section { margin-top: 1.2rem; padding-top: .9rem; }
  h2, h3, caption, figcaption { break-after: avoid; }
  figure, tr, article, .figures > div, .absent { break-inside: avoid; }
  figure, svg.chart { max-width: 130mm; }
  table { font-size: 8.5pt; }
  tr[hidden] { display: table-row; }
  th, td { padding-top: .18rem; padding-bottom: .18rem; }
  td.n { white-space: normal; }
  td.n data, td.n bdi { white-space: nowrap; }
  thead th, .note, .absent { font-size: 8pt; }
  th, td { padding-right: .6rem; }
  tbody th { min-width: 0; }
  thead { display: table-header-group; break-inside: avoid; break-after: avoid; }
  thead button { display: contents; }
  thead button::after { content: none; }
  .figures { grid-template-columns: repeat(4, minmax(0, 1fr)); }
  .figures > div:has(details[open]) { grid-column: auto; }
  .figures .how { display: none; }
  .how, .how[open] { border: 0; padding: 0; font-size: 8pt; }
  .how::details-content { content-visibility: visible; display: block; height: auto; }
  .how p { margin: .1rem 0; }
  .how .cmd { display: none; }
  .bar, .axis, .key i { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .definitions { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .7rem 1.6rem; }
}
)css";

}  // namespace

std::string_view HtmlStyle() {
  return kStyle;
}

}  // namespace crawlcard::card
