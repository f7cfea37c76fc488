#!/usr/bin/env python3
"""The HTML card in a headless browser: widths, looks, words of charts, sort, search, print.

Skips without a browser. With CRAWLCARD_PICTURES=DIR it leaves pictures and the PDF there.
"""

import json
import os
import re
import shutil
import subprocess
import sys

import browser
import cli

WIDTHS = (360, 800, 1440)
PICTURES = os.environ.get("CRAWLCARD_PICTURES")
WHEN = ["--as-of", "2026-11-02", "--date", "2026-11-02", "--all-policies"]


def page(scratch):
    index = os.path.join(scratch, "idx")
    path = os.path.join(scratch, "card.html")
    if not os.path.exists(index):
        cli.run("ingest", "--index", index, "--progress", "none", "--format", "none", cli.SAMPLE,
                expect=0)
    cli.run("card", "--index", index, "--out", path, *WHEN, expect=0)
    return "file://" + path


def quiet(chromium):
    """Nothing was asked for but the file, and nothing was complained about."""
    asked = {one["request"]["url"] for one in chromium.seen("Network.requestWillBeSent")}
    assert len(asked) == 1 and all(url.startswith("file://") for url in asked), asked
    for method in ("Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled"):
        assert not chromium.seen(method), chromium.seen(method)


# Elements with text whose box leaves the page, or which lie on another's text.
OUTSIDE = """(() => {
  const wide = document.documentElement.clientWidth, out = [];
  for (const one of document.querySelectorAll("body *")) {
    const box = one.getBoundingClientRect();
    const hidden = getComputedStyle(one).clipPath !== "none" || one.closest(".sr, .skip, thead");
    if (box.width && !hidden && (box.right > wide + 1 || box.left < -1)) {
      out.push(one.tagName + " " + one.textContent.slice(0, 60));
    }
  }
  const texts = [...document.querySelectorAll("svg.chart")].map((svg) =>
      [...svg.querySelectorAll("text")].map((text) => [text, text.getBoundingClientRect()]));
  for (const list of texts) {
    list.forEach(([a, x], i) => list.slice(i + 1).forEach(([b, y]) => {
      if (x.left < y.right - 1 && y.left < x.right - 1 && x.top < y.bottom - 2 &&
          y.top < x.bottom - 2) out.push(a.textContent + " on " + b.textContent);
    }));
  }
  return out;
})()"""


def test_nothing_is_cut_at_any_width(scratch):
    url = page(scratch)
    with browser.Browser() as chromium:
        for width in WIDTHS:
            for dark in (False, True):
                chromium.show(width, dark=dark, mobile=width < 500)
                chromium.open(url)
                cli.equal(chromium.run("document.documentElement.scrollWidth"), width, "width")
                cli.equal(chromium.run(OUTSIDE), [], f"outside at {width}")
                quiet(chromium)
                chromium.run("document.querySelectorAll('details').forEach((d) => d.open = true); "
                             "document.querySelectorAll('.all').forEach((b) => b.click())")
                cli.equal(chromium.run(OUTSIDE), [], f"outside at {width}, all open")
                if PICTURES:
                    name = f"card-{width}-{'dark' if dark else 'light'}.png"
                    chromium.open(url)
                    tall = chromium.run("document.documentElement.scrollHeight")
                    chromium.picture(os.path.join(PICTURES, name),
                                     {"x": 0, "y": 0, "width": width, "height": min(tall, 12000)})


def test_names_of_any_length_are_not_cut(scratch):
    """Hosts of 250 letters, wide letters, a title of one long word, names that are markup."""
    warc, index = os.path.join(scratch, "names.warc"), os.path.join(scratch, "names")
    hosts = [".".join([letter * 63] * 3) + ".example" for letter in "dwi"]
    hosts += ["W" * 30 + ".example", "xn--80ak6aa92e.example", "<script>.example",
              "\u202eb.example", "\u65e5\u672c\u8a9e" * 4 + ".example", "-a.b-c_d.example"]
    with open(warc, "wb") as file:
        for i, host in enumerate(hosts):
            body = (f"HTTP/1.1 200 OK\r\nContent-Type: {'x' * 50}/{'y' * 50}{i}\r\n\r\n" +
                    "body " * (i + 1)).encode()
            file.write("\r\n".join([
                "WARC/1.0", "WARC-Type: response", "WARC-Date: 2026-10-01T00:00:00Z",
                f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{i:012d}>",
                f"WARC-Target-URI: http://{host}/", f"Content-Length: {len(body)}",
                "Content-Type: application/http; msgtype=response", "", ""]).encode() +
                body + b"\r\n\r\n")
    about = os.path.join(scratch, "names.toml")
    with open(about, "w", encoding="utf-8") as file:
        file.write(f'[dataset]\ntitle = "<b>{"Wortteil" * 30}"\nversion = "{"9" * 200}"\n')
    cli.run("ingest", "--index", index, "--progress", "none", "--format", "none", warc, expect=0)
    path = os.path.join(scratch, "names.html")
    cli.run("card", "--index", index, "--about", about, "--out", path, *WHEN, expect=0)
    with browser.Browser() as chromium:
        for width in WIDTHS:
            chromium.show(width, mobile=width < 500)
            chromium.open("file://" + path)
            cli.equal(chromium.run("document.documentElement.scrollWidth"), width, "width")
            chromium.run("document.querySelectorAll('details').forEach((d) => d.open = true); "
                         "document.querySelectorAll('.all').forEach((b) => b.click())")
            cli.equal(chromium.run(OUTSIDE), [], f"outside at {width}")
            made = "document.querySelectorAll('h1 b, td script').length"
            cli.equal(chromium.run(made), 0, "elements of a name")
            quiet(chromium)


