"""The HTML pages that Cairn writes, in Chromium: `browser.py PAGE...` opens each and checks that it
loads nothing, that nothing is logged, that it fits into 360 px with no text cut off, that every
text stands out as it is drawn, in light and dark and when chosen or hovered over, that charts are
labelled, and that it can be used by keyboard. Drives Debian's chromedriver by its HTTP interface
(W3C WebDriver); Python's standard library is enough. Prints a line a check, and a summary as CTest
does; exit code 1 if a check failed."""
import json
import pathlib
import subprocess
import sys
import urllib.request

ENTER, DOWN, RIGHT, LEFT = "\ue007", "\ue015", "\ue014", "\ue012"


class Browser:
    def __init__(self):
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL, text=True)
        port = None
        for line in self.driver.stdout:  # "ChromeDriver was started successfully on port 41234."
            if "started successfully on port" in line:
                port = line.split()[-1].rstrip(".")
                break
        if not port:
            raise SystemExit("browser.py: chromedriver does not start")
        self.url = f"http://127.0.0.1:{port}/session"
        self.session = ""
        capabilities = {
            "goog:chromeOptions": {"args": ["--headless=new", "--no-sandbox", "--disable-gpu"]},
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}
        try:
            answer = self.call("POST", "", {"capabilities": {"alwaysMatch": capabilities}})
        except BaseException:
            self.driver.terminate()
            raise
        self.session = "/" + answer["sessionId"]

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + self.session + path, data, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def close(self):
        try:
            self.call("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait()

    def open(self, path):
        self.call("POST", "/url", {"url": path.resolve().as_uri()})

    def run(self, script, *args):
        """What the JavaScript function body returns; `arguments` are the args."""
        return self.call("POST", "/execute/sync", {"script": script, "args": args})

    def cdp(self, command, **parameters):
        return self.call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def emulate(self, width=1100, scheme="light", height=800, scale=1):
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height,
                 deviceScaleFactor=scale, mobile=False)
        self.cdp("Emulation.setEmulatedMedia",
                 features=[{"name": "prefers-color-scheme", "value": scheme}])

    def press(self, selector, *keys):
        """Focuses an element and types the keys."""
        self.run(f"document.querySelector({json.dumps(selector)}).focus()")
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "k", "actions": actions}]})

    def log(self, kind):
        return self.call("POST", "/se/log", {"type": kind})


passed = failed = 0


def check(name, good, found=""):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    print(("ok      " if good else "FAILED  ") + name + ("" if good else f": {found}"))


LUMINANCE = """
  const linear = Array.from({length: 256}, (_, i) => i / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const luminance = (d, i) => 0.2126 * linear[d[i]] + 0.7152 * linear[d[i + 1]] + 0.0722 * linear[d[i + 2]];
  const contrast = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
"""

