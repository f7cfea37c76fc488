// card/html_style.cc - the look of the HTML card: system fonts, one measure, light, dark and print.
#include "card/render_html.h"

namespace crawlcard::card {

namespace {

constexpr std::string_view kStyle = R"css(
:root {
  --paper: #ffffff; --ink: #1c2127; --soft: #55606b; --rule: #d9dee3; --tint: #f4f6f8;
  --link: #1a5a96; --bar: #3d6f9e; --refusal: #b3503c; --grant: #3f7d57; --mixed: #96701f;
  color-scheme: light dark;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14181c; --ink: #e4e8ec; --soft: #a3adb7; --rule: #333b43; --tint: #1c2228;
    --link: #8cbdec; --bar: #6fa3d4; --refusal: #e0806b; --grant: #74b78d; --mixed: #cfa654;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: auto; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 0 1rem 4rem; max-width: 72rem; background: var(--paper);
    color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: break-word;
}
a { color: var(--link); text-underline-offset: .15em; text-decoration-thickness: .06em; }
a:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .3rem .6rem; z-index: 1; }
h1, h2, h3 { line-height: 1.2; text-wrap: balance; }
h1 { font-size: clamp(1.8rem, 1.4rem + 2vw, 2.6rem); letter-spacing: -.015em;
  margin: 2.5rem 0 .4rem; }
h2 { font-size: 1.4rem; letter-spacing: -.01em; margin: 0 0 .9rem; }
h3 { font-size: 1rem; margin: 0 0 .35rem; }
p { max-width: 44rem; margin: 0 0 1rem; }
.lead { color: var(--soft); font-size: 1.05rem; }
.figures {
  display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); column-gap: 1.4rem;
  margin: 1.6rem 0 1.4rem; border-top: 2px solid var(--ink);
}
@media (min-width: 46rem) { .figures { grid-template-columns: repeat(4, minmax(0, 1fr)); } }
.figures > div { padding: .8rem 0; border-bottom: 1px solid var(--rule); }
.figures dt { font-size: .85rem; }
.figures dt a { color: var(--soft); }
.figures dd { margin: 0; }
.figures strong { display: block; font-size: 1.45rem; line-height: 1.3; letter-spacing: -.01em; }
.figures span { color: var(--soft); font-size: .85rem; display: block; line-height: 1.35; }
nav ol {
  list-style: none; padding: 0; margin: 0; display: flex; flex-wrap: wrap; gap: .3rem 1.1rem;
  font-size: .92rem;
}
section { border-top: 1px solid var(--rule); margin-top: 2.4rem; padding-top: 1.8rem; }
figure { margin: 0 0 1.8rem; max-width: 44rem; }
figcaption { font-weight: 600; font-size: .95rem; margin-bottom: .5rem; }
svg.chart { display: block; overflow: hidden; }
figure + table { margin-top: -.2rem; }
svg.chart text { font-size: 13px; fill: var(--ink); }
svg.chart .value { fill: var(--soft); }
.bar { fill: var(--bar); }
.bar.refusal { fill: var(--refusal); }
.bar.grant { fill: var(--grant); }
.bar.mixed { fill: var(--mixed); }
.axis { fill: var(--soft); }
table { border-collapse: collapse; width: 100%; margin: 0 0 1.6rem; font-size: .92rem; }
table.small { max-width: 44rem; }
caption { text-align: left; font-weight: 600; padding: 0 0 .5rem; font-size: .95rem; }
th, td { text-align: left; vertical-align: top; padding: .38rem .9rem .38rem 0; }
th:last-child, td:last-child { padding-right: 0; }
thead th {
  font-weight: 500; color: var(--soft); font-size: .85rem; vertical-align: bottom;
  border-bottom: 1px solid var(--ink); overflow-wrap: normal;
}
tbody th { font-weight: 400; }
tbody tr { border-bottom: 1px solid var(--rule); }
.n { text-align: right; }
td.n { white-space: nowrap; }
.foreign { overflow-wrap: anywhere;
  font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .92em; }
.how { font-weight: 400; font-size: .82rem; white-space: nowrap; }
.note, .absent { font-size: .9rem; color: var(--soft); }
.note { margin-top: -1.1rem; }
.absent strong { color: var(--ink); }
.definitions { display: grid; grid-template-columns: repeat(auto-fit, minmax(19rem, 1fr));
  gap: 1.6rem 2.4rem; }
.definitions article { font-size: .92rem; min-width: 0; }
.definitions article:target { background: var(--tint); box-shadow: 0 0 0 .6rem var(--tint); }
.definitions p { margin-bottom: .5rem; }
.definitions dl { margin: 0; color: var(--soft); font-size: .88rem; }
.definitions dt { display: inline; font-weight: 600; }
.definitions dt::after { content: ": "; }
.definitions dd { display: inline; margin: 0; }
abbr {
  text-decoration: none; font-size: .75rem; font-weight: 600; border: 1px solid var(--rule);
  border-radius: 3px; padding: 0 .3rem; color: var(--soft); vertical-align: .1em;
}
footer { border-top: 1px solid var(--rule); margin-top: 2.4rem; padding-top: 1rem;
  color: var(--soft); font-size: .88rem; }
@media (max-width: 46rem) {
  table.wide, table.wide tbody, table.wide tr, table.wide th, table.wide td { display: block; }
  table.wide caption { display: block; }
  table.wide thead { position: absolute; width: 1px; height: 1px; overflow: hidden;
    clip-path: inset(50%); }
  table.wide tr {
    display: grid; grid-template-columns: repeat(auto-fill, minmax(5.9rem, 1fr)); gap: .25rem .8rem;
    padding: .6rem 0;
  }
  table.wide tbody th { grid-column: 1 / -1; padding: 0; font-weight: 600; }
  table.wide tbody td { padding: 0; text-align: left; white-space: normal; }
  table.wide tbody td::before {
    content: attr(data-label); display: block; color: var(--soft); font-size: .78rem;
      line-height: 1.3;
  }
  .definitions { grid-template-columns: minmax(0, 1fr); }
}
@media print {
  :root {
    --paper: #ffffff; --ink: #000000; --soft: #444444; --rule: #bbbbbb; --tint: #ffffff;
      --link: #000000;
    --bar: #4a6f94; --refusal: #a34a38; --grant: #3f7d57; --mixed: #8a6a22;
  }
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav, .skip, .how { display: none; }
  a { text-decoration: none; }
  h2, h3, caption, figcaption { break-after: avoid; }
  figure, tr, article, .figures > div { break-inside: avoid; }
  thead { display: table-header-group; }
  .bar, .axis { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  @page { margin: 16mm 14mm; }
}
)css";

}  // namespace

std::string_view HtmlStyle() {
  return kStyle;
}

}  // namespace crawlcard::card