def test_the_public_summary_is_not_cut(scratch):
    page(scratch)
    out = os.path.join(scratch, "forms")
    about = os.path.join(cli.ROOT, "tests/data/golden/card/about.toml")
    cli.run("card", "--index", os.path.join(scratch, "idx"), "--about", about, *WHEN,
            "--format", "eu-summary-html,json", "--out", out, expect=0)
    with browser.Browser() as chromium:
        for width in WIDTHS:
            for dark in (False, True):
                chromium.show(width, dark=dark, mobile=width < 500)
                chromium.open("file://" + os.path.join(out, "eu-summary.html"))
                wide = chromium.run("document.documentElement.scrollWidth")
                cli.equal(wide, width, "width")
                cli.equal(chromium.run(OUTSIDE), [], f"outside at {width}")
                cli.equal(chromium.run(CONTRAST), [], f"dark={dark}")
                quiet(chromium)


CONTRAST = """(() => {
  const parts = (text) => text.match(/[0-9.]+/g).map(Number);
  const light = (c) => { const [r, g, b] = c.map((v) => {
    v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
    return .2126 * r + .7152 * g + .0722 * b; };
  const ground = (one) => { for (; one; one = one.parentElement) {
    const c = parts(getComputedStyle(one).backgroundColor);
    if (c.length < 4 || c[3] > 0) return c.slice(0, 3); } return [255, 255, 255]; };
  const low = [];
  for (const one of document.querySelectorAll("body *")) {
    const own = [...one.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!own || one.closest("script, title, desc")) continue;
    const style = getComputedStyle(one);
    const ink = parts(one instanceof SVGElement ? style.fill : style.color).slice(0, 3);
    const [x, y] = [light(ink), light(ground(one))].sort((a, b) => b - a);
    const ratio = (x + .05) / (y + .05);
    if (ratio < 4.5) low.push(one.tagName + "." + one.className + " " + ratio.toFixed(2) + " " +
                              one.textContent.slice(0, 40));
  }
  return low;
})()"""


def test_contrast(scratch):
    url = page(scratch)
    with browser.Browser() as chromium:
        grounds = set()
        for dark in (False, True):
            chromium.show(1440, dark=dark)
            chromium.open(url)
            chromium.run("document.querySelectorAll('details').forEach((d) => d.open = true)")
            cli.equal(chromium.run(CONTRAST), [], f"dark={dark}")
            grounds.add(chromium.run("getComputedStyle(document.body).backgroundColor"))
        cli.equal(len(grounds), 2, "looks")
        # The button goes round: as the system says, light, dark.
        seen = []
        for _ in range(3):
            chromium.run("document.querySelector('.theme').click()")
            seen.append(chromium.run("getComputedStyle(document.body).backgroundColor"))
            cli.equal(chromium.run(CONTRAST), [], "after the button")
        assert seen[0] != seen[1] and seen[1] == seen[2], seen


