"""The HTML pages that Cairn writes, in Chromium: `browser.py PAGE...` opens each and checks that it
loads nothing, that nothing is logged, that it fits into 360 px, that its text stands out in light
and dark, and that it can be used by keyboard. Drives Debian's chromedriver by its HTTP interface
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

    def run(self, script):
        """What the JavaScript function body returns."""
        return self.call("POST", "/execute/sync", {"script": script, "args": []})

    def emulate(self, width=1100, scheme="light"):
        for command, parameters in (
                ("Emulation.setDeviceMetricsOverride",
                 {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}),
                ("Emulation.setEmulatedMedia",
                 {"features": [{"name": "prefers-color-scheme", "value": scheme}]})):
            self.call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

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


CONTRAST = """
  const box = document.createElement("canvas")
    .getContext("2d", { willReadFrequently: true });
  const light = color => { box.fillStyle = color; box.fillRect(0, 0, 1, 1);
    return [...box.getImageData(0, 0, 1, 1).data].slice(0, 3).map(v => v / 255)
      .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
      .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0); };
  const style = getComputedStyle(document.body), page = light(style.backgroundColor);
  return ["--ink", "--soft"].map(name => { document.body.style.color = `var(${name})`;
    const text = light(getComputedStyle(document.body).color); document.body.style.color = "";
    return (Math.max(text, page) + 0.05) / (Math.min(text, page) + 0.05); });
"""
PAGE_COLOR = "return getComputedStyle(document.body).backgroundColor"


def check_any_page(browser, path):
    name = path.name
    check(f"{name}: smaller than 1 MB", path.stat().st_size < 1e6, path.stat().st_size)
    for width in (360, 1100):
        browser.emulate(width)
        browser.open(path)
        wide = browser.run("return document.documentElement.scrollWidth")
        check(f"{name}: fits into {width} px", wide <= width, f"{wide} px")
    colors = []
    for scheme in ("light", "dark"):
        browser.emulate(scheme=scheme)
        browser.open(path)
        contrast = browser.run(CONTRAST)
        check(f"{name}: text stands out ({scheme})", min(contrast) >= 4.5, contrast)
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


def check_report(browser, path):
    browser.emulate()
    browser.open(path)
    said = "return document.getElementById('said').textContent"
    before = browser.run(said)
    browser.press(".tokens button", RIGHT)
    check(f"{path.name}: arrow keys move along the sentence", browser.run(said) != before)


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