# [contrast, word] of all words that are seen, the worst first: how far a word's pixels are from
# those of the same page with its text left out. So whatever lies over or under the text counts.
WORDS = LUMINANCE + """
  const [shown, blank, scale] = arguments;
  const load = shot => createImageBitmap(
    new Blob([Uint8Array.from(atob(shot), c => c.charCodeAt(0))]));
  return Promise.all([load(shown), load(blank)]).then(images => {
    const found = [], box = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
    const pixels = (image, r) => { box.canvas.width = r.width * scale; box.canvas.height = r.height * scale;
      box.drawImage(image, -r.x * scale, -r.y * scale);
      return box.getImageData(0, 0, box.canvas.width, box.canvas.height).data; };
    const add = (element, r, word) => {
      const hit = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);
      if (r.width < 1 || !element.contains(hit)) return;   // scrolled away, or under another part
      const [a, b] = images.map(image => pixels(image, r));
      let most = 1;
      for (let i = 0; i < a.length; i += 4) most = Math.max(most, contrast(luminance(a, i), luminance(b, i)));
      found.push([most, word]); };
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = new Range();
    for (let node; node = texts.nextNode();)
      for (const word of node.data.matchAll(/[\\p{L}\\p{N}]\\S*/gu)) {
        range.setStart(node, word.index); range.setEnd(node, word.index + word[0].length);
        const r = range.getClientRects()[0];
        if (r && node.parentElement.checkVisibility()) add(node.parentElement, r, word[0]); }
    for (const e of document.querySelectorAll("input, select"))
      add(e, e.getBoundingClientRect(), e.placeholder || e.value);
    return found.sort((a, b) => a[0] - b[0]); });
"""
BLANK = """
  const style = document.createElement("style");
  style.textContent = "*, ::placeholder { color: transparent !important; -webkit-text-fill-color: " +
    "transparent !important } svg text { fill: transparent !important }";
  document.head.append(style);
"""
# What a page looks like only under the mouse or the keyboard's focus, it looks like now.
HOVER = """
  for (const sheet of document.styleSheets)
    for (const rule of [...sheet.cssRules])
      if (/:(hover|active|focus)\\b/.test(rule.selectorText))
        sheet.insertRule(rule.cssText.replace(/:(hover|active|focus)\\b/g, ""), sheet.cssRules.length);
"""
# The contrast of what is drawn in each colour of the pages to the page.
COLORS = LUMINANCE + """
  const box = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
  const light = name => { document.body.style.color = `var(${name})`;
    box.fillStyle = getComputedStyle(document.body).color; document.body.style.color = "";
    box.fillRect(0, 0, 1, 1); return luminance(box.getImageData(0, 0, 1, 1).data, 0); };
  return ["--s0", "--s1", "--s2", "--s3", "--s4", "--s5", "--heat"]
    .map(name => [contrast(light(name), light("--page")), name]).sort((a, b) => a[0] - b[0]);
"""
# Boxes that hide a part of their content at the right; of those that scroll, only what is wider
# than a telephone by its nature may: a timeline, a tree, a table of more than ten columns.
CUT = """
  const may = e => e.matches("#timeline, #graph, #table");
  return [...document.querySelectorAll("body *")].filter(e => e.scrollWidth > e.clientWidth + 1 &&
      getComputedStyle(e).overflowX !== "visible" && !e.closest("select, input, svg") && !may(e))
    .map(e => `${e.tagName} ${e.id || e.className}: ${e.textContent.trim().slice(0, 40)}`);
"""
# Texts of charts that reach out of their chart, that lie on one another, or are too small to read.
CHART_TEXTS = """
  const faults = [];
  for (const svg of document.querySelectorAll("svg")) {
    const outer = svg.getBoundingClientRect(), seen = [];
    for (const text of svg.querySelectorAll("text")) {
      const r = text.getBoundingClientRect(), size = parseFloat(getComputedStyle(text).fontSize) *
        (svg.viewBox.baseVal?.width ? outer.width / svg.viewBox.baseVal.width : 1);
      if (r.left < outer.left - 1 || r.right > outer.right + 1 || r.top < outer.top - 1 || r.bottom > outer.bottom + 1)
        faults.push(text.textContent + " is cut");
      if (size < 9) faults.push(text.textContent + " has " + size.toFixed(1) + " px");
      for (const other of seen)
        if (r.left < other.right - 1 && other.left < r.right - 1 && r.top < other.bottom - 3 && other.top < r.bottom - 3)
          faults.push(text.textContent + " lies on another text");
      seen.push(r);
    }
  }
  return faults;
"""
# Charts with axes, of which not both have a name.
NAMELESS = """
  return [...document.querySelectorAll("svg")].filter(svg => svg.querySelector(".axis") &&
      svg.querySelectorAll("text.name").length < 2).map(svg => svg.ariaLabel ?? svg.parentElement.id);
"""
PAGE_COLOR = "return getComputedStyle(document.body).backgroundColor"


def check_contrast(browser, name, path, prepare=""):
    """Every text, in light and dark, after the script `prepare`."""
    for scheme in ("light", "dark"):
        browser.emulate(1000, scheme)
        browser.open(path)
        browser.run(HOVER + prepare)
        height = browser.run("return document.documentElement.scrollHeight")
        browser.emulate(1000, scheme, height, 3)

        def shot():
            return browser.cdp("Page.captureScreenshot")["data"]

        shown = shot()
        browser.run(BLANK)
        words = browser.run(WORDS, shown, shot(), 3)
        check(f"{name} stands out, {len(words)} words ({scheme})",
              words and words[0][0] >= 4.5, words[:3])