WORDS = """(() => {
  const wrong = [];
  const say = (one, why) => wrong.push(why + ": " + one.outerHTML.slice(0, 120));
  let level = 0;
  for (const one of document.querySelectorAll("h1,h2,h3,h4")) {
    const next = Number(one.tagName[1]);
    if (next > level + 1) say(one, "a level is left out");
    level = next;
  }
  if (document.querySelectorAll("h1").length !== 1) wrong.push("one h1");
  for (const svg of document.querySelectorAll("svg")) {
    const named = svg.getAttribute("aria-labelledby").split(" ").every((id) =>
        document.getElementById(id) && document.getElementById(id).textContent.trim());
    if (svg.getAttribute("role") !== "img" || !named) say(svg, "a chart without words");
    const figure = svg.closest("figure");
    const table = document.querySelector(figure.querySelector("figcaption a").hash + " table");
    if (!table) { say(figure, "a chart without a table"); continue; }
    // What the chart shows stands in its table: labels in a row, numbers in the same row.
    const rows = [...table.tBodies[0].rows].map((row) => row.textContent);
    const texts = [...svg.querySelectorAll("text")].map((text) => text.textContent);
    const colours = new Set([...svg.querySelectorAll(".bar")].filter((bar) =>
        !bar.getAttribute("width").startsWith("0.")).map((bar) => getComputedStyle(bar).fill));
    const key = new Set([...figure.querySelectorAll(".key i")].map(
        (one) => getComputedStyle(one).backgroundColor));
    if (colours.size > 1 && [...colours].some((colour) => !key.has(colour))) {
      say(svg, "a colour that no key explains");
    }
    if (!svg.querySelector(".axis")) {
      for (let i = 0; i + 1 < texts.length; i += 2) {
        const label = texts[i].replace("\\u2026", "").split(": ")[0];
        const value = texts[i + 1].split(" (")[0];
        if (!rows.some((row) => row.includes(label) && row.includes(value))) {
          say(svg, "not in its table: " + texts[i] + " " + texts[i + 1]);
        }
      }
    }
  }
  for (const table of document.querySelectorAll("table")) {
    if (!table.caption || !table.tHead) say(table, "no caption or head");
    for (const head of table.tHead.rows[0].cells) {
      if (head.scope !== "col" || !head.textContent.trim()) say(head, "no name of a column");
    }
    for (const row of table.tBodies[0].rows) {
      if (row.cells[0].scope !== "row") say(row, "no head of a row");
      if (row.cells.length !== table.tHead.rows[0].cells.length) say(row, "cells");
    }
  }
  for (const one of document.querySelectorAll("a[href], button, input, summary")) {
    const name = one.tagName === "INPUT" ? one.labels[0].textContent : one.textContent;
    if (!name.trim()) say(one, "nothing to call it");
  }
  for (const one of document.querySelectorAll("[href^='#']")) {
    if (!document.querySelector(one.hash)) say(one, "leads nowhere");
  }
  for (const one of document.querySelectorAll(".figures dd, table[data-fact]")) {
    const how = (one.tagName === "TABLE" ? one.closest(".block") : one).querySelector(".how");
    if (!how || !how.textContent.includes("--fact " + one.dataset.fact) ||
        !how.querySelector("a[href^='#def-']")) say(one, "no definition or command");
  }
  return wrong;
})()"""


def test_words_for_those_who_do_not_see_it(scratch):
    url = page(scratch)
    with browser.Browser() as chromium:
        chromium.show(1440)
        chromium.open(url)
        cli.equal(chromium.run(WORDS), [], "words")
        assert chromium.run("document.querySelectorAll('svg').length") >= 7
        # The first Tab reaches the way past the contents; then every stop shows where it is.
        stops = []
        for _ in range(6):
            for kind in ("keyDown", "keyUp"):
                chromium.send("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab",
                              windowsVirtualKeyCode=9)
            stops.append(chromium.run("document.activeElement.textContent"))
            assert chromium.run("getComputedStyle(document.activeElement).outlineStyle") != "none"
        cli.equal(stops[0], "Skip to the content", "first stop")
        # Enter opens what a number means.
        chromium.run("document.querySelector('.figures summary').focus()")
        for kind in ("keyDown", "keyUp"):
            chromium.send("Input.dispatchKeyEvent", type=kind, key="Enter", code="Enter",
                          text="\r" if kind == "keyDown" else "", windowsVirtualKeyCode=13)
        assert chromium.run("document.querySelector('.figures details').open"), "Enter"


