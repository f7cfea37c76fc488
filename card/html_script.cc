// card/html_script.cc - the one script of the HTML card: sort, search, fold, look, print.
#include "card/html_parts.h"

namespace crawlcard::card {
namespace {

constexpr std::string_view kScript = R"js(
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const make = (tag, props) => Object.assign(document.createElement(tag), props);

  // The look: as the system says, light, dark.
  const looks = ["auto", "light", "dark"];
  const theme = make("button", {type: "button", className: "theme", textContent: "Look: auto"});
  theme.addEventListener("click", () => {
    const next = looks[(looks.indexOf(root.dataset.theme || "auto") + 1) % looks.length];
    if (next === "auto") delete root.dataset.theme; else root.dataset.theme = next;
    theme.textContent = "Look: " + next;
  });
  document.querySelector(".top").append(theme);

  // Paper has no buttons: every detail is open on it.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const one of closed) one.open = true;
  });
  addEventListener("afterprint", () => { for (const one of closed) one.open = false; });

  const folded = 10, searched = 8;
  const keyOf = (cell) => {
    const data = cell.querySelector("data");
    return data ? Number(data.value) : cell.textContent.trim().toLowerCase();
  };
  // Numbers first, then words; those without a number last.
  const order = (a, b) => typeof a !== typeof b ? (typeof a === "number" ? -1 : 1)
      : a < b ? -1 : a > b ? 1 : 0;

  for (const table of document.querySelectorAll("table")) {
    const body = table.tBodies[0];
    const given = [...body.rows];
    if (given.length < 2) continue;
    let rows = given, whole = given.length <= folded + 2, words = "";
    const status = make("span", {role: "status"});
    const all = make("button", {type: "button", className: "all"});

    const show = () => {
      let found = 0, shown = 0;
      for (const row of rows) {
        const hit = row.textContent.toLowerCase().includes(words);
        found += hit;
        row.hidden = !hit || (!whole && !words && shown >= folded);
        shown += !row.hidden;
      }
      status.textContent = words ? found + " of " + rows.length + " rows" : "";
      all.hidden = whole || words !== "";
      all.textContent = "Show all " + rows.length + " rows";
    };

    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = make("button", {type: "button", textContent: head.textContent});
      head.textContent = "";
      head.append(button);
      button.addEventListener("click", () => {
        const before = head.getAttribute("aria-sort");
        const first = head.classList.contains("n") ? "descending" : "ascending";
        const second = first === "ascending" ? "descending" : "ascending";
        const next = !before ? first : before === first ? second : null;
        for (const one of heads) one.removeAttribute("aria-sort");
        rows = [...given];
        if (next) {
          head.setAttribute("aria-sort", next);
          const sign = next === "ascending" ? 1 : -1;
          const keys = new Map(rows.map((row) => [row, keyOf(row.cells[column])]));
          rows.sort((a, b) => {
            const x = keys.get(a), y = keys.get(b);
            return typeof x === typeof y ? sign * order(x, y) : order(x, y);
          });
        }
        body.append(...rows);
        show();
      });
    });

    if (given.length > searched) {
      const input = make("input", {type: "search", autocomplete: "off"});
      const label = make("label", {});
      label.append("Search ", make("span", {className: "sr",
        textContent: table.caption.textContent.trim()}), input);
      const tools = make("div", {className: "tools"});
      tools.append(label, status);
      table.caption.append(tools);
      input.addEventListener("input", () => { words = input.value.trim().toLowerCase(); show(); });
    }
    table.after(all);
    all.addEventListener("click", () => { whole = true; show(); });
    show();
  }
})();
)js";

}  // namespace

std::string_view HtmlScript() {
  return kScript;
}

}  // namespace crawlcard::card