def check_any_page(browser, path):
    name = path.name
    check(f"{name}: smaller than 1 MB", path.stat().st_size < 1e6, path.stat().st_size)
    for width in (360, 1100):
        browser.emulate(width)
        browser.open(path)
        wide = browser.run("return document.documentElement.scrollWidth")
        check(f"{name}: fits into {width} px", wide <= width, f"{wide} px")
        for what, script in (("nothing is cut off", CUT), ("charts' texts are whole", CHART_TEXTS),
                             ("axes have names", NAMELESS)):
            faults = browser.run(script)
            check(f"{name}: {what} ({width} px)", not faults, faults[:5])
    check_contrast(browser, f"{name}: text", path)
    colors = []
    for scheme in ("light", "dark"):
        browser.emulate(scheme=scheme)
        browser.open(path)
        worst = browser.run(COLORS)[0]
        check(f"{name}: lines and marks stand out ({scheme})", worst[0] >= 3, worst)
        colors.append(browser.run(PAGE_COLOR))
        browser.press("#theme", ENTER)
        colors.append(browser.run(PAGE_COLOR))
    check(f"{name}: follows the system's theme", colors[0] != colors[2], colors)
    check(f"{name}: the button gives the other theme",
          colors[1] == colors[2] and colors[3] == colors[0], colors)
    nameless = browser.run("""return [...document.querySelectorAll("button, select, input")]
        .filter(e => !(e.textContent.trim() || e.ariaLabel || e.labels?.length)).length""")
    check(f"{name}: every control has a name", nameless == 0, nameless)


def check_trace(browser, path):
    name = path.name
    browser.emulate()
    browser.open(path)

    def column(number):
        return browser.run(f"""return [...document.querySelectorAll(
            "#table td:nth-child({number})")].map(cell => cell.textContent)""")

    before = column(1)
    browser.press('#table [data-column="op"]', ENTER)
    check(f"{name}: Enter sorts the table by op", column(1) == sorted(before), column(1))
    browser.press('#table [data-column="op"]', ENTER)
    check(f"{name}: Enter again, the other way round",
          column(1) == sorted(before, reverse=True), column(1))
    check(f"{name}: the order is told to screen readers", browser.run(
        "return document.querySelector('#table [aria-sort=descending]')?.textContent")[:2] == "op")

    ops = browser.run("return JSON.parse(document.getElementById('trace').textContent).events.length")
    shares = [float(share.split()[0]) for share in column(5)]
    check(f"{name}: the shares sum to 100 %", abs(sum(shares) - 100) < 0.1 * len(shares), shares)
    browser.run("grouping.value = 'event'; grouping.onchange()")
    check(f"{name}: the table has a row an op", len(column(1)) == ops, len(column(1)))
    browser.press("#filter", *"linear")
    check(f"{name}: typing filters it", 0 < len(column(1)) < ops
          and all("linear" in op for op in column(1)), column(1))
    browser.press("#table tbody tr", DOWN, ENTER)
    detail = "return document.getElementById('detail').textContent"
    check(f"{name}: a row is chosen by keyboard", "linear" in browser.run(detail),
          browser.run(detail))

    browser.press("#timeline", "\ue011", RIGHT)  # Home
    check(f"{name}: arrow keys walk along the timeline", browser.run(detail).startswith("#1 "),
          browser.run(detail))
    width = "return document.querySelector('#timeline svg').width.baseVal.value"
    narrow = browser.run(width)
    browser.press("#timeline", "+")
    check(f"{name}: + changes its scale", browser.run(width) > 1.9 * narrow, browser.run(width))

    rows = "return document.querySelectorAll('#graph .row').length"
    at_first = browser.run(rows)
    browser.press("#graph .row", LEFT)
    closed = browser.run(rows)
    browser.press("#graph .row[tabindex='0']", RIGHT)
    check(f"{name}: left closes a module of the graph, right opens it",
          closed < at_first == browser.run(rows), (at_first, closed))
    check(f"{name}: the graph has arcs", browser.run(
        "return document.querySelectorAll('#graph .arc').length") > 0)
    check(f"{name}: the roofline has its roof and circles", browser.run(
        "return document.querySelectorAll('#roofline circle').length * "
        "document.querySelectorAll('#roofline .roof').length") > 0)
    check(f"{name}: the memory has four bands", browser.run(
        "return document.querySelectorAll('#held polygon').length") == 4)
    above = browser.run("""
        const roof = Math.min(...document.querySelector("#roofline .roof").getAttribute("points")
          .split(/[ ,]/).filter((_, i) => i % 2).map(Number));
        return [...document.querySelectorAll("#roofline circle")]
          .filter(circle => circle.cy.baseVal.value < roof - 0.11).length;""")
    check(f"{name}: no op is above the roof", above == 0, above)
    rest = browser.run("""return ["step", "outside"].filter(kind =>
        !document.querySelector(`#timeline rect.${kind}`));""")
    check(f"{name}: bars for the optimiser and for what is outside ops", not rest, rest)
    narrow = browser.run("""return ["roofline", "held"].filter(id => { const box = document.getElementById(id);
        return box.querySelector("svg[role=img]").getBoundingClientRect().width < box.clientWidth - 1; });""")
    check(f"{name}: the charts use the width", not narrow, narrow)
    title = browser.run("return document.querySelector('h1').textContent")
    check(f"{name}: no path in the title", "/" not in title, title)
    check_contrast(browser, f"{name}: the chosen op", path, """
        grouping.value = "event"; grouping.onchange();
        for (let row; row = document.querySelector("#graph [aria-expanded=false]");) row.click();
        document.querySelector("#graph [data-i='0']").click();
        document.getElementById("graph").scrollTop = 0;""")