def test_sort_and_search(scratch):
    url = page(scratch)
    with browser.Browser() as chromium:
        chromium.show(1440)
        chromium.open(url)
        chromium.run("globalThis.t = [...document.querySelectorAll('table')].reduce((a, b) => "
                     "b.tBodies[0].rows.length > a.tBodies[0].rows.length ? b : a); 0")
        column = "[...t.tBodies[0].rows].map((row) => row.cells[0].textContent)"
        given = chromium.run(column)
        assert len(given) > 12, given
        shown = "[...t.tBodies[0].rows].filter((row) => row.checkVisibility()).length"
        cli.equal(chromium.run(shown), 10, "a long table is folded")
        button = "t.tHead.rows[0].cells[0].querySelector('button').click()"
        sort = "t.tHead.rows[0].cells[0].getAttribute('aria-sort')"
        chromium.run(button)
        cli.equal(chromium.run(sort), "ascending", "aria-sort")
        cli.equal(chromium.run(column), sorted(given, key=str.lower), "ascending")
        chromium.run(button)
        cli.equal(chromium.run(sort), "descending", "aria-sort")
        cli.equal([one.lower() for one in chromium.run(column)],
                  sorted(map(str.lower, given), reverse=True), "descending")
        chromium.run(button)
        cli.equal(chromium.run(sort), None, "aria-sort")
        cli.equal(chromium.run(column), given, "as it was")
        # Numbers sort by what they are, not by how they are rounded.
        wrong = chromium.run("""(() => { const wrong = [];
          for (const table of document.querySelectorAll("table")) {
            [...table.tHead.rows[0].cells].forEach((head, at) => {
              if (!head.classList.contains("n") || !head.querySelector("button")) return;
              head.querySelector("button").click();
              const keys = [...table.tBodies[0].rows].map((row) => row.cells[at])
                  .map((cell) => cell.querySelector("data")).filter(Boolean)
                  .map((data) => Number(data.value));
              if (keys.some((key, i) => i && key > keys[i - 1])) wrong.push(head.textContent);
            }); } return wrong; })()""")
        cli.equal(wrong, [], "columns of numbers")
        chromium.open(url)
        chromium.run("globalThis.t = document.querySelector('#facts table'); "
                     "globalThis.i = t.querySelector('input'); i.value = 'Pages.URLs'; "
                     "i.dispatchEvent(new Event('input')); 0")
        cli.equal(chromium.run(shown), 1, "found")
        cli.contains(chromium.run("t.querySelector('[role=status]').textContent"), "1 of ")
        chromium.run("i.value = ''; i.dispatchEvent(new Event('input')); 0")
        cli.equal(chromium.run(shown), 10, "all again")
        chromium.run("t.parentElement.querySelector('.all').click()")
        cli.equal(chromium.run(shown), chromium.run("t.tBodies[0].rows.length"), "unfolded")
        quiet(chromium)


def test_print(scratch):
    url = page(scratch)
    with browser.Browser() as chromium:
        chromium.show(800)
        chromium.open(url)
        chromium.run("dispatchEvent(new Event('beforeprint'))")
        chromium.media("print")
        cli.equal(chromium.run("document.querySelectorAll('details:not([open])').length"), 0,
                  "open")
        cli.equal(chromium.run("[...document.querySelectorAll('tbody tr')].filter((row) => "
                               "!row.checkVisibility()).length"), 0, "rows on paper")
        cli.equal(chromium.run("[...document.querySelectorAll('nav, .theme, .all, input')]"
                               ".filter((one) => one.checkVisibility()).length"), 0, "buttons")
        chromium.run("dispatchEvent(new Event('afterprint'))")
        assert chromium.run("document.querySelectorAll('details[open]').length") == 0
        pdf = os.path.join(PICTURES or scratch, "card.pdf")
        chromium.pdf(pdf)
        with open(pdf, "rb") as file:
            cli.equal(file.read(5), b"%PDF-", "a PDF")
    if shutil.which("pdftotext") is None:
        print("no pdftotext: the words on paper were not read")
        return
    words = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True,
                           timeout=100).stdout.decode()
    pages = words.split("\f")
    spans = [at for at, text in enumerate(pages)
             if re.search(r"\b(run|captures|verdicts)\.[a-z_]+\n", text) and "measured" in text]
    assert len(spans) > 1, "the table of facts spans pages"
    for at in spans:
        assert re.search("Fact +Value +Basis +Name", pages[at]), f"page {at + 1} has no table head"


def test_without_the_script(scratch):
    url = page(scratch)
    with browser.Browser() as chromium:
        chromium.send("Emulation.setScriptExecutionDisabled", value=True)
        for width in WIDTHS:
            chromium.show(width)
            chromium.open(url)
            cli.equal(chromium.send("Page.getLayoutMetrics")["cssContentSize"]["width"], width,
                      "width")
        tree = chromium.send("DOM.getDocument")["root"]["nodeId"]
        hidden = chromium.send("DOM.querySelectorAll", nodeId=tree, selector="tr[hidden], button")
        cli.equal(hidden["nodeIds"], [], "rows hidden, buttons that do nothing")


def test_a_script_of_a_page_would_not_run(scratch):
    """The policy in the file stops what an escape that failed would let in."""
    url = page(scratch)
    path = url.removeprefix("file://")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    evil = "<script>document.title = 'evil'</script><img src='x' onerror=\"document.title='evil'\">"
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace("<main", evil + "<main", 1))
    with browser.Browser() as chromium:
        chromium.open(url)
        cli.equal(chromium.run("document.title"), "Training data card", "title")
        assert chromium.seen("Log.entryAdded"), "the browser says what it stopped"
        assert json.dumps(chromium.seen("Network.requestWillBeSent")).count("file://"), "the file"


if __name__ == "__main__":
    if browser.find() is None:
        print("no Chromium: the HTML card was not looked at")
        sys.exit(77)
    cli.main(globals())