def check_report(browser, path):
    browser.emulate()
    browser.open(path)
    said = "return document.getElementById('said').textContent"
    before = browser.run(said)
    browser.press(".tokens button", RIGHT)
    check(f"{path.name}: arrow keys move along the sentence", browser.run(said) != before)
    check_contrast(browser, f"{path.name}: the chosen token and those it attends to most", path, """
        const rows = [...document.querySelectorAll(".tokens button")], T = rows.length;
        const data = JSON.parse(document.getElementById("attention").textContent).heads;
        const most = weights => Math.max(...weights);
        head.value = data.findIndex(h => most(h) === most(data.map(most)));
        head.onchange();
        rows[Math.floor(data[head.value].indexOf(most(data[head.value])) / T)].click();""")
    wrong, mistakes = browser.run("""
        const cells = caption => [...document.querySelectorAll("table")].find(table =>
          table.caption?.textContent.includes(caption))?.querySelectorAll("td") ?? [];
        const all = [...cells("on the whole test set")].map(cell => Number(cell.textContent));
        return [all.filter((_, i) => i % (Math.sqrt(all.length) + 1)).reduce((a, b) => a + b, 0),
          [...cells("Ten sentences")].filter(cell => cell.textContent.includes("\u2717")).length];""")
    check(f"{path.name}: the sentences show mistakes, if there are some",
          (mistakes > 0) == (wrong > 0), (wrong, mistakes))
    unlabelled = browser.run("""
        const tokens = [...document.querySelectorAll(".tokens button")].map(b => b.textContent);
        const said = JSON.stringify([...tokens, ...tokens].sort());
        return [...document.querySelectorAll(".heads svg")].filter(svg => said !==
          JSON.stringify([...svg.querySelectorAll("text")].map(t => t.textContent).sort())).length""")
    check(f"{path.name}: each map of a head names its rows and columns", unlabelled == 0, unlabelled)


def check_quiet(browser, pages):
    messages = [m["message"] for m in browser.log("browser")]
    check("nothing is logged to the console", not messages, messages)
    own = {page.resolve().as_uri() for page in pages} | {"data:,"}
    asked = set()
    for entry in browser.log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            asked.add(message["params"]["request"]["url"])
    check("nothing is loaded but the pages", asked <= own and len(asked) >= len(pages), asked - own)


def main():
    pages = [pathlib.Path(page) for page in sys.argv[1:]]
    browser = Browser()
    try:
        for page in pages:
            check_any_page(browser, page)
            text = page.read_text()
            if "id=trace>" in text:
                check_trace(browser, page)
            if "id=attention>" in text:
                check_report(browser, page)
        check_quiet(browser, pages)
    finally:
        browser.close()
    total = passed + failed
    print(f"{100 * passed // total}% tests passed, {failed} tests failed out of {total}")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
